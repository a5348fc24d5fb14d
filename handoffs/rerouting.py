"""Sending elsewhere what somebody declined: the new receiver is told as of any handoff.

The hospital decides, because it alone knows the person. Whoever declined sees that it
went elsewhere by the case's code (`decline.sent_elsewhere`), and no longer sees the stay
unless something else shows it to them.
"""

from datetime import datetime

from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.decision.assessment import reassess
from handoffs.decline import decline_of
from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import Handoff, note_opened, withdraw
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, centers, planning_organizations
from handoffs.plan_office import PlanStatus, plan_office_of
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.stays.stay import Stay
from rules import Library, Party

_CARRIED = (
    "stay_id",
    "rule_id",
    "kind",
    "sender",
    "receiver",
    "standing",
    "text",
    "source",
    "counting",
    "window_from",
    "preferred_on",
    "due_on",
    "due_at",
    "short_notice",
)
"""What a handoff that no rule asks for takes along to its new receiver."""


def receivers_for(
    session: Session, stay: Stay, handoff: Handoff, actor: Actor
) -> list[Organization]:
    """Who else could receive a handoff, in kana order; whoever declined is left out."""
    region = actor.region
    if handoff.receiver is Party.COMMUNITY_SUPPORT_CENTER:
        known = centers(session, region)
        declined = stay.center_id
    else:
        known = planning_organizations(session, region)
        plan = plan_office_of(session, stay.id)
        declined = plan.organization_id if plan else None
    return [o for o in known if o.id != declined]


def reroute(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    organization_id: int,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> None:
    """Send a declined handoff to another office or centre, which is told from then on.

    For the plan office that means that it plans from now on, so that every other duty
    moves along. Raises NotPermitted unless the receiver's answer stands, BadEntry for an
    organization that cannot receive it.
    """
    require(by, Permission.STAY_EDIT)
    if handoff.declined_at is None or handoff.withdrawn_at is not None:
        raise NotPermitted("送り先を変えられるのは、担当ではないという返事があったときです。")
    if organization_id not in {o.id for o in receivers_for(session, stay, handoff, by)}:
        raise BadEntry({"organization": "送り先を一覧から選び直してください。"})
    withdraw(session, handoff, by=by, now=now)
    record(
        session,
        by,
        Act.HANDOFF_REROUTE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "to": organization_id},
    )
    session.flush()  # The database allows one standing handoff for each rule.
    if handoff.is_by_hand:
        _carry(session, handoff, organization_id, by=by, now=now)
    if handoff.receiver is Party.COMMUNITY_SUPPORT_CENTER:
        stay.center_id = organization_id
        stay.version += 1
        reassess(session, stay, library=library, by=by, now=now)
        return
    entry = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=organization_id)
    # Whoever declined reads that it went elsewhere (`decline.sent_elsewhere`), and need not read
    # a second time that they no longer plan.
    declined = decline_of(session, handoff.id)
    change_plan_office(
        session,
        stay,
        entry,
        library=library,
        by=by,
        now=now,
        told_already=declined.organization_id if declined else None,
    )


def _carry(
    session: Session, handoff: Handoff, organization_id: int, *, by: Actor, now: datetime
) -> None:
    """Open again for somebody else what no rule would open."""
    carried = Handoff(
        receiver_id=organization_id,
        opened_at=now,
        **{name: getattr(handoff, name) for name in _CARRIED},
    )
    session.add(carried)
    session.flush()  # The event names its id.
    note_opened(session, carried, by=by, now=now)
