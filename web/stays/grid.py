"""The grid: many admissions typed in at once by the discharge office, with the keyboard alone.

Each row is registered by the registration screen's own verb, in a transaction of its own, and
taken once however often the form is posted. Rows that are right are registered; rows that are not
stay typed, with what is wrong beside them. Then the page says what was decided for each.
"""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.parties import wards_of
from handoffs.shown.board import BoardRow, rows_of
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.certification import CareNeedLevel, age_on
from handoffs.tokyo import day_of
from rules import NoEdition
from web.auth import kept_draft
from web.context import AlreadyTaken, acting, actor, desk, note_read, now, reading, taken_in
from web.errors import NO_EDITION
from web.inputs import typed_day
from web.stays.admissions import CHECK, told_besides
from web.stays.grid_rows import CELLS, ROWS, GridRow, empty_row, read_row, rows_in, tell

pages = Blueprint("grid", __name__)

_STAY = "/stays/"
AT_ONCE = "同じ方が、いま別の画面で登録されました。一覧で確かめてください。"
COPIED = "この行は登録できませんでした。画面を開き直して、もう一度入力してください。"


@pages.get("/stays/together")
def type_in() -> ResponseReturnValue:
    """Show an empty grid, or what was typed into it when the session ran out."""
    return _screen(rows_in(kept_draft() or {}))


@pages.post("/stays/together")
def typed_in() -> ResponseReturnValue:
    """Register the rows that are right, and show the others again with what is wrong.

    `check` is the first button, which Enter in a cell presses: it registers nobody.
    """
    form = request.form.to_dict(flat=False)
    rows = rows_in(form)
    if not rows:
        return _screen(rows, nothing=True), 422
    _read(rows)
    if CHECK in form:
        return _screen(rows, checked=True), 422 if any(row.errors for row in rows) else 200
    stay_ids = [stay_id for row in rows if (stay_id := _registered(row)) is not None]
    wrong = [row for row in rows if row.errors]
    if wrong:
        return _screen(wrong, registered=stay_ids), 422
    return redirect(url_for("grid.decided", stay=stay_ids), code=303)


@pages.get("/stays/together/decided")
def decided() -> ResponseReturnValue:
    """Show what was decided for each of the stays that a grid registered."""
    stay_ids = request.args.getlist("stay", type=int)[:ROWS]
    return render_template("stays/grid_decided.html", decided=_decided(stay_ids))


def _read(rows: Sequence[GridRow]) -> None:
    """Read every row, and ask the record about each, however much is wrong with it."""
    with reading() as session:
        for row in rows:
            read_row(session, row, region=actor().region, today=day_of(now()))
    for row in rows:
        told = told_besides(row.fields)
        if told:
            tell(row, told)


def _registered(row: GridRow) -> int | None:
    """Register one row, or find what it made when the form was posted before; None if wrong."""
    part = f"-{row.number}"
    try:
        with acting(part) as session:
            # A row that was taken in before is found taken, whatever the record says by now.
            entry = _entry(row)
            stay = admit(session, entry, library=desk().library, by=actor(), now=now())
            taken_in(session, f"{_STAY}{stay.id}", part)
            return stay.id
    except AlreadyTaken as taken:
        row.errors = {}
        number = taken.location.removeprefix(_STAY)
        if number.isdigit():
            return int(number)
        tell(row, {"name": COPIED})
    except BadEntry as bad:
        tell(row, bad.fields)
    except NoEdition:
        tell(row, {"admitted_on": NO_EDITION})
    except IntegrityError:
        tell(row, {"name": AT_ONCE})
    return None


def _entry(row: GridRow) -> AdmissionEntry:
    """What the row says. Raises BadEntry where it says nothing that can be taken."""
    if row.entry is None:
        raise BadEntry(row.errors)
    return row.entry


def _decided(stay_ids: Sequence[int]) -> tuple[BoardRow, ...]:
    """What was decided for some stays, in their order; written down as a list that was read."""
    if not stay_ids:
        return ()
    with reading() as session:
        found = rows_of(session, actor(), stay_ids, library=desk().library, now=now())
    note_read(Act.STAY_LIST, detail={"rows": len(found)})
    return found


def _screen(
    rows: Sequence[GridRow],
    *,
    registered: Sequence[int] = (),
    checked: bool = False,
    nothing: bool = False,
) -> str:
    with reading() as session:
        wards = wards_of(session, actor().organization_id)
    shown = list(rows)
    if not registered:
        typed = {row.number: row for row in rows}
        own = str(actor().ward_id or "")
        today = typed_day(day_of(now()))
        shown = [
            typed.get(n) or empty_row(n, admitted_on=today, ward_id=own) for n in range(1, ROWS + 1)
        ]
    summary = {
        f"{cell}-{row.number}": f"{row.number}行目: {message}"
        for row in rows
        for cell, message in row.errors.items()
    }
    if nothing:
        summary = {"name-1": "まだ1行も入力されていません。"}
    return render_template(
        "stays/grid.html",
        rows=shown,
        cells=CELLS,
        wards=wards,
        levels=[level.label for level in CareNeedLevel],
        errors=summary,
        decided=_decided(registered),
        ages={row.number: age_on(row.entry.birth_on, day_of(now())) for row in rows if row.entry},
        checked=checked and not summary,
        count=len(rows),
    )
