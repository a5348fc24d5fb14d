"""What a hospital is shown of a match with an office's roster, and taking that office down.

Only beside a stay that the hospital has registered. Every look that names an office is written
down with the stay, so that a registration made to find somebody out stands in the history.
"""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import Permission, find_stay, may
from handoffs.errors import NotVisible
from handoffs.history import Act
from handoffs.parties import Organization
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.roster.match import offices_that_know
from web.context import acting, actor, desk, note_read, now, reading, taken_in

pages = Blueprint("roster_matches", __name__)


def offices_shown(stay_id: int) -> tuple[Organization, ...]:
    """The offices that have somebody in their roster, and the note that this was shown."""
    if not may(actor(), Permission.STAY_EDIT):
        return ()
    with reading() as session:
        offices = offices_that_know(session, actor(), stay_id, now())
    if offices:
        told = ",".join(str(office.id) for office in offices)
        note_read(Act.ROSTER_MATCH, stay_id=stay_id, detail={"offices": told})
    return offices


@pages.post("/stays/<int:stay_id>/known-to/<int:organization_id>")
def plans(stay_id: int, organization_id: int) -> ResponseReturnValue:
    """Take down, after the person was asked, that this office plans their care."""
    with acting() as session:
        stay = find_stay(session, actor(), stay_id)
        known = {one.id for one in offices_that_know(session, actor(), stay_id, now())}
        if organization_id not in known:
            raise NotVisible
        entry = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=organization_id)
        change_plan_office(session, stay, entry, library=desk().library, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay_id, done="plan_office")
        taken_in(session, location)
    return redirect(location, code=303)
