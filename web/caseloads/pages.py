"""圏域と委託先, and stating how far somebody is between application and planner."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.parties import as_choices, planning_organizations
from handoffs.shown.caseload import District, caseload_of
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.certification_steps import (
    Step,
    StepEntry,
    retract_step,
    state_step,
    steps_shown,
)
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, note_read, now, reading, taken_in
from web.inputs import Posted, typed_day
from web.stays.stay_pages import seen

pages = Blueprint("caseloads", __name__)

_RESULTS = [(level.value, level.label) for level in CareNeedLevel if level.value != "unknown"]


@pages.get("/caseload")
def show() -> ResponseReturnValue:
    """Show who of the centre's people is in hospital, by district and by who plans."""
    with reading() as session:
        caseload = caseload_of(session, actor(), now())
    note_read(Act.STAY_LIST, detail={"caseload": caseload.people})
    return render_template("caseloads/caseload.html", caseload=caseload, districts=list(District))


@pages.get("/stays/<int:stay_id>/steps")
def step(stay_id: int) -> ResponseReturnValue:
    """Ask which step was taken; the next one that is missing stands chosen."""
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _screen(stay_id, draft, {})


@pages.post("/stays/<int:stay_id>/steps")
def step_posted(stay_id: int) -> ResponseReturnValue:
    """Write a step down."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    step = posted.word("step", Step, ask="どこまで進んだかを選んでください。")
    happened_on = posted.needed_day("happened_on", ask="日付を入力してください。")
    offered = ("", *(value for value, _ in _RESULTS))
    level = posted.one_of("level", offered, ask="一覧から選び直してください。")
    office_id = posted.number("office_id")
    try:
        posted.finish()
        entry = StepEntry(step, happened_on, CareNeedLevel(level) if level else None, office_id)
        with acting() as session:
            state_step(session, find_stay(session, actor(), stay_id), entry, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="step")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/steps/<int:step_id>/retracted")
def retracted(stay_id: int, step_id: int) -> ResponseReturnValue:
    """Take a step of the own centre back."""
    with acting() as session:
        stay = find_stay(session, actor(), stay_id)
        retract_step(session, stay, step_id, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay_id, done="undone")
        taken_in(session, location)
    return redirect(location, code=303)


def _screen(stay_id: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    stay = seen(stay_id)
    with reading() as session:
        steps = steps_shown(session, actor(), stay_id)
        offices = planning_organizations(session, actor().region)
    missing = next((one.step.value for one in steps if not one.id), Step.ASSIGNED.value)
    values = {"step": missing, "happened_on": typed_day(day_of(now())), **typed}
    return render_template(
        "caseloads/step.html",
        stay=stay,
        steps=steps,
        choices=[(one.value, one.words) for one in Step],
        results=[("", "選ばない"), *_RESULTS],
        offices=[("", "選ばない・一覧にない"), *as_choices(offices)],
        values=values,
        errors=errors,
    )
