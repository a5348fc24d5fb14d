"""入退院支援加算の3日・7日: the hospital's own log of its steps, one tap each, to look at or print.

It lists days that the record holds and the days by which the fee's table wants them. It claims no
fee, reaches no other house, and is written down when it is read.
"""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.history import Act
from handoffs.parties import wards_of
from handoffs.stays.stay import Stay
from handoffs.support.log import FEES, support_log
from handoffs.support.step import SupportKind, note_step, take_back_step
from handoffs.tokyo import day_of
from rules.fees import hospital_table
from web.context import actor, note_read, now, reading
from web.inputs import Posted
from web.stays.acts import Errors, acted
from web.stays.stay_pages import DONE, chosen_ward, stay_page

pages = Blueprint("support_log", __name__)

_ANEW = "画面を開き直してください。"
_LISTS = ("stay", "log")

PAGE_ROWS = 25
"""How many people one page of the log names; whose day is nearest stands on the first."""


@pages.get("/support-log")
def log() -> ResponseReturnValue:
    """Show the log: of those in hospital, or of those who left in the last 31 days."""
    return _log(done=DONE.get(request.args.get("done", "")))


@pages.post("/stays/<int:stay_id>/support-steps")
def noted(stay_id: int) -> ResponseReturnValue:
    """Write down one step: today's with one tap, another day's with the day."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))

    def act(session: Session, stay: Stay) -> None:
        kind = posted.word("support_kind", SupportKind, ask="行ったことを選んでください。")
        on = posted.day("support_on") or day_of(now())
        _finish(posted)
        note_step(session, stay, kind, on, by=actor(), now=now())

    return _acted(stay_id, posted, act, "support_noted")


@pages.post("/stays/<int:stay_id>/support-steps/taken-back")
def taken_back(stay_id: int) -> ResponseReturnValue:
    """Take back a day that was written down by mistake."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))

    def act(session: Session, stay: Stay) -> None:
        step_id = posted.needed_number("step", ask=_ANEW)
        _finish(posted)
        take_back_step(session, stay, step_id, by=actor(), now=now())

    return _acted(stay_id, posted, act, "support_taken_back")


def _finish(posted: Posted) -> None:
    posted.one_of("list", _LISTS, ask=_ANEW, default="stay")
    posted.finish()


def _acted(
    stay_id: int, posted: Posted, act: Callable[[Session, Stay], None], done: str
) -> ResponseReturnValue:
    """Do the act and lead back to where the button stood."""
    from_log = posted.values.get("list") == "log"

    def again(errors: Errors) -> str:
        return stay_page(stay_id, values=posted.values, errors=errors)

    to = url_for("support_log.log", done=done) if from_log else None
    return acted(stay_id, act, again, done=done, to=to)


def _log(*, done: str | None) -> str:
    left, fee = request.args.get("left") == "yes", request.args.get("fee", "")
    fee = fee if fee in FEES else FEES[0]
    with reading() as session:
        wards = wards_of(session, actor().organization_id)
        ward_id = chosen_ward(wards)
        lines = support_log(session, actor(), now=now(), fee=fee, left=left, ward_id=ward_id)
    note_read(Act.EVIDENCE_READ, detail={"fee": fee, "rows": len(lines)})
    table = hospital_table(day_of(now()))
    pages_in_all = max(1, -(-len(lines) // PAGE_ROWS))
    page = min(max(request.args.get("page", default=1, type=int), 1), pages_in_all)
    return render_template(
        "stays/support_log.html",
        lines=lines[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        count=len(lines),
        page=page,
        pages=pages_in_all,
        size=PAGE_ROWS,
        left=left,
        fee=fee,
        wards=wards,
        ward_id=ward_id,
        ward_name=next((ward.name for ward in wards if ward.id == ward_id), "全病棟"),
        table=table,
        unverified=list(table.unverified()),
        made_at=now(),
        done=done,
    )
