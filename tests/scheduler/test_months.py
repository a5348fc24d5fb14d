"""What the clock does about months, through the job that the scheduler runs."""

from datetime import UTC, date, datetime
from typing import Never

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.rates.month_company import MonthCompany
from scheduler.months import Months
from tests.people import REGION, settle

LAST_OF_NOVEMBER = datetime(2026, 11, 30, 14, 59, tzinfo=UTC)
FIRST_OF_DECEMBER = datetime(2026, 11, 30, 15, 1, tzinfo=UTC)


def _look(database: Database, now: datetime) -> bool:
    months = Months(database, REGION, "", hospital_names=True, closes_on=None, clock=lambda: now)
    return months.keep_ready()


def test_the_lines_of_a_month_are_kept_in_the_first_minute_after_it(database: Database) -> None:
    with database.writing() as session:
        settle(session)
    assert _look(database, LAST_OF_NOVEMBER)
    assert _look(database, FIRST_OF_DECEMBER)
    with database.reading() as session:
        rows = session.exec(select(MonthCompany).order_by("month")).all()
    assert [(row.month, row.settled_at is not None) for row in rows] == [
        (date(2026, 11, 1), True),
        (date(2026, 12, 1), False),
    ]


def test_an_error_ends_one_run_and_not_the_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Never:
        raise OSError

    monkeypatch.setattr("scheduler.months.settle_companies", away)
    assert not _look(database, LAST_OF_NOVEMBER)
