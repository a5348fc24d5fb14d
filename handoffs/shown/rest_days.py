"""On which days the side that must act is closed before its last day is over.

"あと4日" over a public holiday or the turn of the year is fewer days than it says. The calendar is
that of the side whose turn it is: its own open weekdays, its own closed days and, unless it works
on them, public holidays. It only tells; what a due is counted by is the edition's. Reads no clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from handoffs.calendars import calendar_of
from handoffs.shown.dossier import Dossier
from rules import Calendar, Party

MOST_DAYS = 62
"""A last day that is farther off is not counted out day by day."""


@dataclass(frozen=True)
class RestDays:
    """Closed days up to a last day: how many, and as runs of days that follow each other."""

    count: int
    runs: tuple[tuple[date, date], ...]


def acting_calendar(dossier: Dossier, party: Party, today: date) -> Calendar | None:
    """The calendar of a side of a stay; None for the person, the family and whoever is not known.

    A centre or a town counts by public holidays and weekdays, which is what is known of it.
    """
    if party is Party.PERSON_OR_FAMILY:
        return None
    if party is Party.HOSPITAL:
        return calendar_of(dossier.hospital, today)
    return calendar_of(dossier.office if party is Party.CARE_MANAGER else None, today)


def rest_days(calendar: Calendar | None, first: date, last: date) -> RestDays | None:
    """The closed days from one day to another, both included; None where there is none."""
    if calendar is None or (last - first).days > MOST_DAYS:
        return None
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    closed = [day for day in span if not calendar.is_open(day)]
    runs: list[tuple[date, date]] = []
    for day in closed:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return RestDays(len(closed), tuple(runs)) if closed else None
