"""What stands in a form that nobody has sent yet: saved while somebody types, given back later.

For the script of every form (`static/kept.js`). A draft is its writer's alone, lies on the server
and not in the browser, and is deleted with the act that takes its form in. Nothing is registered
here, nothing is checked, and no page is shown.
"""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from handoffs import accounts
from web.auth import fields_to_keep, is_kept_at
from web.context import actor, desk, now, reading
from web.dates import moment

pages = Blueprint("drafts", __name__)

OF, INSTEAD = "draft_of", "draft_instead"
"""Where the form leads, and the drafts that this one takes the place of."""

_LONGEST_PATH = 200
_MOST = 40
"""Forms of one page that are asked about."""


@pages.get("/drafts")
def waiting() -> ResponseReturnValue:
    """Give this person the drafts of the forms on one page, newest first."""
    places = set(request.args.getlist("of")[:_MOST])
    with reading() as session:
        rows = accounts.drafts_of(session, actor().person_id, places, now() - desk().absolute)
    return jsonify(drafts=[{"path": row.path, "fields": row.fields} for row in rows])


@pages.post("/drafts")
def keep() -> ResponseReturnValue:
    """Save what stands in one form."""
    action, form_id = request.form.get(OF, ""), request.form["form_id"]
    if len(accounts.showing(action, form_id)) > _LONGEST_PATH or not is_kept_at(action):
        return jsonify(kept=False)
    person = actor().person_id
    with desk().database.writing() as session:
        accounts.forget_drafts(session, person, request.form.getlist(INSTEAD)[:_MOST])
        kept = accounts.save_draft(
            session, person, action=action, form_id=form_id, fields=typed(), now=now()
        )
    return jsonify(kept=kept, at=moment(now()).rpartition(" ")[2])


@pages.post("/drafts/forgotten")
def forgotten() -> ResponseReturnValue:
    """Delete drafts that their writer does not want."""
    with desk().database.writing() as session:
        accounts.forget_drafts(session, actor().person_id, request.form.getlist(INSTEAD)[:_MOST])
    return jsonify(kept=False)


def typed() -> dict[str, list[str]]:
    """The fields of the form itself."""
    return {n: v for n, v in fields_to_keep().items() if n not in {OF, INSTEAD}}
