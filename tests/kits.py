"""Nights whose kits are done: a test that runs the real scheduler need not print for minutes."""

from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.downtime_night import HOUSES
from handoffs.long_work import LongWork, WorkKind
from handoffs.parties import Organization, Staff
from handoffs.work_failure import WorkFailure


def settle_the_night(session: Session, now: datetime) -> None:
    """Write down for every house that today's kit was asked for and has ended. Never commits."""
    houses = select(Organization.id).where(col(Organization.kind).in_(HOUSES))
    somebody = min(session.exec(select(Staff.id)))
    for house in session.exec(houses).all():
        session.add(
            LongWork(
                kind=WorkKind.DOWNTIME_KIT,
                staff_id=somebody,
                organization_id=house,
                asked_at=now,
                finished_at=now,
                failure=WorkFailure.GAVE_UP,
            )
        )
