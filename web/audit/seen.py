"""Who saw which patient between two moments, for whoever keeps the accounts of a house.

What is asked is posted, never part of an address. Asking is entered too.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.accounts.account import require_keeper
from handoffs.accounts.invitation import everybody_of
from handoffs.audit.seen import PAGE_OF_ROWS, Asked, Sight, of_house, sights
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.tokyo import TOKYO, day_of
from web.auth import fresh
from web.context import actor, note_read, now, reading
from web.inputs import Posted, typed_day

pages = Blueprint("seen", __name__)

_MIDNIGHT = time(0)
_DAY = "日付を入力してください。"


@pages.get("/accounts/seen")
@fresh
def ask() -> ResponseReturnValue:
    """Ask for the time, and for whom."""
    today = typed_day(day_of(now()))
    return _screen({"since": today, "until": today}, {})


@pages.post("/accounts/seen")
@fresh
def asked() -> ResponseReturnValue:
    """Answer."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        since = moment(typed, "since", _MIDNIGHT)
        until = moment(typed, "until", _MIDNIGHT, end=True)
        staff_id, stay_id = typed.number("staff"), typed.number("stay")
        if not typed.errors and until <= since:
            typed.refuse("until", "終わりは、始まりよりあとにしてください。")
        typed.finish()
    except BadEntry as bad:
        return _screen(typed.values, bad.fields)
    with reading() as session:
        question = of_house(session, actor(), since, until, stay_id=stay_id, staff_id=staff_id)
        count, rows = sights(session, question)
    note_read(Act.AUDIT_READ, detail={"since": since, "until": until, "rows": count})
    return _screen(typed.values, {}, question, count, rows)


def moment(typed: Posted, name: str, without: time, *, end: bool = False) -> datetime:
    """Read a day and a time of day; an end without a time is that of its day."""
    day = typed.needed_day(name, ask=_DAY)
    at = typed.clock(f"{name}_at")
    if day.year == 1:
        return now()  # After a complaint.
    if at is None and end:
        return datetime.combine(day + timedelta(days=1), _MIDNIGHT, tzinfo=TOKYO)
    return datetime.combine(day, at or without, tzinfo=TOKYO)


def _screen(
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    question: Asked | None = None,
    count: int = 0,
    rows: list[Sight] | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        require_keeper(session, actor())
        people = everybody_of(session, actor().organization_id)
    page = render_template(
        "audit/seen.html",
        values=typed,
        errors=errors,
        people=[(one.id, f"{one.name}（{one.role.label}）") for one in people],
        names={one.id: one.name for one in people},
        question=question,
        count=count,
        rows=rows or [],
        most=PAGE_OF_ROWS,
    )
    return page, 422 if errors else 200
