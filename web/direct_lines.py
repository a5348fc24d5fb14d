"""One's own direct line and when one is reached: what stands on pages and sheets."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.direct_line import LONGEST_HOURS, LONGEST_LINE, LineEntry, own_line, set_own_line
from handoffs.errors import BadEntry
from handoffs.tokyo import day_of
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("direct_lines", __name__)

_DONE = {"set": "連絡先を登録しました。入院の記録と様式に出ます。"}


@pages.get("/own-line")
def show() -> ResponseReturnValue:
    """Show what this person wrote down of themselves."""
    return _screen({}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/own-line")
def posted() -> ResponseReturnValue:
    """Write it down."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = LineEntry(
            direct_line=typed.text("direct_line", longest=LONGEST_LINE)[:LONGEST_LINE],
            reachable=typed.text("reachable", longest=LONGEST_HOURS)[:LONGEST_HOURS],
        )
        typed.finish()
        with acting() as session:
            set_own_line(session, entry, by=actor(), now=now())
            location = url_for("direct_lines.show", done="set")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(typed.values, bad.fields), 422
    return redirect(location, code=303)


def _screen(typed: Mapping[str, str], errors: Mapping[str, str], done: str | None = None) -> str:
    with reading() as session:
        own = own_line(session, actor())
    values = {"direct_line": own.direct_line, "reachable": own.reachable} | dict(typed)
    return render_template("direct_lines/show.html", values=values, errors=errors, done=done)
