"""Taking in somebody whom another hospital transferred here, from the line above the list."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import Permission
from handoffs.stays.transfer import take_over
from handoffs.tokyo import day_of
from web.auth import requires
from web.context import acting, actor, desk, now, taken_in
from web.inputs import Posted

pages = Blueprint("transfers", __name__)


@pages.post("/stays/<int:stay_id>/take-over")
@requires(Permission.STAY_ADMIT)
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
