"""The kit of each house, asked for once a night as long work.

Who has it made is the house's own: the first who works for all of it. A house where nobody could
read its lists gets none. Reads no clock.
"""

from datetime import datetime, time

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.errors import BadEntry
from handoffs.long_work import LongWork, WorkKind, ask
from handoffs.parties import Organization, OrganizationKind, actor_of
from handoffs.shown.downtime import keeper_of
from handoffs.tokyo import TOKYO, day_of, start_of

FROM = time(3)
"""After this hour in Tokyo: the day's lists, before anybody comes to work."""

HOUSES = (
    OrganizationKind.HOSPITAL,
    OrganizationKind.CARE_SUPPORT_OFFICE,
    OrganizationKind.SMALL_MULTIFUNCTIONAL,
    OrganizationKind.COMMUNITY_SUPPORT_CENTER,
)


def ask_for_kits(session: Session, region: str, now: datetime) -> int:
    """Ask for the kit of every house that has none asked for today; say for how many."""
    if now.astimezone(TOKYO).time() < FROM:
        return 0
    today = start_of(day_of(now))
    asked = select(LongWork.organization_id).where(
        LongWork.kind == WorkKind.DOWNTIME_KIT, col(LongWork.asked_at) >= today
    )
    houses = session.exec(
        select(Organization.id).where(
            Organization.region == region,
            col(Organization.kind).in_(HOUSES),
            sa.not_(col(Organization.id).in_(asked)),
        )
    ).all()
    return sum(ask_for_kit(session, house, now) for house in houses)


def ask_for_kit(session: Session, house: int, now: datetime) -> bool:
    """Ask for the kit of one house; whether that could be."""
    keeper = keeper_of(session, house)
    actor = actor_of(session, keeper) if keeper is not None else None
    if actor is None:
        return False
    try:
        ask(session, WorkKind.DOWNTIME_KIT, {}, by=actor, now=now)
    except BadEntry:
        # The house has much waiting; it is asked for again within the hour.
        return False
    return True
