"""転棟: the stay goes on in another ward, and the care manager is told of the new contact person.

A handoff of its own, so that it is confirmed and not merely shown. To an office that takes part
it is passed on by Tsunagi with the move itself; any other is still to be told by the hospital.
A second move takes back what nobody confirmed of the first: only the last ward is news.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.by_hand import ByHandEntry, open_for
from handoffs.handoff import Handoff, handoffs_of, withdraw
from handoffs.parties import Actor, Staff
from handoffs.passing import send
from handoffs.plan_office import plan_office_of
from handoffs.statement import Means, Result, StatementEntry
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Party

_WORDS = "病棟が変わりました。新しい病棟と窓口は、この記録のとおりです。"


def tell_of_move(session: Session, stay: Stay, *, by: Actor, now: datetime) -> Handoff | None:
    """Tell whoever plans of the new ward and contact; None where nobody is to be told."""
    for handoff in handoffs_of(session, stay.id):
        waits = handoff.confirmed_at is None and handoff.waived_at is None
        moved = handoff.kind is HandoffKind.WARD_MOVE_NOTICE and handoff.withdrawn_at is None
        if moved and waits and handoff.is_by_hand:
            withdraw(session, handoff, by=by, now=now)
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.organization_id is None or stay.wants_no_contact:
        return None
    entry = ByHandEntry(
        kind=HandoffKind.WARD_MOVE_NOTICE, receiver=Party.CARE_MANAGER, reason=_WORDS
    )
    handoff = open_for(
        session, stay, entry, plan.organization_id, source="転棟の登録", by=by, now=now
    )
    if _takes_part(session, plan.organization_id):
        said = StatementEntry(means=Means.TSUNAGI, result=Result.SENT, happened_on=day_of(now))
        send(session, stay, handoff, said, by=by, now=now)
    return handoff


def _takes_part(session: Session, organization_id: int) -> bool:
    """Whether anybody of the office signs in and can read it here."""
    someone = select(Staff.id).where(
        Staff.organization_id == organization_id, col(Staff.active).is_(True)
    )
    return session.exec(someone.limit(1)).first() is not None
