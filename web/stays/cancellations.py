"""A registration that should never have been: cancelled, listed, and taken back again."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.history import Act
from handoffs.stays.cancellation import (
    CancelReason,
    cancel,
    cancelled_of,
    find_cancelled,
    reinstate,
)
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.inputs import Posted
from web.stays.acts import acted, draft
from web.stays.stay_pages import seen

pages = Blueprint("cancellations", __name__)

_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/cancel")
def ask(stay_id: int) -> ResponseReturnValue:
    """Ask why a registration should never have been."""
    return _cancel_screen(stay_id, draft(), {})


@pages.post("/stays/<int:stay_id>/cancel")
def cancelled(stay_id: int) -> ResponseReturnValue:
    """Cancel a registration; it leaves every list and count."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        reason = posted.word("reason", CancelReason, ask="取り消す理由を選んでください。")
        version = _version(posted)
        posted.finish()
        cancel(session, stay, reason, version=version, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _cancel_screen(stay_id, posted.values, errors),
        done="cancelled",
        to=url_for("stays.board", done="cancelled"),
    )


@pages.get("/cancelled-stays")
def listed() -> ResponseReturnValue:
    """List the registrations that the hospital cancelled."""
    with reading() as session:
        stays = cancelled_of(session, actor())
    note_read(Act.STAY_LIST, detail={"rows": len(stays)})
    return render_template("stays/cancelled.html", stays=stays)


@pages.post("/stays/<int:stay_id>/reinstate")
def reinstated(stay_id: int) -> ResponseReturnValue:
    """Undo a cancellation that was itself a mistake."""
    posted = _posted()
    with acting() as session:
        stay = find_cancelled(session, actor(), stay_id)
        version = _version(posted)
        posted.finish()
        reinstate(session, stay, version=version, library=desk().library, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay_id, done="reinstated")
        taken_in(session, location)
    return redirect(location, code=303)


def _posted() -> Posted:
    return Posted(request.form.to_dict(flat=False), day_of(now()))


def _version(posted: Posted) -> int:
    return posted.needed_number("version", ask=_ANEW)


def _cancel_screen(stay_id: int, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "stays/cancel.html",
        stay=seen(stay_id),
        values=values,
        errors=errors,
        reasons=list(CancelReason),
    )
