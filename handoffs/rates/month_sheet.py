"""The sheet of a month as the scheduler made it on the first open day: the bytes of its PDF.

It shows what was known that morning, and stays as it is while the figures go on changing until
the close. Counts only, without what is too small: it is made from what may leave.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from handoffs.calendars import calendar_of
from handoffs.database import insert_into
from handoffs.tokyo import next_month

MOST_BYTES = 2_000_000
"""A sheet has some 60,000; more is no sheet."""


class MonthSheet(SQLModel, table=True):
    """One kept sheet a month. Never changed."""

    __tablename__ = "month_sheet"

    region: str = Field(max_length=40, primary_key=True)
    month: date = Field(primary_key=True)
    made_at: datetime
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=sa.LargeBinary)


def first_open_day(month: date) -> date:
    """The first day after a month on which a public office is open."""
    day = next_month(month)
    calendar = calendar_of(None, day)
    while not calendar.is_open(day):
        day += timedelta(days=1)
    return day


def keep_sheet(session: Session, region: str, month: date, content: bytes, now: datetime) -> bool:
    """Keep a month's sheet; False where one is kept already, which stays."""
    if sheet_of(session, region, month) is not None or len(content) > MOST_BYTES:
        return False
    values = {
        "region": region,
        "month": month,
        "made_at": now,
        "digest": sha256(content).hexdigest(),
        "content": content,
    }
    session.execute(insert_into(session, MonthSheet).values(values).on_conflict_do_nothing())
    return True


def sheet_of(session: Session, region: str, month: date) -> MonthSheet | None:
    """The sheet that was kept for a month."""
    return session.exec(
        select(MonthSheet).where(MonthSheet.region == region, MonthSheet.month == month)
    ).one_or_none()


def made_at(session: Session, region: str, month: date) -> datetime | None:
    """When a month's sheet was made; None where none was."""
    return session.exec(
        select(MonthSheet.made_at).where(MonthSheet.region == region, MonthSheet.month == month)
    ).one_or_none()
