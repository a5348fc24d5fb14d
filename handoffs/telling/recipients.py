"""Who is to be told about a handoff now: the person in charge, the duty person, whoever leads.

Asked when a reminder is written and again when it is about to leave. A step downwards only
towards the own organization: a person who is away or has no address is stood in for by the
organization, never by another one.
"""

from datetime import date

from sqlmodel import Session, col, select

from handoffs.handoff import Handoff
from handoffs.parties import Organization, OrganizationKind, Staff
from handoffs.plan_office import plan_office_of
from handoffs.stays.stay import Stay
from handoffs.telling.absence import stand_in
from handoffs.telling.duty_person import Post, holder_of
from handoffs.telling.ladder import Whom
from handoffs.telling.mailbox import Reach, way_to
from handoffs.telling.outbox import Recipient
from rules import Party


def turn_of(handoff: Handoff, *, choosing: bool = False) -> Party:
    """Whose turn it is: the receiver's once it was sent, the sender's again once declined.

    `choosing` asks for the turn to choose among the times that were proposed for a conference;
    the conference itself stays the sender's, who hears of its due day whoever has to choose.
    """
    if choosing and handoff.sent_at is None and handoff.choice_of:
        return handoff.choice_of
    sent = handoff.sent_at is not None and handoff.declined_at is None
    return handoff.receiver if sent else handoff.sender


def side_of_handoff(session: Session, stay: Stay, handoff: Handoff, party: Party) -> int | None:
    """The organization that stands on a side of a handoff now; None where there is none."""
    if party is Party.HOSPITAL:
        return stay.hospital_id
    if party is Party.CARE_MANAGER:
        plan = plan_office_of(session, stay.id)
        return plan.organization_id if plan is not None else None
    if party is Party.COMMUNITY_SUPPORT_CENTER:
        return handoff.receiver_id if party is handoff.receiver else stay.center_id
    return None


def recipient_of(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    whom: Whom,
    *,
    reach: Reach,
    today: date,
    choosing: bool = False,
) -> Recipient | None:
    """Who is to be told today; None where nobody can be."""
    if whom is Whom.REGION:
        return _coordinator(session, stay, reach)
    organization_id = side_of_handoff(session, stay, handoff, turn_of(handoff, choosing=choosing))
    if organization_id is None:
        return None
    if whom is Whom.LEAD:
        return _holder(session, organization_id, Post.LEAD, reach=reach, today=today)
    if whom is Whom.PERSON:
        return in_charge_at(session, stay, organization_id, reach=reach, today=today)
    return _office(session, organization_id, reach=reach, today=today)


def in_charge_at(
    session: Session, stay: Stay, organization_id: int, *, reach: Reach, today: date
) -> Recipient | None:
    """Who is told of a case on one side: the person in charge, or whoever stands in for them."""
    person = _person(session, stay, organization_id)
    told = _reachable(session, person, organization_id, reach=reach, today=today)
    if told is not None:
        return told
    return _office(session, organization_id, reach=reach, today=today)


def _office(
    session: Session, organization_id: int, *, reach: Reach, today: date
) -> Recipient | None:
    """The duty person of an organization, or its own address."""
    on_duty = _holder(session, organization_id, Post.ON_DUTY, reach=reach, today=today)
    if on_duty is not None:
        return on_duty
    whole = Recipient(organization_id)
    return whole if way_to(session, whole, reach) is not None else None


def _person(session: Session, stay: Stay, organization_id: int) -> int | None:
    """Who is in charge of the case on this side."""
    if organization_id == stay.hospital_id:
        return stay.contact_staff_id
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.organization_id != organization_id:
        return None
    return plan.care_manager_id


def _reachable(
    session: Session, staff_id: int | None, organization_id: int, *, reach: Reach, today: date
) -> Recipient | None:
    """The person, or whoever stands in, if they work there and have an address."""
    there = stand_in(session, staff_id, today) if staff_id is not None else None
    if there is None or session.get_one(Staff, there).organization_id != organization_id:
        return None
    told = Recipient(organization_id, there)
    return told if way_to(session, told, reach) is not None else None


def _holder(
    session: Session, organization_id: int, post: Post, *, reach: Reach, today: date
) -> Recipient | None:
    holder = holder_of(session, organization_id, post)
    return _reachable(session, holder, organization_id, reach=reach, today=today)


def _coordinator(session: Session, stay: Stay, reach: Reach) -> Recipient | None:
    """The region's coordinator: its health centre, at the address that the settings give."""
    if not reach.coordinator or not reach.mail:
        return None
    found = session.exec(
        select(Organization.id)
        .where(
            Organization.region == stay.region,
            Organization.kind == OrganizationKind.HEALTH_CENTER,
        )
        .order_by(col(Organization.id))
    ).first()
    return Recipient(found) if found is not None else None
