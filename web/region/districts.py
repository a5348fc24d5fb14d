"""圏域表 in the hands of the region: one line for each part of a municipality, typed at once."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.parties import centers
from handoffs.region.districts import as_text, replace_parts
from handoffs.tokyo import day_of
from web.auth import fresh
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("districts", __name__)

LONGEST = 80_000
_DONE = {"saved": "圏域表を変えました。いまから、事業所をさがす画面で使われます。"}


@pages.get("/area/districts")
@fresh
def show() -> ResponseReturnValue:
    """Show the table as lines, to be changed or pasted anew."""
    with reading() as session:
        lines = as_text(session, actor().region)
    return _screen(lines, {})


@pages.post("/area/districts")
@fresh
def posted() -> ResponseReturnValue:
    """Take the whole table in, or say which lines cannot be read."""
    form = Posted(request.form.to_dict(flat=False), day_of(now()))
    lines = form.values.get("lines", "")
    try:
        form.text("lines", longest=LONGEST)
        form.finish()
        with acting() as session:
            replace_parts(session, lines, by=actor(), now=now())
            location = url_for("districts.show", done="saved")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(lines, bad.fields), 422
    return redirect(location, code=303)


def _screen(lines: str, errors: dict[str, str]) -> str:
    with reading() as session:
        known = centers(session, actor().region)
    return render_template(
        "region/districts.html",
        lines=lines,
        centers=known,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )
