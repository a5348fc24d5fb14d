"""「対応中にする」: somebody is at it. That resolves nothing, and it expires.

Until then nobody is reminded of the handoff; afterwards the reminders go on, beginning with the
one who said so. The handoff's own state, its day and its flag are untouched.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.errors import NotPermitted
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization
from handoffs.shown.worklist import Worklist
from handoffs.sides import speaks_for
from handoffs.stays.stay import Stay
from handoffs.telling.recipients import turn_of
from handoffs.telling.working_hours import hours_of
from handoffs.tokyo import day_of

OPEN_DAYS = 2
"""After so many open days of the own organization it expires: long enough for a call back."""


class Acknowledgement(SQLModel, table=True):
    """Somebody took a handoff up at a moment, until another. Rows are only added."""

    __tablename__ = "acknowledgement"

    id: int = Field(default=None, primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id", index=True)
    staff_id: int = Field(foreign_key="staff.id")
    organization_id: int = Field(foreign_key="organization.id")
    made_at: datetime
    until: datetime = Field(index=True)


def acknowledge(
    session: Session, stay: Stay, handoff: Handoff, *, by: Actor, now: datetime
) -> Acknowledgement:
    """Say that one is at it. Raises NotPermitted where it is the other side's turn, or over."""
    over = (handoff.confirmed_at, handoff.waived_at, handoff.withdrawn_at)
    if any(moment is not None for moment in over):
        raise NotPermitted("この引き継ぎは終わっています。一覧を開き直してください。")
    choosing = handoff.proposed_at is not None
    if not speaks_for(session, by, stay, turn_of(handoff, choosing=choosing)):
        raise NotPermitted("「対応中」にできるのは、いま行う側の方です。")
    organization = session.get_one(Organization, by.organization_id)
    made = Acknowledgement(
        handoff_id=handoff.id,
        staff_id=by.person_id,
        organization_id=by.organization_id,
        made_at=now,
        until=hours_of(organization, day_of(now)).open_days_after(now, OPEN_DAYS),
    )
    session.add(made)
    record(
        session,
        by,
        Act.HANDOFF_ACKNOWLEDGE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"until": made.until},
    )
    return made


def acknowledged_until(session: Session, handoffs: Iterable[Handoff]) -> dict[int, datetime]:
    """Until when each handoff was last taken up; those never taken up are left out.

    What was sent since then is the other side's turn, and counts as not taken up.
    """
    by_id = {handoff.id: handoff for handoff in handoffs}
    if not by_id:
        return {}
    latest = (
        select(func.max(Acknowledgement.id))
        .where(col(Acknowledgement.handoff_id).in_(by_id))
        .group_by(col(Acknowledgement.handoff_id))
    )
    found = session.exec(select(Acknowledgement).where(col(Acknowledgement.id).in_(latest)))
    return {
        made.handoff_id: made.until
        for made in found
        if (sent := by_id[made.handoff_id].sent_at) is None or made.made_at >= sent
    }


def taken_up_until(session: Session, work: Worklist, now: datetime) -> dict[int, datetime]:
    """Until when those handoffs of a worklist are taken up that somebody is at now."""
    ids = [task.id for _, group in work.groups for client in group for task in client.tasks]
    handoffs = session.exec(select(Handoff).where(col(Handoff.id).in_(ids))).all()
    found = acknowledged_until(session, handoffs)
    return {handoff_id: until for handoff_id, until in found.items() if until > now}
