"""Days as they are counted in Japan.

The record keeps moments in UTC and days as days of Asia/Tokyo. Everything that
turns one into the other stands here. Reads no clock: `now` always comes in.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def day_of(moment: datetime) -> date:
    """The calendar day in Tokyo on which an aware moment falls."""
    return moment.astimezone(TOKYO).date()


def start_of(day: date) -> datetime:
    """The first moment of a Tokyo day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=TOKYO).astimezone(UTC)


def late_from(due_on: date) -> datetime:
    """The moment from which something due on a day is late: the next 00:00 in Tokyo.

    `due_on` is the last permitted day, so the whole of it is still in time.
    """
    return start_of(due_on + timedelta(days=1))


def first_of_month(day: date) -> date:
    """The first day of the month that a day belongs to."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after the one that starts on `month`."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_before(month: date, count: int) -> tuple[date, ...]:
    """The first days of `count` months up to and including `month`, oldest first."""
    months = [month.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return tuple(reversed(months))
