"""The days on which a region rests: its year's turn, and days of its own.

They close the public office, and whoever gave no hours of their own; an organization that gave
hours goes by its own closed days alone. When they change, what is due on open days is counted
anew for everybody who is in hospital: as long work, a few stays at a time, so that nobody at a
page waits for it and whoever was admitted while it went on is counted too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.calendars import NO_REST, Rest, rest_by
from handoffs.long_work import LongWork, WorkKind, ask, works_of
from handoffs.parties import Actor
from handoffs.recount import recount
from handoffs.region.policy import YEAR_ROUND, Policy, days_written, policies_of
from handoffs.stays.stay import Stay
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


def ask_for_recount(session: Session, *, by: Actor, now: datetime) -> None:
    """Ask that what is due be counted anew; one that nobody began yet serves as well."""
    waiting = select(LongWork).where(
        LongWork.organization_id == by.organization_id,
        LongWork.kind == WorkKind.RECOUNT,
        col(LongWork.claimed_at).is_(None),
    )
    # Locked, so that nobody begins it before what was just decided is committed.
    if session.exec(waiting.limit(1).with_for_update(skip_locked=True)).first() is None:
        ask(session, WorkKind.RECOUNT, {}, by=by, now=now)


def last_recount(session: Session, actor: Actor) -> LongWork | None:
    """The newest recount that the actor's organization asked for."""
    return next(iter(works_of(session, actor, WorkKind.RECOUNT)), None)


def in_hospital(session: Session, region: str) -> list[int]:
    """The stays of a region whose days may move, by their numbers."""
    query = select(Stay.id).where(
        Stay.region == region, col(Stay.discharged_on).is_(None), col(Stay.cancelled_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Stay.id))))


def recount_stays(
    session: Session, numbers: Sequence[int], *, library: Library, now: datetime
) -> int:
    """Count anew what is due in some stays; in how many a day moved. Some may have left since."""
    query = (
        select(Stay)
        .where(
            col(Stay.id).in_(numbers),
            col(Stay.discharged_on).is_(None),
            col(Stay.cancelled_at).is_(None),
        )
        .order_by(col(Stay.id))
    )
    stays = session.exec(query.with_for_update()).all()
    return sum(recount(session, stay, library=library, now=now) for stay in stays)


def _month_and_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
