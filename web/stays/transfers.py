"""Somebody whom another hospital transferred here: taken in, or answered not to come."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.stays.transfer import take_over
from handoffs.stays.transfer_answer import TransferReason
from handoffs.stays.transfer_refusal import announced, refuse_transfer, take_back_refusal
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, now, taken_in
from web.inputs import Posted

pages = Blueprint("transfers", __name__)


@pages.post("/stays/<int:stay_id>/take-over")
def taken_over(stay_id: int) -> ResponseReturnValue:
    """Take in somebody whom another hospital transferred here."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    ward_id = posted.number("ward_id") or 0  # Nobody's ward: refused like any other wrong one.
    posted.finish()
    with acting() as session:
        stay = take_over(
            session, stay_id, ward_id=ward_id, library=desk().library, by=actor(), now=now()
        )
        location = url_for("stays.show", stay_id=stay.id, done="taken_over")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/transfer-refusal")
def refused(stay_id: int) -> ResponseReturnValue:
    """Answer that somebody is not taken in as announced."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        announced(session, stay_id, by=actor(), now=now())  # Nobody else's form is even read.
        reason = posted.word("reason", TransferReason, ask="返事を選んでください。")
        posted.finish()
        refuse_transfer(session, stay_id, reason, by=actor(), now=now())
        location = url_for("stays.board", done="transfer_refused")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/transfer-refusal/undo")
def refusal_taken_back(stay_id: int) -> ResponseReturnValue:
    """Take that answer back."""
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    with acting() as session:
        take_back_refusal(session, stay_id, by=actor(), now=now())
        location = url_for("stays.board", done="undone")
        taken_in(session, location)
    return redirect(location, code=303)
