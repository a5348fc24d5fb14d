"""The office's own roster: choosing a file, looking at it, taking it in, taking it back.

The page shows counts and never a person: after the import nobody can read the roster any more.
"""

import hashlib
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exchange.carried_rows import carried_lines, carried_text
from exchange.csv_file import FileRefused
from exchange.roster_list import COLUMNS, MOST_PEOPLE, RosterList, read_roster, roster_of
from handoffs.errors import BadEntry
from handoffs.roster.keeping import (
    Compared,
    NothingToUndo,
    RosterPerson,
    compare,
    leave_out,
    let_in_again,
    roster_shown,
    take_in_roster,
    undo_roster,
)
from handoffs.roster.kept import HOLDS
from handoffs.tokyo import day_of
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted
from web.ward_lists.uploads import FILE, LARGEST, ROWS, uploaded

pages = Blueprint("rosters", __name__)

_DONE = {
    "imported": "名簿を取り込みました。これからは、この名簿と照らし合わせます。",
    "undone": "取り込みを取り消しました。その前の名簿が残っていれば、それが有効です。",
    "left_out": "この方を名簿から外しました。次のファイルに入っていても、名簿には入りません。",
    "let_in": "外すのをやめました。次に名簿を取り込むと、また名簿に入ります。",
}


@pages.get("/roster")
def show() -> ResponseReturnValue:
    """Show how the own roster stands, and ask for a file."""
    return _screen({})


@pages.post("/roster/preview")
def previewed() -> ResponseReturnValue:
    """Show what an import would do. Nothing is stored."""
    try:
        listed = read_roster(uploaded(), _today())
    except FileRefused as refused:
        return _screen({FILE: _told(refused)}), 422
    with reading() as session:
        compared = compare(session, _people(listed), by=actor(), now=now())
    lines = zip(listed.rows, compared.lines, strict=True)
    groups: dict[Compared, list[object]] = {word: [] for word in Compared}
    for row, word in lines:
        groups[word].append(row)
    return render_template(
        "rosters/preview.html",
        groups=groups,
        gone=compared.gone,
        rejected=listed.rejected,
        unused=listed.heading.unused,
        text=carried_text(listed),
    )


@pages.post("/roster/import")
def imported() -> ResponseReturnValue:
    """Take in what a preview showed."""
    text = request.form.get(ROWS, "")
    try:
        listed = roster_of(carried_lines(text), _today())
        with acting() as session:
            digest = hashlib.sha256(text.encode()).hexdigest()
            take_in_roster(session, _people(listed), by=actor(), now=now(), digest=digest)
            location = url_for("rosters.show", done="imported")
            taken_in(session, location)
    except FileRefused as refused:
        return _screen({FILE: _told(refused)}), 422
    return redirect(location, code=303)


@pages.post("/roster/<int:roster_id>/undo")
def undone(roster_id: int) -> ResponseReturnValue:
    """Erase the latest roster; the one before it counts again."""
    try:
        with acting() as session:
            undo_roster(session, roster_id, by=actor(), now=now())
            location = url_for("rosters.show", done="undone")
            taken_in(session, location)
    except NothingToUndo as nothing:
        return _screen({"undo": nothing.message}), 409
    return redirect(location, code=303)


@pages.post("/roster/left-out")
def left_out() -> ResponseReturnValue:
    """Take somebody out of the roster as they wished, or let them in again."""
    posted = Posted(request.form.to_dict(flat=False), _today())
    kana = posted.kana("kana", ask="カナを入力してください。")
    birth_on = posted.birth_day("birth_on", ask="生年月日を入力してください。")
    offered = ("out", "in")
    what = posted.one_of("what", offered, ask="外すか、外すのをやめるかを選んでください。")
    try:
        posted.finish()
        act = leave_out if what == "out" else let_in_again
        with acting() as session:
            act(session, RosterPerson(kana, birth_on), by=actor(), now=now())
            location = url_for("rosters.show", done="left_out" if what == "out" else "let_in")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(bad.fields, posted), 422
    return redirect(location, code=303)


def _people(listed: RosterList) -> list[RosterPerson]:
    return [row.person for row in listed.rows]


def _today() -> date:
    return day_of(now())


def _told(refused: FileRefused) -> str:
    return f"{refused.line}行目: {refused.message}" if refused.line else refused.message


def _screen(errors: dict[str, str], posted: Posted | None = None) -> str:
    with reading() as session:
        shown = roster_shown(session, actor(), now())
    return render_template(
        "rosters/roster.html",
        shown=shown,
        errors=errors,
        values=posted.values if posted else {},
        readings=posted.readings if posted else {},
        mandatory=[column.name for column in COLUMNS if column.mandatory],
        others=[column.name for column in COLUMNS if not column.mandatory],
        most=MOST_PEOPLE,
        largest=LARGEST // 1000,
        holds=HOLDS.days,
        done=_DONE.get(request.args.get("done", "")),
    )
