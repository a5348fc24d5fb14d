"""Writing down the region's own goals of a year, and reading what they said before."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry, NotVisible
from handoffs.rates.yearly.goals import (
    LONGEST_GOAL,
    LONGEST_TARGET,
    LONGEST_TEXT,
    GoalEntry,
    RegionalGoal,
    goals_of,
    take_back_goal,
    wordings_of,
    write_goal,
)
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted
from web.rates.yearly import OLDEST, newest_year, no_such_year

pages = Blueprint("yearly_goals", __name__)

_FIELDS = (
    ("goal", "目標", LONGEST_GOAL),
    ("target", "めざす数字・状態", LONGEST_TARGET),
    ("measures", "取り組み", LONGEST_TEXT),
    ("result", "結果", LONGEST_TEXT),
    ("next_step", "次の年度に向けて", LONGEST_TEXT),
)


@pages.get("/yearly/<int:year>/goals/new")
def new(year: int) -> ResponseReturnValue:
    """Show the empty form of a new goal."""
    if not OLDEST <= year <= newest_year() + 1:
        return no_such_year()
    return _screen(year, None, _draft(), {})


@pages.post("/yearly/<int:year>/goals/new")
def new_posted(year: int) -> ResponseReturnValue:
    """Take a new goal in."""
    if not OLDEST <= year <= newest_year() + 1:
        return no_such_year()
    return _take_in(year, None)


@pages.get("/yearly/<int:year>/goals/<int:number>")
def edit(year: int, number: int) -> ResponseReturnValue:
    """Show a goal to be changed, with everything that it said before."""
    goal = _found(year, number)
    values = {name: str(getattr(goal, name)) for name, _, _ in _FIELDS}
    return _screen(year, goal, values | _draft(), {})


@pages.post("/yearly/<int:year>/goals/<int:number>")
def edit_posted(year: int, number: int) -> ResponseReturnValue:
    """Take a goal's new words in; the old ones stay readable."""
    _found(year, number)
    return _take_in(year, number)


@pages.post("/yearly/<int:year>/goals/<int:number>/taken-back")
def taken_back(year: int, number: int) -> ResponseReturnValue:
    """Take a goal back."""
    _found(year, number)
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    location = url_for("yearly.year", year=year)
    with acting() as session:
        take_back_goal(session, actor().region, year, number, by=actor(), now=now())
        taken_in(session, location)
    return redirect(location, code=303)


def _take_in(year: int, number: int | None) -> ResponseReturnValue:
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    entry = GoalEntry(**{name: posted.text(name, longest=most) for name, _, most in _FIELDS})
    location = url_for("yearly.year", year=year) + "#goals"
    try:
        posted.finish()
        with acting() as session:
            write_goal(session, actor().region, year, number, entry, by=actor(), now=now())
            taken_in(session, location)
    except BadEntry as bad:
        goal = None if number is None else _found(year, number)
        return _screen(year, goal, posted.values, bad.fields), 422
    return redirect(location, code=303)


def _found(year: int, number: int) -> RegionalGoal:
    with reading() as session:
        found = goals_of(session, actor().region, year)
    goal = next((one for one in found if one.number == number), None)
    if goal is None:
        raise NotVisible
    return goal


def _draft() -> dict[str, str]:
    return {name: texts[0] for name, texts in (kept_draft() or {}).items() if texts}


def _screen(
    year: int, goal: RegionalGoal | None, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    earlier: tuple[RegionalGoal, ...] = ()
    if goal is not None:
        with reading() as session:
            earlier = wordings_of(session, actor().region, year, goal.number)[1:]
    return render_template(
        "yearly/goal.html",
        year=year,
        goal=goal,
        fields=_FIELDS,
        values=values,
        errors=errors,
        earlier=earlier,
    )
