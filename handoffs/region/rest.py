"""The days on which a region rests: its year's turn, and days of its own.

They close the public office, and whoever gave no hours of their own; an organization that gave
hours goes by its own closed days alone. When they change, what is due on open days is counted
anew for everybody who is in hospital.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.calendars import NO_REST, Rest, rest_by, resting
from handoffs.recount import recount
from handoffs.region.policy import YEAR_ROUND, Policy, days_written, policies_of
from handoffs.stays.stay import Stay
from handoffs.wall import Crossing, crossing
from rules import Library

RESTING = (Policy.YEAR_END, Policy.CLOSED_DAYS)
"""The decisions that say when a region rests."""


def rest_of(region: str, decided: Mapping[Policy, str]) -> Rest:
    """When a region rests, as it decided; no configuration says it."""
    turn = decided.get(Policy.YEAR_END, YEAR_ROUND)
    days = days_written(decided.get(Policy.CLOSED_DAYS, ""))
    if turn == YEAR_ROUND:
        return Rest(region, None, days) if days else NO_REST
    first, _, last = turn.partition("_")
    return Rest(region, (_month_and_day(first), _month_and_day(last)), days)


def go_by_decisions(session: Session, region: str) -> None:
    """Let this process count by what the region decided, from now on."""
    rest_by(rest_of(region, policies_of(session, region)))


def recount_region(session: Session, region: str, *, library: Library, now: datetime) -> int:
    """Count anew what is due for everybody in hospital in a region; how many days moved."""
    session.flush()
    decided = rest_of(region, policies_of(session, region))
    # Whoever administers a region sees nobody's row; only days move, and nothing is shown.
    with resting(decided), crossing(session, Crossing.CALENDAR):
        return _recounted(session, region, library=library, now=now)


def _recounted(session: Session, region: str, *, library: Library, now: datetime) -> int:
    stays = session.exec(
        select(Stay)
        .where(
            Stay.region == region,
            col(Stay.discharged_on).is_(None),
            col(Stay.cancelled_at).is_(None),
        )
        .order_by(col(Stay.id))
        .with_for_update()
    )
    return sum(recount(session, stay, library=library, now=now) for stay in list(stays))


def _month_and_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
