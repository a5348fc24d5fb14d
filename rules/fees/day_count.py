"""The proof of a count of days: each date, what it is, and which number it has.

Two conventions stand beside each other: the admission day is day 1, or the first
day is not counted. Which one a region or an insurer uses is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.fees.office_hours import OfficeHours
from rules.fees.window import Cover, FeeWindow

GOES_ON = timedelta(days=14)
"""How long after the window a proof counts on, day by day, to the day of giving."""


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


def day_count(
    window: FeeWindow, office: OfficeHours, *, also: date | None = None
) -> tuple[CountedDay, ...]:
    """Count each date from the admission to the last outer date of the window.

    also: a day on which something was given. After the window the count goes on to it, day by day
    for two weeks; a later one stands alone at the end.
    """
    last = window.last_day
    if also is not None and last < also <= last + GOES_ON:
        last = also
    length = (last - window.admitted_on).days
    days = [window.admitted_on + timedelta(days=passed) for passed in range(length + 1)]
    if also is not None and also > last:
        days.append(also)
    return tuple(_counted(day, window, office) for day in days)


def _counted(day: date, window: FeeWindow, office: OfficeHours) -> CountedDay:
    passed = (day - window.admitted_on).days
    return CountedDay(
        on=day,
        holiday=office.holidays.name_of(day),
        is_open=office.is_open(day),
        admission_is_day_1=passed + 1,
        first_day_not_counted=passed,
        covers=window.covers(day),
    )


def window_of_days(admitted_on: date, days: int) -> tuple[date, date]:
    """Give the last day of "within N days" under either convention, the earlier first.

    A regional rule that does not say how it counts is alarmed on the first.
    """
    last = admitted_on + timedelta(days=days)
    return last - timedelta(days=1), last
