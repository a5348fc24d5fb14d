"""The board of people in hospital, and the page of one stay.

A name that is searched for is posted, never part of an address. Every look is
written down before anything is shown.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask import Blueprint, Response, after_this_request, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import Permission, find_stay, may
from handoffs.era import on_paper
from handoffs.fee_window import FeeShown, fee_windows_of
from handoffs.history import Act
from handoffs.parties import Ward, wards_of
from handoffs.shown.board import PAGE_ROWS, board_of, whole_board_of
from handoffs.shown.light_cases import light_cases_of
from handoffs.shown.list_csv import board_csv
from handoffs.shown.named import named as named_handoff
from handoffs.shown.overview import Overview, overview_of
from handoffs.shown.unsettled import unsettled_at_a_glance
from handoffs.statement import Side
from handoffs.stays.certification import age_on
from handoffs.stays.stay import Destination
from handoffs.support.log import SupportLine, support_of
from handoffs.tokyo import day_of
from web.context import actor, desk, note_read, now, reading
from web.csrf import set_cookie
from web.handoffs.news import beside, news
from web.handoffs.statement_input import TOPICS, calls_of, claims_of
from web.inputs import typed_day

pages = Blueprint("stays", __name__)

pages.add_app_template_filter(on_paper, "era_day")


@pages.app_template_filter("age")
def _age(born_on: date) -> int:
    return age_on(born_on, day_of(now()))


DONE = {
    "registered": "入院を登録しました。続けて判定項目を入力できます。",
    "assessed": "判定項目を保存し、判定し直しました。",
    "assessed_together": "判定項目を保存し、判定し直しました。"
    "あなたの入力のあいだに別の職員が保存した項目も、そのまま残っています。",
    "date_seen": "退院予定日の変更を確かめたことを記録しました。病院の経過にも残ります。",
    "planned": "退院予定日を変更しました。退院までの期限も合わせて動きました。",
    "tomorrow_early": "退院予定日を変更しました（明日）。計画作成担当には、変更のお知らせが出ます。"
    "12時までに電話でも知らせると、相手が今日の午後に手配できます。",
    "tomorrow": "退院予定日を変更しました（明日）。計画作成担当には、変更のお知らせが出ます。"
    "今日のうちに手配できるように、すぐに電話でも知らせてください。",
    "discharged": "退院を登録しました。",
    "discharge_corrected": "退院の登録を直しました。退院に合わせた引き継ぎも、数え直しました。",
    "discharge_undone": "退院の登録を取り消しました。引き継ぎは、退院を登録する前に戻りました。",
    "away": "外泊・一時退院を登録しました。戻られるまで、期限の通知は止まります。",
    "back": "戻られたことを登録し、期限を数え直しました。",
    "leave_undone": "外泊・一時退院の登録を取り消しました。",
    "corrected": "登録内容を訂正し、判定し直しました。前の内容は経過に残っています。",
    "cancelled": "入院の登録を取り消しました。「取り消した登録」から元に戻せます。",
    "reinstated": "取り消した登録を元に戻しました。",
    "taken_over": "転院してこられた方を受け入れました。判定項目を確かめてください。",
    "transfer_refused": "転院元の病院に返事をしました。",
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
    "amended_together": "登録内容を直し、判定し直しました。"
    "あなたの入力のあいだに別の職員が直した項目も、そのまま残っています。",
    "moved_ward": "病棟を変えました（転棟）。判定し直し、引き継ぎも合わせて動きました。",
    "unchanged": "変わったところはありませんでした。",
    "taken": "担当になりました。",
    "step": "認定までの歩みを記録しました。入院している病院の画面にも出ます。",
    "stated": "連絡の有無を記録しました。",
    "sent": "連絡・送付を記録しました。",
    "attempted": "不在・伝言を記録しました。引き継ぎはまだ終わっていません。",
    "confirmed": "受領を確認しました。",
    "waived": "不要として記録しました。",
    "settled": "別の方法で伝えたことを記録しました。",
    "taken_up": "対応中にしました。期限が来たら、もう一度お知らせします。",
    "declined": "担当ではないと返事をしました。病院が別の送り先に案内します。",
    "rerouted": "送り先を変えました。新しい送り先への連絡を記録してください。",
    "undone": "記録を取り消しました。元の記録も経過に残っています。",
    "opened": "引き継ぎを開きました。",
    "told_outcome": "その後のようすを病院に伝えました。",
    "reason": "事情を記録しました。",
    "proposed": "会議の候補日を相手に挙げました。",
    "chosen": "会議の日時を決めました。",
    "fax_replied": "FAXの返信があったことを記録しました。内容に沿って、次を記録してください。",
    "fax_settled": "別の方法で伝えたことを記録しました。",
    "link_revoked": "リンクを取り消しました。",
    "link_settled": "電話で確かめたことを記録しました。",
    "support_noted": "入退院支援の日付を記録しました。",
    "support_taken_back": "入退院支援の日付の記録を取り消しました。",
    "no_fit": "候補日がどれも合わないと返事をしました。",
}
"""What a page says after an act. Only the key stands in the address."""

CALL_ROWS = 10
"""How many rows of the board, the pressing ones on top, have buttons for a telephone call."""

_WARD, _A_YEAR = "ward", 365 * 24 * 3600
"""Which ward a list was narrowed to last in this browser: a number of a ward, nobody's data."""

_WRITTEN_DOWN = {
    "care_level": "amendments.particulars",
    "application": "amendments.particulars",
    "insured_category": "amendments.particulars",
    "consent_to_contact": "amendments.particulars",
    "care_manager": "plan_offices.choose",
}
"""The page for each fact that the record knows by itself and the tick boxes do not ask."""


