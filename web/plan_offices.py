"""Who plans the person's care: the hospital writes it down, a care manager takes charge."""

import unicodedata
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from handoffs.access import Permission, find_stay
from handoffs.errors import BadEntry, Overtaken
from handoffs.overview import Overview
from handoffs.parties import (
    PLANNING_KINDS,
    Organization,
    centers,
    number_looks_wrong,
    planning_organizations,
)
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office, take_charge
from handoffs.stay import Stay
from handoffs.tokyo import day_of
from web.admission_input import OFFICE, PLAN_CHOICES, read_plan
from web.admissions import office_choices
from web.auth import kept_draft, requires
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted
from web.stays import seen

pages = Blueprint("plan_offices", __name__)


@pages.get("/stays/<int:stay_id>/plan-office")
@requires(Permission.STAY_EDIT)
def choose(stay_id: int) -> ResponseReturnValue:
    """Show who plans, and the offices of the region in neutral order."""
    stay = seen(stay_id)
    plan = stay.plan
    office = f"{OFFICE}{plan.organization_id}" if plan.organization_id else plan.status.value
    values = {
        "plan_organization_id": office,
        "care_manager_name": plan.care_manager,
        "via_center_id": str(plan.via_center_id or ""),
        "paused": "yes" if plan.status is PlanStatus.PAUSED else "",
    }
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _screen(stay, values | draft, {})


@pages.post("/stays/<int:stay_id>/plan-office")
@requires(Permission.STAY_EDIT)
def choose_posted(stay_id: int) -> ResponseReturnValue:
    """Let somebody else plan from now on; the duties move along."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = read_plan(posted)
        via_center_id = posted.number("via_center_id")
        number = unicodedata.normalize("NFKC", posted.text("office_number", longest=20))
        paused = posted.one_of("paused", ("", "yes"), ask="画面を開き直してください。") == "yes"
        version = posted.needed_number("version", ask="画面を開き直してください。")
        posted.finish()
        with acting() as session:
            if number:
                entry = _numbered(session, entry, number)
            if paused and entry.status is PlanStatus.ASSIGNED:
                entry = entry.model_copy(update={"status": PlanStatus.PAUSED})
            entry = entry.model_copy(update={"via_center_id": _center(session, via_center_id)})
            stay = _unchanged(session, stay_id, version)
            change_plan_office(session, stay, entry, library=desk().library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done=_done(entry, number))
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(seen(stay_id), posted.values, bad.fields), 422
    except Overtaken as overtaken:
        return _screen(seen(stay_id), posted.values, {"version": overtaken.message}), 409
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/take")
@requires(Permission.STAY_TAKE)
def take(stay_id: int) -> ResponseReturnValue:
    """Become the care manager of a client whom nobody of the own office has taken yet."""
    with acting() as session:
        take_charge(session, find_stay(session, actor(), stay_id), by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay_id, done="taken")
        taken_in(session, location)
    return redirect(location, code=303)


def _unchanged(session: Session, stay_id: int, version: int) -> Stay:
    """Find the stay as it was shown. Raises Overtaken if it changed since."""
    stay = find_stay(session, actor(), stay_id)
    if stay.version != version:
        raise Overtaken
    return stay


def _numbered(session: Session, entry: PlanEntry, number: str) -> PlanEntry:
    """Take the office with this number instead; where nobody has it, somebody not listed.

    A number warns and never blocks: the office may lie outside the region.
    """
    found = session.exec(
        select(Organization.id).where(
            Organization.number == number,
            Organization.region == actor().region,
            col(Organization.kind).in_(PLANNING_KINDS),
        )
    ).first()
    return entry.model_copy(update={"status": PlanStatus.ASSIGNED, "organization_id": found})


def _done(entry: PlanEntry, number: str) -> str:
    """Which of the closed messages the next page shows."""
    if not number:
        return "plan_office"
    wrong = number_looks_wrong(number)
    if entry.organization_id is None:
        return "number_unknown_warning" if wrong else "number_unknown"
    return "number_warning" if wrong else "plan_office"


def _center(session: Session, center_id: int | None) -> int | None:
    """Check that it is a centre of this region. Raises BadEntry."""
    if center_id is not None and center_id not in {c.id for c in centers(session, actor().region)}:
        raise BadEntry({"via_center_id": "地域包括支援センターを一覧から選び直してください。"})
    return center_id


def _screen(stay: Overview, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        offices = planning_organizations(session, actor().region)
        region_centers = centers(session, actor().region)
    return render_template(
        "stays/plan_office.html",
        stay=stay,
        values=values,
        errors=errors,
        plans=[*PLAN_CHOICES, *office_choices(offices)],
        centers=[("", "委託ではない・分からない"), *((c.id, c.name) for c in region_centers)],
    )
