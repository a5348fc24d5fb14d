"""Keep the counts of months ready for their pages: what the scheduler does beside its ticks.

Counting anew takes a second for a large region, so it is done once for everybody, whenever
something happened in a month. Idempotent; two processes only count twice. A month that is still
going on has no page and is not kept.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from handoffs.database import Database
from handoffs.rates.month import whole_month
from handoffs.rates.month_close import closed_months
from handoffs.rates.month_count import basis_of, is_fresh, keep
from handoffs.rates.shelf import counted_definitions
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import day_of, first_of_month, months_before


def keep_counts(
    database: Database,
    region: str,
    now: datetime,
    stop_asked: Callable[[], bool] = lambda: False,
    *,
    anew: bool = False,
) -> tuple[date, ...]:
    """Count every month whose kept counts no longer hold; which they were, newest first.

    anew: count the months that are not closed again in any case, for what no act tells of, such
    as a ward whose kind was put right by hand. `stop_asked` is looked at before each month.
    """
    with database.reading() as session:
        months, closed = _months(session, region, now), closed_months(session, region)
    counted = []
    for month in months:
        if stop_asked():
            break
        definitions = counted_definitions(region, month)
        with database.reading() as session:
            again = anew and month not in closed
            if not again and is_fresh(session, region, month, definitions, now):
                continue
            basis = basis_of(session, region, month, now)
            figures = whole_month(session, region, month, definitions, now=now)
        with database.writing() as session:
            keep(session, region, month, figures, basis, now=now)
        counted.append(month)
    return tuple(counted)


def _months(session: Session, region: str, now: datetime) -> tuple[date, ...]:
    """The months that have a page, newest first."""
    first: date | None = session.exec(
        select(func.min(col(Stay.admitted_on))).where(is_registered(), Stay.region == region)
    ).one()
    newest = first_of_month(first_of_month(day_of(now)) - timedelta(days=1))
    if first is None or first_of_month(first) > newest:
        return ()
    oldest = first_of_month(first)
    many = (newest.year - oldest.year) * 12 + newest.month - oldest.month + 1
    return tuple(reversed(months_before(newest, many)))
