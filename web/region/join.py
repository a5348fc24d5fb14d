"""参加の申し込み: the one page of the region for whoever has no account yet.

It says nothing of who takes part already, and answers every request in the same words.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.parties import HOSPITAL_ROLES, PLANNING_ROLES, OrganizationKind, Role
from handoffs.region.joining import KINDS, JoiningEntry, TooMany, ask_to_join
from handoffs.tokyo import day_of
from web.context import desk, now
from web.inputs import Posted
from web.region.organizations import read_particulars

pages = Blueprint("join", __name__)

_ROLES = (*HOSPITAL_ROLES, *PLANNING_ROLES)
_LONGEST_NAME = 60


@pages.get("/join")
def ask() -> ResponseReturnValue:
    """Ask who wants to take part."""
    if request.args.get("done") == "asked":
        return render_template("region/joined.html")
    return _screen({}, {})


@pages.post("/join")
def asked() -> ResponseReturnValue:
    """Keep the request until somebody of the health centre has looked at it."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    kind = posted.word("kind", OrganizationKind, ask="機関の種類を選んでください。")
    written = read_particulars(posted)
    person = posted.text(
        "person", ask="はじめに使う方の氏名を入力してください。", longest=_LONGEST_NAME
    )
    role = posted.word("role", Role, ask="職種を選んでください。")
    try:
        posted.finish()
        entry = JoiningEntry(kind=kind, person=person, role=role, **vars(written))
        with desk().database.writing() as session:
            ask_to_join(
                session, entry, region=desk().region, form_id=request.form["form_id"], now=now()
            )
    except BadEntry as bad:
        return _screen(posted.values, bad.fields, 422)
    except TooMany as many:
        return _screen(posted.values, {"main": many.message}, 429)
    return redirect(url_for("join.ask", done="asked"), code=303)


def _screen(
    values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "region/join.html",
        kinds=[(kind.value, kind.label) for kind in KINDS],
        roles=[(role.value, role.label) for role in _ROLES],
        values=values,
        errors=errors,
    )
    return page, status
