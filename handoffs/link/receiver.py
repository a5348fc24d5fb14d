"""Who answers a handoff without signing in, as whom they act, and whether anything may be shown.

The organization acts, nobody of it by name: history names it as リンクから. Asked when a link is
made, when it is opened and when it is answered, because each may lie days after the other.
"""

from sqlmodel import Session

from handoffs.handoff import Handoff
from handoffs.parties import Actor, Organization, OrganizationKind, Role
from handoffs.plan_office import plan_office_of
from handoffs.sides import PLANNERS
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.quiet import quiet_towards_others
from rules import Party


def link_actor(organization: Organization) -> Actor:
    """The organization that acts through a link: nobody of it by name."""
    center = organization.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER
    return Actor(
        staff_id=None,
        name="",
        role=Role.CENTER_STAFF if center else Role.CARE_MANAGER,
        organization_id=organization.id,
        organization=organization.name,
        kind=organization.kind,
        region=organization.region,
    )


def receiver_of(session: Session, stay: Stay, handoff: Handoff) -> Organization | None:
    """The office or centre that would answer a handoff now; None where there is none."""
    if handoff.receiver not in PLANNERS:
        return None
    if handoff.receiver is Party.CARE_MANAGER:
        plan = plan_office_of(session, stay.id)
        found = plan.organization_id if plan is not None else None
    else:
        found = stay.center_id
    return session.get(Organization, found) if found is not None else None


def may_be_shown(session: Session, stay: Stay, handoff: Handoff) -> bool:
    """Whether anything of a case may stand on a page without sign-in.

    Never where the whereabouts are hidden (the hospital's name alone tells), without consent,
    against the person's wish, after a death or a cancelled admission, or during a leave.
    """
    hidden = session.get_one(Patient, stay.patient_id).whereabouts_hidden
    return not hidden and quiet_towards_others(session, stay, handoff) is None