@pages.get("/stays")
def board() -> ResponseReturnValue:
    """Show who is in hospital: the ward's board, or an office's clients."""
    return _board("")


@pages.post("/stays")
def search() -> ResponseReturnValue:
    """Show who is in hospital and has a name or kana like this."""
    return _board(request.form.get("search", "")[:60])


@pages.get("/stays/board.csv")
def board_file() -> ResponseReturnValue:
    """Give the whole board out as CSV, by case code."""
    with reading() as session:
        ward_id = chosen_ward(wards_to_choose(session))
        rows = whole_board_of(session, actor(), library=desk().library, now=now(), ward_id=ward_id)
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": len(rows)})
    return csv_answer(board_csv(rows), "board")


def csv_answer(content: bytes, name: str) -> Response:
    """An answer to be kept as a file, called by what it lists and the day."""
    answer = Response(content, content_type="text/csv; charset=utf-8")
    file = f"{name}-{day_of(now())}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def wards_to_choose(session: Session) -> list[Ward]:
    """The wards by which a list can be narrowed down: those of one's own hospital."""
    return wards_of(session, actor().organization_id) if actor().is_hospital else []


def chosen_ward(wards: Sequence[Ward]) -> int | None:
    """The ward that an address asks for, or the last one in this browser, or the reader's own.

    None for all wards: the address says 0, or names none of these. What is chosen is remembered.
    """
    known = {ward.id for ward in wards}
    asked = request.args.get("ward", type=int)
    if asked is None:
        kept = request.cookies.get(_WARD, type=int)
        last = kept if kept == 0 or kept in known else actor().ward_id
        return last if last in known else None
    if known:
        after_this_request(lambda answer: _remembered(answer, asked if asked in known else 0))
    return asked if asked in known else None


def _remembered(answer: Response, ward_id: int) -> Response:
    set_cookie(answer, _WARD, str(ward_id), _A_YEAR)
    return answer


def _board(search: str) -> str:
    page = request.args.get("page", default=1, type=int)
    with reading() as session:
        wards = wards_to_choose(session)
        ward_id = None if search else chosen_ward(wards)
        found = board_of(
            session,
            actor(),
            library=desk().library,
            now=now(),
            ward_id=ward_id,
            search=search,
            page=page,
        )
        everybody = () if search else found.everybody
        light_cases = light_cases_of(session, actor(), everybody)
        unsettled = (
            None
            if search
            else unsettled_at_a_glance(
                session, actor(), everybody, today=day_of(now()), ward_id=ward_id
            )
        )
        about = named_handoff(session, actor(), _about())
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": len(found.rows)})
    return render_template(
        "stays/board.html",
        board=found,
        unsettled=unsettled,
        leaving=() if search else found.leaving,
        light_cases=light_cases,
        wards=wards,
        ward_id=ward_id,
        search=search,
        made_at=now(),
        calls_of=calls_of,
        CALL_ROWS=CALL_ROWS,
        done=DONE.get(request.args.get("done", "")),
        about=about,
        page_rows=PAGE_ROWS,
        **news(),
    )


@pages.get("/stays/<int:stay_id>")
def show(stay_id: int) -> ResponseReturnValue:
    """Show one stay: the decision with its reasons, what is open, what both sides say."""
    return stay_page(stay_id, done=DONE.get(request.args.get("done", "")), about=_about())


def seen(stay_id: int) -> Overview:
    """Read a stay for a page and write down that it was read. Raises NotVisible."""
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
    note_read(Act.STAY_READ, stay_id=stay_id)
    return stay


def fees_of(stay_ids: Collection[int]) -> Mapping[int, FeeShown]:
    """The fee windows of some stays, as far as the reader's own office plans for them."""
    with reading() as session:
        return fee_windows_of(session, actor(), stay_ids, today=day_of(now()))


def _support(stay_id: int) -> SupportLine | None:
    """The steps of 入退院支援加算 of a stay, for its own hospital alone; none after a death."""
    if not may(actor(), Permission.STAY_ASSESS):
        return None
    with reading() as session:
        stay = find_stay(session, actor(), stay_id)
        if stay.destination is Destination.DEATH:
            return None
        return support_of(session, stay, now=now())


def _about() -> int | None:
    """Which handoff an act was about; only its number stands in the address."""
    return request.args.get("about", type=int)


def named(stay: Overview, about: int | None, done: str | None) -> str | None:
    """What was done, with the handoff that it was done to: cards of one day look alike."""
    task = next((one for one in stay.tasks if one.id == about), None)
    if done is None or task is None:
        return done
    return f"「{task.title}」（{task.sender.label} → {task.receiver_name}）　{done}"


def stay_page(
    stay_id: int,
    *,
    done: str | None = None,
    about: int | None = None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """Render the page of a stay, with what was typed into one of its small forms."""
    stay = seen(stay_id)
    return render_template(
        "stays/show.html",
        stay=stay,
        fee=fees_of((stay_id,)).get(stay_id),
        support=_support(stay_id),
        hospital_said=stay.said_by(Side.HOSPITAL),
        office_said=stay.said_by(Side.PLAN_OFFICE),
        claims=claims_of(actor()),
        calls_of=calls_of,
        links_used=desk().links_used,
        topics=TOPICS,
        written_down=_WRITTEN_DOWN,
        done=named(stay, about, done),
        values={"happened_on": typed_day(day_of(now())), **(values or {})},
        errors=errors or {},
        received_on=typed_day(day_of(now())),
        **beside(stay_id),
    )
