"""The proof of a count of days: each date, what it is, and which number it has.

Two conventions stand beside each other: the admission day is day 1, or the first
day is not counted. Which one a region or an insurer uses is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.fees.office_hours import OfficeHours
from rules.fees.window import Cover, FeeWindow


@dataclass(frozen=True)
class CountedDay:
    """One date of the proof.

    admission_is_day_1, first_day_not_counted: its number under either convention; the
    admission day itself has none (0) under the second.
    """

    on: date
    holiday: str | None
    is_open: bool
    admission_is_day_1: int
    first_day_not_counted: int
    covers: tuple[Cover, ...]


def day_count(window: FeeWindow, office: OfficeHours) -> tuple[CountedDay, ...]:
    """Count each date from the admission to the last outer date of the window."""
    length = (window.last_day - window.admitted_on).days
    days = (window.admitted_on + timedelta(days=passed) for passed in range(length + 1))
    return tuple(
        CountedDay(
            on=day,
            holiday=office.holidays.name_of(day),
            is_open=office.is_open(day),
            admission_is_day_1=passed + 1,
            first_day_not_counted=passed,
            covers=window.covers(day),
        )
        for passed, day in enumerate(days)
    )


def window_of_days(admitted_on: date, days: int) -> tuple[date, date]:
    """Give the last day of "within N days" under either convention, the earlier first.

    A regional rule that does not say how it counts is alarmed on the first.
    """
    last = admitted_on + timedelta(days=days)
    return last - timedelta(days=1), last
