"""What of a year may leave the health centre (PDF and CSV), beside what left month by month.

A year is the sum of its months, and its months were published. So a year leaves only when it is
over, and only if what its months hid cannot be worked out from it: hidden counts must be of at
least two months and ten cases together. A small count takes the whole figure out. Goals, typed
figures and published series are nobody's cases and leave as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Figure
from handoffs.rates.published import published_totals
from handoffs.rates.smallness import LEAST, REST, is_small
from handoffs.rates.yearly.indicators import OwnIndicator
from handoffs.rates.yearly.own_figures import OwnSeries, OwnYear

GONE = Figure(0, 0, 0, frozenset({COUNTED, OF, UNKNOWN}))
"""A figure that was taken out whole."""

_PAIR = 2

Hidden = dict[tuple[str, date], frozenset[str]]
"""Which counts the publication of a month leaves out, by figure and month."""


def hidden_of_months(
    session: Session, region: str, months: Iterable[date], *, now: datetime
) -> Hidden:
    """Ask the publication of some months what it leaves out."""
    published = published_totals(session, region, tuple(months), now=now)
    return {
        (measure.id, month): measure.total.hidden
        for month, measures in published.items()
        for measure in measures
    }


def to_leave(series: Sequence[OwnSeries], hidden: Hidden) -> tuple[OwnSeries, ...]:
    """The same series without what must not leave; no month by itself is in them."""
    return tuple(
        replace(one, years=tuple(_leaving(one.indicator, year, hidden) for year in one.years))
        for one in series
    )


def _leaving(indicator: OwnIndicator, year: OwnYear, hidden: Hidden) -> OwnYear:
    total = year.total
    if not year.is_whole or _has_small(total):
        return replace(year, months=(), alone=GONE)
    for name in (OF, COUNTED, UNKNOWN, REST):
        concealed = [
            _count(figure, name)
            for month, figure in year.months
            if _hides(indicator, hidden.get((indicator.value, month), frozenset()), name)
        ]
        if concealed and (len(concealed) < _PAIR or sum(concealed) < LEAST):
            return replace(year, months=(), alone=GONE)
    return replace(year, months=(), alone=total)


def _has_small(figure: Figure) -> bool:
    return any(is_small(_count(figure, name)) for name in (OF, COUNTED, UNKNOWN, REST))


def _count(figure: Figure, name: str) -> int:
    if name == REST:
        return figure.of - figure.counted - figure.unknown
    return {OF: figure.of, COUNTED: figure.counted, UNKNOWN: figure.unknown}[name]


def _hides(indicator: OwnIndicator, hidden: frozenset[str], name: str) -> bool:
    """Whether a month hides a count; 退院調整率 turns what もれ率 counts and what is left."""
    if indicator is OwnIndicator.COORDINATION:
        name = {COUNTED: REST, REST: COUNTED}.get(name, name)
    return name in hidden or (name == REST and bool(hidden & {OF}))
