"""Invented offices whose fee windows are counted in tests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rules.fees.office_hours import OfficeHours
from rules.public_holidays import PublicHolidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOLIDAYS = PublicHolidays(2027)


def office(
    weekdays: Collection[str] = WEEKDAYS,
    closed: Collection[date] = (),
    *,
    open_on_public_holidays: bool = False,
) -> OfficeHours:
    """An office that is open from 08:30 to 17:30."""
    return OfficeHours.of(
        dict.fromkeys(weekdays, "08:30-17:30"),
        closed,
        open_on_public_holidays=open_on_public_holidays,
        holidays=HOLIDAYS,
    )
