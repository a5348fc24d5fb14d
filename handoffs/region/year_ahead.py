"""What comes in a region in the next year, day by day, for whoever takes the work over.

Only what the record, the rules and the region's decisions say by themselves. Read-only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from handoffs.calendars import rest_to_come
from handoffs.rates.month import closing_day
from handoffs.rates.month_sheet import first_open_day
from handoffs.rates.survey.survey import surveys_of
from handoffs.tokyo import first_of_month, next_month
from rules import Library, NoEdition
from rules.kinds import Labelled

MONTHS = 12
_QUARTER_ENDS = frozenset({3, 6, 9, 12})


class Coming(Labelled):
    """What comes."""

    SHEET = "sheet", "速報ができる"
    CLOSE = "close", "数字が確定する"
    QUARTER = "quarter", "四半期の資料を作れるようになる"
    SURVEY = "survey", "調査の回答の締め切り"
    SURVEY_YEAR = "survey_year", "調査から一年になる"
    EDITION = "edition", "新しい版が始まる"
    REST = "rest", "地域の休みに入る"


@dataclass(frozen=True)
class Day:
    """One thing that comes. `month`: of which month, where it is about one. `name`: a title."""

    day: date
    what: Coming
    month: date | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """What comes, in one line."""
        if self.month is None:
            return f"{self.what.label}（{self.name}）" if self.name else self.what.label
        if self.what is Coming.QUARTER:
            return f"{self.month.month - 2}月から{self.month.month}月までの、{self.what.label}"
        return f"{self.month.month}月分の{self.what.label}"


def year_ahead(
    session: Session, region: str, *, today: date, closes_on: int | None, library: Library
) -> tuple[Day, ...]:
    """What comes from today on within a year, the nearest first."""
    until = first_of_month(today)
    for _ in range(MONTHS):
        until = next_month(until)
    found = [
        *_months(today, until, closes_on),
        *_surveys(session, region),
        *_editions(library, region),
        *_rests(today),
    ]
    order = list(Coming)
    found = [one for one in found if today <= one.day <= until]
    return tuple(sorted(found, key=lambda one: (one.day, order.index(one.what))))


def _months(today: date, until: date, closes_on: int | None) -> Iterator[Day]:
    month = first_of_month(first_of_month(today) - timedelta(days=1))
    while month <= until:
        sheet = first_open_day(month)
        yield Day(sheet, Coming.SHEET, month)
        yield Day(closing_day(month, closes_on), Coming.CLOSE, month)
        if month.month in _QUARTER_ENDS:
            yield Day(sheet, Coming.QUARTER, month)
        month = next_month(month)


def _surveys(session: Session, region: str) -> Iterator[Day]:
    for number, survey in enumerate(surveys_of(session, region)):
        yield Day(survey.answers_until, Coming.SURVEY, survey.month)
        if number == 0:
            again = date(survey.month.year + 1, survey.month.month, 1)
            yield Day(again, Coming.SURVEY_YEAR, survey.month)


def _editions(library: Library, region: str) -> Iterator[Day]:
    try:
        editions = library.of_region(region)
    except NoEdition:
        return
    for edition in editions:
        if edition.in_force is not None:
            yield Day(edition.in_force, Coming.EDITION, name=edition.title)


def _rests(today: date) -> Iterator[Day]:
    days = rest_to_come(today)
    for day in sorted(days):
        if day - timedelta(days=1) not in days:
            last = day
            while last + timedelta(days=1) in days:
                last += timedelta(days=1)
            yield Day(
                day, Coming.REST, name="" if last == day else f"{last.month}月{last.day}日まで"
            )
