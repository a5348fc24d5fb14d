"""On which days an organization is open, for the rules to count by.

Public holidays are those of `rules.public_holidays`. A year that the Cabinet
Office has not gazetted yet follows the law as it stands today.
"""

from datetime import date
from functools import lru_cache

from handoffs.parties import Organization, closed_dates
from rules import Calendar, Whose
from rules.public_holidays import FIRST_YEAR, LAST_YEAR
from rules.public_holidays import public_holidays as named_holidays

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS_AROUND = 2


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Japan in one calendar year; none for a year that nobody knows.

    A day so far off, which only a slip of the pen gives, is counted by weekdays alone.
    """
    return frozenset(named_holidays(year)) if FIRST_YEAR <= year <= LAST_YEAR else frozenset()


@lru_cache(maxsize=64)
def _holidays_between(first_year: int, last_year: int) -> frozenset[date]:
    return frozenset().union(*(public_holidays(y) for y in range(first_year, last_year + 1)))


def calendar_of(
    organization: Organization | None, around: date, until: date | None = None
) -> Calendar:
    """Build the calendar of an organization for the years around a day, or around two.

    Without an organization, or where it gave no hours, every weekday from Monday
    to Friday is open and public holidays are closed.
    """
    free = _holidays_between(around.year - 1, (until or around).year + _YEARS_AROUND)
    if organization is None:
        return Calendar(open_weekdays=frozenset(range(5)), closed=free)
    weekdays = frozenset(
        number for number, name in enumerate(_WEEKDAYS) if name in organization.hours
    ) or frozenset(range(5))
    own = closed_dates(organization)
    return Calendar(
        open_weekdays=weekdays,
        closed=own if organization.open_on_public_holidays else own | free,
    )


def calendars_for(
    hospital: Organization, office: Organization | None, around: date, until: date
) -> dict[Whose, Calendar]:
    """The calendars that an edition may name for one stay, from one day to a later one."""
    return {
        Whose.HOSPITAL: calendar_of(hospital, around, until),
        Whose.OFFICE: calendar_of(office, around, until),
        Whose.PUBLIC: calendar_of(None, around, until),
    }
