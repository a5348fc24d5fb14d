"""The two figures of the list that no statistics hold, counted from our own events (※).

A year is the sum of its months, each as it was frozen or, while it is open, as it stands now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handoffs.rates.definition import Counted, Definition
from handoffs.rates.figures import Figure
from handoffs.rates.in_words import in_words
from handoffs.rates.measured import added
from handoffs.rates.over_time import figures_of
from handoffs.rates.shelf import shelf
from handoffs.rates.yearly.fiscal_year import is_over, months_over
from handoffs.rates.yearly.indicators import OwnIndicator
from handoffs.tokyo import day_of


@dataclass(frozen=True)
class OwnYear:
    """One of the two in one fiscal year. is_whole: all of its months are over.

    changed: two months of the year were counted by different definitions, which no sum joins.
    alone: what is left of a year that leaves the house, which names no month.
    """

    year: int
    months: tuple[tuple[date, Figure], ...]
    is_whole: bool
    changed: bool = False
    alone: Figure | None = None

    @property
    def total(self) -> Figure:
        """The year: the counts of its months together, nothing where definitions changed."""
        if self.alone is not None:
            return self.alone
        return Figure(0, 0) if self.changed else added([figure for _, figure in self.months])


@dataclass(frozen=True)
class OwnSeries:
    """One of the two figures over some years, with its definition in words."""

    indicator: OwnIndicator
    definition: tuple[str, ...]
    digest: str
    years: tuple[OwnYear, ...]

    def of_year(self, year: int) -> OwnYear:
        """The figure of a year. Raises StopIteration for a year that was not asked for."""
        return next(one for one in self.years if one.year == year)


def complement(figure: Figure) -> Figure:
    """Everybody who is neither counted nor unknown: 退院調整率 of もれ率."""
    return Figure(figure.of - figure.counted - figure.unknown, figure.of, figure.unknown)


def own_series(
    session: Session, region: str, years: Sequence[int], *, now: datetime
) -> tuple[OwnSeries, ...]:
    """Both figures for some fiscal years, in the order of the list."""
    return tuple(_series(session, region, years, one, now) for one in OwnIndicator)


def definition_for(indicator: OwnIndicator, region: str, month: date) -> Definition:
    """By which definition a region counts one of the two in a month."""
    return shelf().called(indicator.value, region, month)


def _series(
    session: Session, region: str, years: Sequence[int], indicator: OwnIndicator, now: datetime
) -> OwnSeries:
    made = []
    newest: Definition | None = None
    for year in sorted(years):
        months = months_over(year, day_of(now))
        definitions = {month: definition_for(indicator, region, month) for month in months}
        newest = definitions[months[-1]] if months else newest
        counted = monthly(session, region, definitions, now)
        made.append(
            OwnYear(
                year,
                tuple(counted.items()),
                is_over(year, day_of(now)),
                changed=len({one.digest for one in definitions.values()}) > 1,
            )
        )
    last = newest or definition_for(indicator, region, day_of(now))
    words = in_words(last)
    if indicator is OwnIndicator.COORDINATION and last.counted is Counted.NOT_MET:
        words = (*words, "この表の率は、もれ率の補数（連絡があった方の割合）です。")
    return OwnSeries(indicator, words, last.digest, tuple(made))


def monthly(
    session: Session, region: str, definitions: Mapping[date, Definition], now: datetime
) -> dict[date, Figure]:
    """One figure for some months, each by its definition, turned so that more is better."""
    found: dict[date, Figure] = {}
    for definition in set(definitions.values()):
        months = [month for month, one in definitions.items() if one is definition]
        found |= figures_of(session, region, definition, months, now)
    return {
        month: complement(found[month]) if one.counted is Counted.NOT_MET else found[month]
        for month, one in definitions.items()
    }
