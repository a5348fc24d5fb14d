"""A month's counts as the scheduler last made them, so that its page need not count again.

Nothing rests on a kept row: it can be thrown away at any moment, and closing a month never looks
at it. It answers only while it says what counting anew would say: while no act was recorded on
anybody who is in the month, nobody came into it or left it, no last day passed that a figure
depends on, and the definitions are the same. Otherwise there is no kept answer, and whoever asks
counts; only a large month is shown as it was some minutes ago, with that moment.
tests/handoffs/rates/test_month_count.py counts anew after every act and compares.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col

from handoffs.database import insert_into
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.rates.counts import Counts, counts_of_json
from handoffs.rates.definition import Definition
from handoffs.rates.survey.survey import survey_of
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import next_month
from rules import HandoffKind

SETTLED_AFTER = timedelta(minutes=2)
"""Two processes may commit their events in another order than that of their numbers. What was
recorded so shortly before a count is looked at again."""

LATELY, LARGE = timedelta(minutes=10), 2_000
"""In a region with so many discharges a month there is an act on one of them every minute, and
counting anew takes most of a second. The scheduler counts again within a minute or two; until
then the page shows its last count, and says of when it is."""

COUNTED_BY = "1"
"""Raised when the counting itself changes while the definitions stay as they are."""

_READING = (Act.STAY_READ, Act.STAY_TEXT, Act.STAY_LIST, Act.RATES_READ, Act.HANDOFF_SHEET)
"""Acts that change nothing of what is counted."""


class MonthCount(SQLModel, table=True):
    """The counts of one month, one row a month.

    seen: the last event that was surely known when it was counted. holds_until: when a last day
    passes that moves a figure. discharged, admitted: how many stays were in it.
    """

    __tablename__ = "month_count"

    region: str = Field(max_length=40, primary_key=True)
    month: date = Field(primary_key=True)
    counted_at: datetime
    holds_until: datetime | None = None
    seen: int
    discharged: int
    admitted: int
    made_by: str = Field(max_length=64)
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class Kept(NamedTuple):
    """Kept counts of definitions by name, and the moment of which they are the answer."""

    counts: Mapping[str, Counts]
    as_of: datetime


def kept_counts(
    session: Session, region: str, month: date, definitions: Sequence[Definition], now: datetime
) -> Kept | None:
    """The kept counts of these definitions; None where there are none to go by.

    They are of now where counting anew would say the same. Of a large month they may also be
    some minutes old: then they are of the moment of the count, which whoever shows them says.
    """
    digest = made_by(definitions)
    fresh = _fresh(session, region, month, digest, now) is not None
    row = session.execute(
        sa.select(col(MonthCount.counted_at), col(MonthCount.figures)).where(
            col(MonthCount.region) == region,
            col(MonthCount.month) == month,
            *(() if fresh else _lately(digest, now)),
        )
    ).one_or_none()
    if row is None:
        return None
    counted_at, figures = row
    counts = {name: counts_of_json(kept) for name, kept in figures.items()}
    return Kept(counts, now if fresh else counted_at.astimezone(now.tzinfo))


def _lately(digest: str, now: datetime) -> tuple[Any, ...]:
    """Conditions: a large month that the scheduler counted some minutes ago."""
    return (
        col(MonthCount.made_by) == digest,
        col(MonthCount.discharged) >= LARGE,
        col(MonthCount.counted_at) <= now,
        col(MonthCount.counted_at) >= now - LATELY,
    )


def is_fresh(
    session: Session, region: str, month: date, definitions: Sequence[Definition], now: datetime
) -> bool:
    """Whether the kept row of a month would be used."""
    return _fresh(session, region, month, made_by(definitions), now) is not None


class Basis(NamedTuple):
    """What kept counts rest on. Asked for before counting, so that nothing can slip between."""

    seen: int
    discharged: int
    admitted: int
    holds_until: datetime | None


def basis_of(session: Session, region: str, month: date, now: datetime) -> Basis:
    """Find what counts that are made next will rest on.

    `seen` is the last event that every reader can see by now, whoever commits late.
    """
    seen: int | None = session.execute(
        sa.select(col(Event.id))
        .where(col(Event.recorded_at) <= now - SETTLED_AFTER)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).scalar()
    until = _next_last_day(session, region, month, now)
    return Basis(seen or 0, *_in_month(session, region, month), until)


def keep(
    session: Session,
    region: str,
    month: date,
    counted: Sequence[tuple[Definition, Counts]],
    basis: Basis,
    *,
    now: datetime,
) -> None:
    """Put counts in the place of those that were kept before."""
    values = {
        "region": region,
        "month": month,
        "counted_at": now,
        **basis._asdict(),
        "made_by": made_by([definition for definition, _ in counted]),
        "figures": {definition.id: counts.laid_out() for definition, counts in counted},
    }
    statement = insert_into(session, MonthCount).values(values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["region", "month"], set_=values)
    )


def made_by(definitions: Sequence[Definition]) -> str:
    """A digest of how a month is counted."""
    words = [COUNTED_BY, *sorted(f"{one.id}:{one.digest}" for one in definitions)]
    return sha256("\n".join(words).encode()).hexdigest()


def _fresh(session: Session, region: str, month: date, digest: str, now: datetime) -> Any:  # noqa: ANN401 - a row of columns.
    # Everything but the figures: they are long, and a stale row's are not wanted.
    row = session.execute(
        sa.select(
            col(MonthCount.seen),
            col(MonthCount.counted_at),
            col(MonthCount.holds_until),
            col(MonthCount.discharged),
            col(MonthCount.admitted),
        ).where(
            col(MonthCount.region) == region,
            col(MonthCount.month) == month,
            col(MonthCount.made_by) == digest,
        )
    ).one_or_none()
    if row is None or now < row.counted_at or (row.holds_until and row.holds_until <= now):
        return None
    if (row.discharged, row.admitted) != _in_month(session, region, month):
        return None
    if _survey_ended(session, region, month, row.counted_at, now):
        return None
    return None if _acted_on(session, region, month, row.seen) else row


def _in_month(session: Session, region: str, month: date) -> tuple[int, int]:
    """How many left in a month, and how many came."""
    left, came = (
        session.execute(
            sa.select(sa.func.count())
            .select_from(Stay)
            .where(
                is_registered(),
                col(Stay.region) == region,
                day >= month,
                day < next_month(month),
            )
        ).scalar_one()
        for day in (col(Stay.discharged_on), col(Stay.admitted_on))
    )
    return left, came


def _acted_on(session: Session, region: str, month: date, seen: int) -> bool:
    """Whether anything was done since on a person who is in the month, at whatever stay."""
    acted = aliased(Stay)
    end = next_month(month)
    found = session.execute(
        sa.select(col(Event.id))
        .join(acted, col(acted.id) == col(Event.stay_id))
        .join(Stay, col(Stay.patient_id) == col(acted.patient_id))
        .where(
            col(Event.id) > seen,
            col(Event.act).not_in(_READING),
            col(Stay.region) == region,
            sa.or_(
                sa.and_(col(Stay.discharged_on) >= month, col(Stay.discharged_on) < end),
                sa.and_(col(Stay.admitted_on) >= month, col(Stay.admitted_on) < end),
            ),
        )
        .limit(1)
    ).first()
    return found is not None


def _survey_ended(
    session: Session, region: str, month: date, counted_at: datetime, now: datetime
) -> bool:
    """Whether the answers of the month's survey began to count since."""
    survey = survey_of(session, region, month)
    told_at = survey.told_at if survey else None
    return told_at is not None and counted_at < told_at <= now


def _next_last_day(session: Session, region: str, month: date, now: datetime) -> datetime | None:
    """When admission information that may still come will be late."""
    until: datetime | None = session.execute(
        sa.select(sa.func.min(col(Handoff.due_at)))
        .join(Stay, col(Stay.id) == col(Handoff.stay_id))
        .where(
            is_registered(),
            col(Stay.region) == region,
            col(Stay.admitted_on) >= month,
            col(Stay.admitted_on) < next_month(month),
            col(Stay.discharged_on).is_(None),
            col(Handoff.withdrawn_at).is_(None),
            col(Handoff.kind) == HandoffKind.ADMISSION_INFORMATION,
            col(Handoff.due_at) > now,
        )
    ).scalar()
    return until
