"""One fiscal year of a region on one page: the handbook's list, the goals, and what is beside.

Our own two figures (※) are counted; everything else was typed in and stands as it was typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from handoffs.rates.figures import Figure
from handoffs.rates.references import References, references
from handoffs.rates.yearly.coverage import Coverage, coverage_of
from handoffs.rates.yearly.goals import RegionalGoal, goals_of
from handoffs.rates.yearly.indicators import BASELINES, FigureKind, Indicator
from handoffs.rates.yearly.leaving import hidden_of_months, to_leave
from handoffs.rates.yearly.outside import OutsideFigure, standing
from handoffs.rates.yearly.own_figures import OwnSeries, own_series
from handoffs.rates.yearly.published_series import Series, published_series

YEARS = 3
"""How many fiscal years stand beside each other, the one asked for last."""


@dataclass(frozen=True)
class IndicatorLine:
    """One fee of the list in one place: what was typed in for each year, by year."""

    indicator: Indicator
    place: str
    figures: tuple[tuple[int, OutsideFigure | None], ...]

    @property
    def unit(self) -> str:
        """The unit of its newest figure; nothing where there is none."""
        return next((one.unit.label for _, one in reversed(self.figures) if one), "")


@dataclass(frozen=True)
class YearlyReport:
    """Everything of the page. leaves: small counts are taken out; it may leave the house."""

    region: str
    region_name: str
    year: int
    years: tuple[int, ...]
    as_of: datetime
    own: tuple[OwnSeries, ...]
    indicators: tuple[IndicatorLine, ...]
    goals: tuple[RegionalGoal, ...]
    baselines: tuple[OutsideFigure, ...]
    coverage: tuple[Coverage, ...]
    series: tuple[Series, ...]
    references: tuple[References, ...]
    leaves: bool = False

    def own_figure(self, series: OwnSeries, year: int) -> Figure:
        """One of the two figures in one year, as it is shown."""
        return series.of_year(year).total


def of_year(
    session: Session, region: str, year: int, *, region_name: str, now: datetime
) -> YearlyReport:
    """The report of a fiscal year for its health centre, with the years before beside it."""
    years = tuple(range(year - YEARS + 1, year + 1))
    figures = standing(session, region)
    return YearlyReport(
        region=region,
        region_name=region_name,
        year=year,
        years=years,
        as_of=now,
        own=own_series(session, region, years, now=now),
        indicators=_indicators(figures.values(), years),
        goals=goals_of(session, region, year),
        baselines=tuple(
            one
            for name in BASELINES
            for one in figures.values()
            if one.kind is FigureKind.BASELINE and one.name == name
        ),
        coverage=coverage_of(session, region, now=now),
        series=published_series(),
        references=references(),
    )


def published_year(
    session: Session, region: str, year: int, *, region_name: str, now: datetime
) -> YearlyReport:
    """The report as it may leave: PDF and CSV are made of this alone.

    Our own count beside an outside one does not leave: it can be small, and it nests with the
    rate's. The share would give it away, too.
    """
    report = of_year(session, region, year, region_name=region_name, now=now)
    # A month of nobody hides nothing.
    months = {
        month
        for series in report.own
        for one in series.years
        if one.is_whole
        for month, figure in one.months
        if figure.of
    }
    hidden = hidden_of_months(session, region, sorted(months), now=now)
    return replace(report, own=to_leave(report.own, hidden), coverage=(), leaves=True)


def _indicators(
    figures: Iterable[OutsideFigure], years: Sequence[int]
) -> tuple[IndicatorLine, ...]:
    """A line for each fee of the list, the region's own first, then other places by name."""
    known = {
        (one.name, one.place, one.period): one
        for one in figures
        if one.kind is FigureKind.INDICATOR
    }
    lines = []
    for indicator in Indicator:
        places = {place for name, place, _ in known if name == indicator.value}
        lines += [
            IndicatorLine(
                indicator,
                place,
                tuple((y, known.get((indicator.value, place, str(y)))) for y in years),
            )
            for place in sorted(places | {""})
        ]
    return tuple(lines)
