"""The planned discharge date, which moves, and which two people may move at once.

The day and how sure it is are one statement: a day of the one beside the certainty of the other
is what nobody said. If somebody else changed it meanwhile, both statements are shown side by
side, and nothing is saved until one was chosen; a change of something else asks nothing.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.shown.overview import Overview
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import TOKYO, day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, now, taken_in
from web.dates import day, moment
from web.inputs import Posted, typed_day
from web.overtaken import (
    CARRIED,
    Carried,
    Contested,
    carried_in,
    choices,
    hidden_fields,
    settle,
)
from web.stays.discharges import still_here

pages = Blueprint("planned_discharges", __name__)

PLANNED = "planned"
"""The day and its certainty as one field, which is what two people can disagree about."""

AT_ONCE = "at_once"
"""The buttons that settle the day with one press, whatever stands in the fields."""

NOON = 12
"""The hour before which news of a discharge tomorrow is best passed on: practice, no rule."""

_TYPED = ("planned_discharge_on", "planned_discharge_on_reading", "planned_certainty")
_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/planned-discharge")
def plan(stay_id: int) -> ResponseReturnValue:
    """Show the planned discharge date and how it moved."""
    stay = still_here(stay_id)
    draft = kept_draft()
    typed = {name: texts[0] for name, texts in (draft or {}).items()}
    return _screen(stay, typed, carried_in(draft) if draft else _seen(stay))


@pages.post("/stays/<int:stay_id>/planned-discharge")
def plan_posted(stay_id: int) -> ResponseReturnValue:
    """Move the planned date; what is due before the discharge moves along."""
    form = request.form.to_dict(flat=False)
    carried = carried_in(form)
    posted = Posted(form, day_of(now()))
    try:
        mine = _read(posted, carried)
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            there = statement_of(stay.planned_discharge_on, stay.planned_certainty)
            settled, _ = settle(carried, {PLANNED: mine}, {PLANNED: there}, stay.version)
            entry = _entry(settled[PLANNED], stay.version)
            plan_discharge(session, stay, entry, library=desk().library, by=actor(), now=now())
            done = _done(entry)
            location = url_for("stays.show", stay_id=stay_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(still_here(stay_id), posted.values, carried, bad.fields, posted), 422
    except Contested as contested:
        return _screen(still_here(stay_id), posted.values, contested.carried), 409
    return redirect(location, code=303)


def is_morning() -> bool:
    """Whether an office that hears of it now still has the afternoon to arrange things."""
    return now().astimezone(TOKYO).hour < NOON


def _done(entry: PlannedDischargeEntry) -> str:
    fixed = entry.planned_certainty is PlannedCertainty.FIXED
    if not fixed or entry.planned_discharge_on != day_of(now()) + timedelta(days=1):
        return "planned"
    return "tomorrow_early" if is_morning() else "tomorrow"


def _soon() -> tuple[date, ...]:
    """Today, tomorrow and the day after: where a discharge moves to at short notice."""
    today = day_of(now())
    return tuple(today + timedelta(days=n) for n in range(3))


def statement_of(on: date | None, certainty: PlannedCertainty) -> str:
    """The day and its certainty in one text, such as 2026-12-04/fixed."""
    return f"{on.isoformat() if on else ''}/{certainty.value}"


def _read(posted: Posted, carried: Carried) -> str:
    """Read what this person says: typed, chosen, or kept until it is chosen."""
    posted.let_pass(CARRIED)
    posted.needed_number("version", ask=_ANEW)
    at_once = posted.one_of(AT_ONCE, ["", *(on.isoformat() for on in _soon())], ask=_ANEW)
    if at_once and PLANNED not in carried.mine:
        posted.let_pass(_TYPED)
        posted.finish()
        return f"{at_once}/{PlannedCertainty.FIXED.value}"
    if PLANNED in carried.mine:
        mine = carried.mine[PLANNED]
        said = mine if PLANNED in carried.unchosen else posted.text(PLANNED, ask=_ANEW)
        posted.finish()
        return said
    on = posted.day("planned_discharge_on")
    certainty = posted.word(
        "planned_certainty", PlannedCertainty, ask="「未定」「およそ」「決定」から選んでください。"
    )
    posted.finish()
    return statement_of(on, certainty)


def _entry(statement: str, version: int) -> PlannedDischargeEntry:
    """Read a statement back. Raises BadEntry for one that was never shown."""
    on, _, certainty = statement.partition("/")
    try:
        return PlannedDischargeEntry(
            planned_discharge_on=date.fromisoformat(on) if on else None,
            planned_certainty=PlannedCertainty(certainty),
            version=version,
        )
    except ValueError:
        raise BadEntry({PLANNED: _ANEW}) from None


def _words(statement: str) -> str:
    """A statement as the page says it."""
    try:
        entry = _entry(statement, 0)
    except BadEntry:
        return statement
    if entry.planned_discharge_on is None:
        return entry.planned_certainty.label
    return f"{day(entry.planned_discharge_on)}、{entry.planned_certainty.label}"


def _seen(stay: Overview) -> Carried:
    return Carried(stay.version, {PLANNED: statement_of(stay.planned_on, stay.planned_certainty)})


def _screen(
    stay: Overview,
    typed: Mapping[str, str],
    carried: Carried,
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
) -> str:
    there = statement_of(stay.planned_on, stay.planned_certainty)
    options: list[tuple[str, str]] = []
    unchosen: dict[str, str] = {}
    for one in carried.contests({PLANNED: there}):
        known = {text: _words(text) for text in (one.before, one.mine, one.theirs) if text}
        options = choices(one, known, _who(stay))
        unchosen[PLANNED] = "退院予定が、あなたと別の職員で違います。どちらかを選んでください。"
    values = {
        "planned_discharge_on": typed_day(stay.planned_on),
        "planned_certainty": stay.planned_certainty.value,
        **typed,
    }
    return render_template(
        "stays/planned_discharge.html",
        stay=stay,
        values=values,
        errors={**unchosen, **(errors or {})},
        readings=posted.readings if posted else {},
        certainties=list(PlannedCertainty),
        options=options,
        soon=_soon(),
        is_morning=is_morning(),
        meetings=[task.meeting for task in stay.open_tasks if task.meeting],
        hidden_fields=hidden_fields(carried),
    )


def _who(stay: Overview) -> str:
    """Who said what is stored, and when."""
    said = [event for event in stay.events if event.act is Act.STAY_PLAN_DISCHARGE]
    return f"{said[-1].by}　{moment(said[-1].at)}" if said else "登録済み"
