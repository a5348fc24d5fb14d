"""What one side says of a contact, apart from any handoff: 連絡はなかった, 家族を通じて知った."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.claim import claim
from handoffs.errors import BadEntry
from handoffs.tokyo import day_of
from web.context import acting, actor, now, taken_in
from web.handoffs.statement_input import read_claim
from web.inputs import Posted
from web.stays.stay_pages import stay_page

pages = Blueprint("statements", __name__)


@pages.post("/stays/<int:stay_id>/statements")
def state(stay_id: int) -> ResponseReturnValue:
    """Write down what this side says took place; the other side's words stay as they are."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        said = read_claim(posted, actor())
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            claim(session, stay, said.entry, topic=said.topic, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="stated")
            taken_in(session, location)
    except BadEntry as bad:
        return stay_page(stay_id, values=posted.values, errors=bad.fields), 422
    return redirect(location, code=303)
