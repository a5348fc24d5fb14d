"""Three months side by side, for the region's council: made of what each month publishes alone.

Nothing is counted for the quarter. A sum stands only where all three months show their counts,
so that nothing can be worked out of it that the months do not show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack

from sqlmodel import Session

from handoffs.rates.choices import Showing
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.published import published_month
from handoffs.tokyo import months_before

MONTHS = 3
HIDDEN_MONTH = "※の月があるため、計は示しません"
REDEFINED = "途中で数え方が変わったため、計は示しません"


@dataclass(frozen=True)
class QuarterLine:
    """One figure of the three months. Where `sum` is None, `no_sum` says why in words."""

    measure: Measure
    figures: tuple[tuple[date, Figure], ...]
    sum: Figure | None
    no_sum: str = ""


@dataclass(frozen=True)
class Quarter:
    """What the council is shown. `redefined` names figures that were not counted alike."""

    region_name: str
    months: tuple[MonthlyRates, ...]
    lines: tuple[QuarterLine, ...]
    redefined: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Whether a month of it can still change."""
        return any(month.provisional for month in self.months)


def quarter_before(day: date) -> date:
    """The first month of the last quarter that was over on the first of a month.

    Quarters of the fiscal year, which begins in April, are those of the calendar.
    """
    first = (day.month - 1) // MONTHS * MONTHS + 1
    return months_before(day.replace(month=first, day=1), MONTHS + 1)[0]


def published_quarter(
    session: Session, region: str, first: date, **showing: Unpack[Showing]
) -> Quarter:
    """Set what three months publish side by side, from the month `first` on."""
    last = date(first.year, first.month + MONTHS - 1, 1)
    months = tuple(
        published_month(session, region, month, **showing) for month in months_before(last, MONTHS)
    )
    return quarter_of(showing["region_name"], months)


def quarter_of(region_name: str, months: Sequence[MonthlyRates]) -> Quarter:
    """Set published months side by side."""
    lines, redefined = [], []
    for measure in months[-1].measures:
        same = [next((m for m in month.measures if m.id == measure.id), None) for month in months]
        figures = tuple(
            (month.month, one.total)
            for month, one in zip(months, same, strict=True)
            if one is not None
        )
        alike = all(one is not None and one.digest == measure.digest for one in same)
        if not alike:
            redefined.append(measure.label)
        whole = _sum(figures) if alike else None
        why = "" if whole else (HIDDEN_MONTH if alike else REDEFINED)
        lines.append(QuarterLine(measure, figures, whole, why))
    return Quarter(region_name, tuple(months), tuple(lines), tuple(redefined))


def _sum(figures: Sequence[tuple[date, Figure]]) -> Figure | None:
    if any(figure.hidden for _, figure in figures):
        return None
    return Figure(
        sum(figure.counted for _, figure in figures),
        sum(figure.of for _, figure in figures),
        sum(figure.unknown for _, figure in figures),
    )
