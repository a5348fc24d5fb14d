"""What stood in the way of a handoff, chosen in two clicks from the list of the unconfirmed."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.errors import NotVisible
from handoffs.handoff import Handoff
from handoffs.miss_reason import MissCause, state_miss_reason
from handoffs.tokyo import day_of
from web.context import acting, actor, now, taken_in
from web.inputs import Posted

pages = Blueprint("miss_reasons", __name__)

_LISTS = {
    "board": "stays.board",
    "unconfirmed": "unconfirmed.listed",
    "worklist": "worklist.worklist",
}
"""The lists on which a cause can be chosen, and which the answer leads back to."""


@pages.post("/stays/<int:stay_id>/miss-reason")
def stated(stay_id: int) -> ResponseReturnValue:
    """Write down what stood in the way, and lead back to the list."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        stay = find_stay(session, actor(), stay_id)
        cause = posted.word("cause", MissCause, ask="事情を選んでください。")
        handoff_id = posted.number("handoff")
        listed = posted.one_of(
            "list", tuple(_LISTS), ask="画面を開き直してください。", default="board"
        )
        posted.finish()
        handoff = session.get(Handoff, handoff_id) if handoff_id is not None else None
        if handoff_id is not None and (handoff is None or handoff.stay_id != stay.id):
            raise NotVisible
        state_miss_reason(session, stay, cause, by=actor(), now=now(), handoff=handoff)
        location = url_for(_LISTS[listed], done="reason")
        taken_in(session, location)
    return redirect(location, code=303)
