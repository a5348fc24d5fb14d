"""窓口一覧: whom to turn to in the region, for everybody who signs in, to be printed.

Each organization confirms its own line once a year.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.region.contact_confirmation import Confirmed, confirm_contacts
from handoffs.region.contact_list import Way, region_contacts
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, now, reading, taken_in

pages = Blueprint("contacts", __name__)

_DONE = {"confirmed": "あなたの機関の行を、今日の日付で確認済みにしました。"}
_LOOKS = {
    Confirmed.YES: ("check", "good"),
    Confirmed.CHANGED: ("diamond", "soon"),
    Confirmed.OVERDUE: ("triangle", "late"),
    Confirmed.NEVER: ("ring", "open"),
}


@pages.get("/contacts")
def show() -> ResponseReturnValue:
    """Show the whole list, the own line first."""
    today = day_of(now())
    with reading() as session:
        found = region_contacts(
            session,
            actor(),
            printed=desk().library.contacts(actor().region, today),
            today=today,
        )
    return render_template(
        "region/contacts.html",
        found=found,
        standings=list(Confirmed),
        looks=_LOOKS,
        unused=() if desk().fax_used else (Way.FAX,),
        done=_DONE.get(request.args.get("done", "")),
    )


@pages.post("/contacts/confirmed")
def confirmed() -> ResponseReturnValue:
    """Take down that the own line is right."""
    with acting() as session:
        confirm_contacts(session, request.form.get("seen", ""), by=actor(), now=now())
        location = url_for("contacts.show", done="confirmed")
        taken_in(session, location)
    return redirect(location, code=303)
