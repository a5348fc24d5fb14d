"""転棟 and 転院: the care manager is told where the person went, whatever the rule says of it.

A handoff of its own, so that it is confirmed and not merely shown. To an office that takes part
it is passed on by Tsunagi with the act itself; any other is still to be told by the hospital.
A second move takes back what nobody confirmed of the first: only the last place is news.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.by_hand import ByHandEntry, open_for
from handoffs.handoff import Handoff, handoffs_of, withdraw
from handoffs.parties import Actor, Staff
from handoffs.passing import send
from handoffs.plan_office import plan_office_of
from handoffs.statement import Means, Result, StatementEntry
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Party

_MOVED = "病棟が変わりました。新しい病棟と窓口は、この記録のとおりです。"
_TRANSFERRED = "転院しました。転院先は、この記録のとおりです。今後の連絡先を確かめてください。"


def tell_of_move(session: Session, stay: Stay, *, by: Actor, now: datetime) -> Handoff | None:
    """Tell whoever plans of the new ward and contact; None where nobody is to be told."""
    _take_back(session, stay, HandoffKind.WARD_MOVE_NOTICE, by=by, now=now)
    kind = HandoffKind.WARD_MOVE_NOTICE
    return _tell(session, stay, kind, _MOVED, source="転棟の登録", by=by, now=now)


def tell_of_transfer(session: Session, stay: Stay, *, by: Actor, now: datetime) -> Handoff | None:
    """Tell whoever plans that the person is in another hospital now.

    To be called once the discharge was decided about: where the rule itself asks for it, its
    own handoff is enough. None where nobody is to be told.
    """
    if stay.destination is not Destination.OTHER_HOSPITAL:
        return None
    kind = HandoffKind.TRANSFER_NOTICE
    for handoff in handoffs_of(session, stay.id):
        to_planner = handoff.receiver is Party.CARE_MANAGER and handoff.withdrawn_at is None
        if handoff.kind is kind and to_planner:
            return None
    return _tell(session, stay, kind, _TRANSFERRED, source="転院の登録", by=by, now=now)


def take_back_transfer(session: Session, stay: Stay, *, by: Actor, now: datetime) -> None:
    """Withdraw what nobody confirmed of a transfer that was none."""
    _take_back(session, stay, HandoffKind.TRANSFER_NOTICE, by=by, now=now)


def _tell(
    session: Session,
    stay: Stay,
    kind: HandoffKind,
    words: str,
    *,
    source: str,
    by: Actor,
    now: datetime,
) -> Handoff | None:
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.organization_id is None or stay.wants_no_contact:
        return None
    entry = ByHandEntry(kind=kind, receiver=Party.CARE_MANAGER, reason=words)
    handoff = open_for(session, stay, entry, plan.organization_id, source=source, by=by, now=now)
    if _takes_part(session, plan.organization_id):
        said = StatementEntry(means=Means.TSUNAGI, result=Result.SENT, happened_on=day_of(now))
        send(session, stay, handoff, said, by=by, now=now)
    return handoff


def _take_back(
    session: Session, stay: Stay, kind: HandoffKind, *, by: Actor, now: datetime
) -> None:
    for handoff in handoffs_of(session, stay.id):
        waits = handoff.confirmed_at is None and handoff.waived_at is None
        told = handoff.kind is kind and handoff.withdrawn_at is None and handoff.is_by_hand
        if told and waits:
            withdraw(session, handoff, by=by, now=now)


def _takes_part(session: Session, organization_id: int) -> bool:
    """Whether anybody of the office signs in and can read it here."""
    someone = select(Staff.id).where(
        Staff.organization_id == organization_id, col(Staff.active).is_(True)
    )
    return session.exec(someone.limit(1)).first() is not None
