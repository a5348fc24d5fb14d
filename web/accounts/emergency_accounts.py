"""The emergency accounts of a house: which there were, what each did, and who looked through it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handoffs.accounts import emergency
from web.context import acting, actor, now, reading, taken_in

pages = Blueprint("emergency_accounts", __name__)


@pages.get("/accounts/emergency")
def show() -> ResponseReturnValue:
    """List the emergency accounts with what was done in each."""
    with reading() as session:
        uses = emergency.emergency_uses(session, actor())
    return render_template("accounts/emergency.html", uses=uses, moment_now=now())


@pages.post("/accounts/emergency/<int:staff_id>/close")
def close(staff_id: int) -> ResponseReturnValue:
    """Close one before its time."""
    location = url_for("emergency_accounts.show")
    with acting() as session:
        emergency.close_emergency(session, staff_id, by=actor(), now=now())
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/accounts/emergency/<int:staff_id>/review")
def review(staff_id: int) -> ResponseReturnValue:
    """Sign for having looked through what was done in one."""
    location = url_for("emergency_accounts.show")
    with acting() as session:
        emergency.review(session, staff_id, by=actor(), now=now())
        taken_in(session, location)
    return redirect(location, code=303)
