"""The board of people in hospital, and the page of one stay.

A name that is searched for is posted, never part of an address. Every look is
written down before anything is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import Permission
from handoffs.board import board_of, unsettled_of
from handoffs.certification import age_on
from handoffs.era import on_paper
from handoffs.history import Act
from handoffs.overview import Overview, overview_of
from handoffs.parties import Ward, wards_of
from handoffs.statement import Side
from handoffs.tokyo import day_of
from web.auth import requires
from web.context import actor, desk, note_read, now, reading
from web.inputs import typed_day
from web.statement_input import TOPICS, claims_of

pages = Blueprint("stays", __name__)

pages.add_app_template_filter(on_paper, "era_day")


@pages.app_template_filter("age")
def _age(born_on: date) -> int:
    return age_on(born_on, day_of(now()))


DONE = {
    "registered": "入院を登録しました。続けて判定項目を入力できます。",
    "assessed": "判定項目を保存し、判定し直しました。",
    "planned": "退院予定日を変更しました。退院までの期限も合わせて動きました。",
    "discharged": "退院を登録しました。",
    "plan_office": "計画作成担当を登録しました。",
    "number_warning": "計画作成担当を登録しました。ただし、入力した事業所番号は最後の桁が"
    "計算と合いません。写し間違いがないか、事業所名を確かめてください。",
    "number_unknown": "計画作成担当を「決まっている」で登録しました。ただし、入力した番号の事業所は"
    "登録されていないため、事業所は空欄です。番号を確かめるか、一覧から選んでください。",
    "number_unknown_warning": "計画作成担当を「決まっている」で登録しました。ただし、入力した番号の"
    "事業所は登録されていないため、事業所は空欄です。最後の桁が計算と合わないので、"
    "写し間違いがないか確かめてください。",
    "amended": "登録内容を直し、判定し直しました。",
    "amended_doubtful": "登録内容を直し、判定し直しました。ただし、認定の有効期限か被保険者区分が、"
    "入院日や年齢と合いません。写し間違いがないか確かめてください。",
    "unchanged": "変わったところはありませんでした。",
    "taken": "担当になりました。",
    "stated": "連絡の有無を記録しました。",
    "sent": "連絡・送付を記録しました。",
    "attempted": "不在・伝言を記録しました。引き継ぎはまだ終わっていません。",
    "confirmed": "受領を確認しました。",
    "waived": "不要として記録しました。",
}
"""What a page says after an act. Only the key stands in the address."""

_WRITTEN_DOWN = {
    "care_level": "amendments.particulars",
    "application": "amendments.particulars",
    "insured_category": "amendments.particulars",
    "consent_to_contact": "amendments.particulars",
    "care_manager": "plan_offices.choose",
}
"""The page for each fact that the record knows by itself and the tick boxes do not ask."""


@pages.get("/stays")
@requires(Permission.STAY_READ)
def board() -> ResponseReturnValue:
    """Show who is in hospital: the ward's board, or an office's clients."""
    return _board("")


@pages.post("/stays")
@requires(Permission.STAY_READ)
def search() -> ResponseReturnValue:
    """Show who is in hospital and has a name or kana like this."""
    return _board(request.form.get("search", "")[:60])


def wards_to_choose(session: Session) -> list[Ward]:
    """The wards by which a list can be narrowed down: those of one's own hospital."""
    return wards_of(session, actor().organization_id) if actor().is_hospital else []


def chosen_ward(wards: Sequence[Ward]) -> int | None:
    """Read the ward that an address asks for; None where it is none of these."""
    ward_id = request.args.get("ward", type=int)
    return ward_id if ward_id in {ward.id for ward in wards} else None


def _board(search: str) -> str:
    page = request.args.get("page", default=1, type=int)
    with reading() as session:
        wards = wards_to_choose(session)
        ward_id = chosen_ward(wards)
        found = board_of(
            session,
            actor(),
            library=desk().library,
            now=now(),
            ward_id=ward_id,
            search=search,
            page=page,
        )
        unsettled = (
            () if search else unsettled_of(session, actor(), library=desk().library, now=now())
        )
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": len(found.rows)})
    return render_template(
        "stays/board.html",
        board=found,
        unsettled=unsettled,
        wards=wards,
        ward_id=ward_id,
        search=search,
    )


@pages.get("/stays/<int:stay_id>")
@requires(Permission.STAY_READ)
def show(stay_id: int) -> ResponseReturnValue:
    """Show one stay: the decision with its reasons, what is open, what both sides say."""
    return stay_page(stay_id, done=DONE.get(request.args.get("done", "")))


def seen(stay_id: int) -> Overview:
    """Read a stay for a page and write down that it was read. Raises NotVisible."""
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
    note_read(Act.STAY_READ, stay_id=stay_id)
    return stay


def stay_page(
    stay_id: int,
    *,
    done: str | None = None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """Render the page of a stay, with what was typed into one of its small forms."""
    stay = seen(stay_id)
    return render_template(
        "stays/show.html",
        stay=stay,
        hospital_said=stay.said_by(Side.HOSPITAL),
        office_said=stay.said_by(Side.PLAN_OFFICE),
        claims=claims_of(actor()),
        topics=TOPICS,
        written_down=_WRITTEN_DOWN,
        done=done,
        values={"happened_on": typed_day(day_of(now())), **(values or {})},
        errors=errors or {},
        received_on=typed_day(day_of(now())),
    )
