"""On which side of a stay's handoffs somebody stands.

Whoever merely gets a copy, or was told, does not speak for the plan office. One
answer for verbs, which have a session, and for pages, which have the rows.
"""

from sqlmodel import Session

from handoffs.parties import Actor
from handoffs.plan_office import plan_office_of
from handoffs.statement import Side
from handoffs.stays.stay import Stay
from rules import Party

PLANNERS = frozenset({Party.CARE_MANAGER, Party.COMMUNITY_SUPPORT_CENTER})
"""The parties for which an office or centre speaks."""


def stands_for(
    actor: Actor, party: Party, *, planner_id: int | None, center_id: int | None
) -> bool:
    """Whether a person stands on a party's side, where these two plan and are told."""
    if party is Party.HOSPITAL:
        return actor.is_hospital
    if party not in PLANNERS or not actor.plans_care:
        return False
    if party is Party.COMMUNITY_SUPPORT_CENTER and center_id == actor.organization_id:
        return True
    return planner_id == actor.organization_id


def speaks_for(session: Session, actor: Actor, stay: Stay, party: Party) -> bool:
    """Whether a person belongs to the side that a handoff of this stay names."""
    asks_who_plans = party in PLANNERS and actor.plans_care
    plan = plan_office_of(session, stay.id) if asks_who_plans else None
    return stands_for(
        actor,
        party,
        planner_id=plan.organization_id if plan else None,
        center_id=stay.center_id,
    )


def side_of_party(party: Party) -> Side:
    """On which side's statements a party speaks."""
    return Side.PLAN_OFFICE if party in PLANNERS else Side.HOSPITAL
