"""A line of news that somebody acknowledges; it then leaves their list."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.notice import acknowledge
from handoffs.tokyo import day_of
from web.context import acting, actor, now, taken_in
from web.inputs import Posted

pages = Blueprint("notices", __name__)


@pages.post("/notices/<int:notice_id>/acknowledge")
def acknowledged(notice_id: int) -> ResponseReturnValue:
    """Take a line off the list."""
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    with acting() as session:
        acknowledge(session, notice_id, by=actor(), now=now())
        location = url_for("stays.board" if actor().is_hospital else "worklist.worklist")
        taken_in(session, location)
    return redirect(location, code=303)
