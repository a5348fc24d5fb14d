"""Close every month whose day has passed: what the scheduler does once a day and at its start.

Idempotent: a month that is closed stays as it is, and two processes close it once. Each month
is a transaction of its own, so that years of history hold no lock for long.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from handoffs.database import Database
from handoffs.rates.month import closing_day, whole_month
from handoffs.rates.month_close import closed_months, freeze, reopened_months
from handoffs.rates.shelf import shelf
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import day_of, first_of_month, next_month


def _nobody_asked() -> bool:
    return False


def close_months(
    database: Database,
    region: str,
    now: datetime,
    closes_on: int | None = None,
    stop_asked: Callable[[], bool] = _nobody_asked,
) -> tuple[date, ...]:
    """Freeze what is over; the months that were closed, oldest first.

    `closes_on` is the day of the next month after which a month closes, None for its last
    open day. `stop_asked` is looked at before each month.
    """
    with database.reading() as session:
        due = due_months(session, region, now, closes_on)
    closed = []
    for month in due:
        if stop_asked():
            break
        with database.reading() as session:
            definitions = shelf().of_region(region, month)
            figures = whole_month(session, region, month, definitions, now=now)
        try:
            with database.writing() as session:
                if freeze(session, region, month, figures, now=now) is not None:
                    closed.append(month)
        except IntegrityError:
            continue  # Another process closed it in the same moment.
    return tuple(closed)


def due_months(
    session: Session, region: str, now: datetime, closes_on: int | None = None
) -> tuple[date, ...]:
    """The months that are over, past their closing day and open still, oldest first.

    A month that was opened again closes with the month in which somebody opened it, so that
    there is time for what it was opened for.
    """
    first: date | None = session.exec(
        select(func.min(col(Stay.admitted_on))).where(is_registered(), Stay.region == region)
    ).one()
    if first is None:
        return ()
    done, opened = closed_months(session, region), reopened_months(session, region)
    today, month, due = day_of(now), first_of_month(first), []
    while next_month(month) <= today and closing_day(month, closes_on) < today:
        if month not in done and not _waits(opened.get(month), today, closes_on):
            due.append(month)
        month = next_month(month)
    return tuple(due)


def waits_again(
    session: Session, region: str, month: date, now: datetime, closes_on: int | None = None
) -> bool:
    """Whether a month was opened again and its new closing day has not passed."""
    again = reopened_months(session, region).get(month)
    return _waits(again, day_of(now), closes_on)


def _waits(again: date | None, today: date, closes_on: int | None) -> bool:
    return again is not None and closing_day(first_of_month(again), closes_on) >= today
