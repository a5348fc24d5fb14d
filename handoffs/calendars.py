"""On which days an organization is open, for the rules to count by.

Public holidays are those of `rules.public_holidays`, or the Cabinet Office's own list where the
site named one. A year that is in no list yet follows the law as it stands today. The days on which
the region rests, as it decided on its page, close whoever gave no hours of their own.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path

from handoffs.parties import Organization, closed_dates
from rules import Calendar, CalendarError, Whose
from rules.fees.office_hours import closing_time
from rules.public_holidays import FIRST_YEAR, LAST_YEAR, PublicHolidays, gazetted_until

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS_AROUND = 2


@dataclass(frozen=True)
class Rest:
    """When a region rests: each year from one month and day to another, and on days of its own."""

    region: str = ""
    turn: tuple[tuple[int, int], tuple[int, int]] | None = None
    days: frozenset[date] = frozenset()

    def between(self, first_year: int, last_year: int) -> frozenset[date]:
        """The days of some calendar years on which it rests, and its own days of any year."""
        return _rest_between(self, first_year, last_year)


NO_REST = Rest()


@lru_cache(maxsize=64)
def _rest_between(rest: Rest, first_year: int, last_year: int) -> frozenset[date]:
    found = set(rest.days)
    if rest.turn is not None:
        (month, day), (until_month, until_day) = rest.turn
        for year in range(first_year - 1, last_year + 1):
            at = date(year, month, day)
            last = date(year + (until_month < month), until_month, until_day)
            while at <= last:
                found.add(at)
                at += timedelta(days=1)
    return frozenset(found)


def rest_to_come(today: date) -> frozenset[date]:
    """The days on which the region rests from today on, until the end of the next year."""
    days = _Shelf.rest.between(today.year, today.year + 1)
    return frozenset(day for day in days if today <= day and day.year <= today.year + 1)


class _Shelf:
    """The list of public holidays that this process goes by, and when the region rests."""

    laid_over: PublicHolidays | None = None
    rest: Rest = NO_REST


def rest_by(rest: Rest) -> None:
    """Close the region's days from now on. Said at the edge of each request and each round."""
    _Shelf.rest = rest


def lay_over(holidays: PublicHolidays | None) -> None:
    """Go by the Cabinet Office's list from now on; None goes by the library again.

    Called once, by whoever starts a process, before anything is counted.
    """
    _Shelf.laid_over = holidays
    public_holidays.cache_clear()
    _holidays_between.cache_clear()
    _calendar.cache_clear()


def go_by_file(file: Path | None) -> None:
    """Go by the list in a file that the site named; without one, by the library.

    Raises InputError, with the line, where the file is no such list.
    """
    lay_over(None if file is None else PublicHolidays.of_csv(file))


def holidays_known(today: date) -> PublicHolidays:
    """Name the public holidays of any year, and say which years are provisional on a day."""
    return _Shelf.laid_over or PublicHolidays(gazetted_until(today))


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Japan in one calendar year; none for a year that nobody knows.

    A day so far off, which only a slip of the pen gives, is counted by weekdays alone.
    """
    listed = _Shelf.laid_over or PublicHolidays(LAST_YEAR)
    known = FIRST_YEAR <= year <= LAST_YEAR or year in listed.gazetted
    return frozenset(listed.of_year(year)) if known else frozenset()


@lru_cache(maxsize=64)
def _holidays_between(first_year: int, last_year: int) -> frozenset[date]:
    return frozenset().union(*(public_holidays(y) for y in range(first_year, last_year + 1)))


def calendar_of(
    organization: Organization | None, around: date, until: date | None = None
) -> Calendar:
    """Build the calendar of an organization for the years around a day, or around two.

    Without an organization, or where it gave no hours, every weekday from Monday
    to Friday is open, public holidays and the days on which the region rests are
    closed, and no closing time is known.
    """
    first, last = around.year - 1, (until or around).year + _YEARS_AROUND
    if organization is None:
        rest = _Shelf.rest.between(first, last)
        return _calendar((), rest, first, last, keeps_holidays=True)
    own = closed_dates(organization)
    if not organization.hours and organization.region == _Shelf.rest.region:
        own |= _Shelf.rest.between(first, last)
    return _calendar(
        tuple(organization.hours.items()),
        own,
        first,
        last,
        keeps_holidays=not organization.open_on_public_holidays,
    )


@lru_cache(maxsize=1024)
def _calendar(
    spans: tuple[tuple[str, str], ...],
    own: frozenset[date],
    first_year: int,
    last_year: int,
    *,
    keeps_holidays: bool,
) -> Calendar:
    """Lay days out once for all whose hours and closed days are the same."""
    closes = {WEEKDAYS.index(day): _closes(span) for day, span in spans}
    free = _holidays_between(first_year, last_year) if keeps_holidays else frozenset()
    return Calendar(
        open_weekdays=frozenset(closes) or frozenset(range(5)),
        closed=own | free,
        closes=tuple((day, clock) for day, clock in sorted(closes.items()) if clock is not None),
    )


@lru_cache(maxsize=256)
def _closes(span: str) -> time | None:
    """The end of `08:30-17:30`; None for hours of which no end can be read."""
    try:
        return closing_time(span)
    except CalendarError:
        return None


def calendars_for(
    hospital: Organization, office: Organization | None, around: date, until: date
) -> dict[Whose, Calendar]:
    """The calendars that an edition may name for one stay, from one day to a later one."""
    return {
        Whose.HOSPITAL: calendar_of(hospital, around, until),
        Whose.OFFICE: calendar_of(office, around, until),
        Whose.PUBLIC: calendar_of(None, around, until),
    }
