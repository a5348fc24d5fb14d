"""A month as its page, its command and its files show it: frozen once it is closed.

An open month is counted as it stands. A closed one is what was frozen, with everything that has
changed since beside it; only a split or a figure that was not frozen is counted now, and the
month says so (`MonthlyRates.digest` is empty then).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Unpack

from sqlmodel import Session

from handoffs.rates.choices import Asking, Choices
from handoffs.rates.close_months import waits_again
from handoffs.rates.cuts import labels_of
from handoffs.rates.definition import Event
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.frozen import frozen_measure, frozen_measures, holds
from handoffs.rates.month import count_month
from handoffs.rates.month_close import Changed, MonthClose, changed_since, close_of
from handoffs.rates.over_time import figures_of, side_by_side, trend_of
from handoffs.rates.shelf import shelf
from handoffs.tokyo import TOKYO


@dataclass(frozen=True)
class ShownMonth:
    """A month with its close, if it has one, and what differs now from what was frozen."""

    rates: MonthlyRates
    close: MonthClose | None = None
    changed: tuple[Changed, ...] = ()


def shown_month(
    session: Session, region: str, month: date, **choices: Unpack[Choices]
) -> ShownMonth:
    """Show one month, as `of_month` takes its choices. Raises NoDefinition."""
    asking = Asking(region, month.replace(day=1), **choices)
    live = count_month(session, asking)
    close = close_of(session, region, asking.month)
    if close is None:
        return ShownMonth(_over_time(session, asking, open_month(session, asking, live)))
    changed = changed_since(close, (*live.measures, *live.others))
    frozen = frozen_month(session, asking, close) or replace(live, provisional=False)
    return ShownMonth(_over_time(session, asking, frozen), close, changed)


def open_month(session: Session, asking: Asking, live: MonthlyRates) -> MonthlyRates:
    """A month past its day that is not frozen yet, or opened again, can still change."""
    again = waits_again(session, asking.region, asking.month, asking.now, asking.closes_on)
    return replace(live, provisional=live.provisional or again)


def frozen_month(session: Session, asking: Asking, close: MonthClose) -> MonthlyRates | None:
    """The month as it was frozen; None where what is asked for was not frozen. Counts nothing."""
    names = labels_of(session, asking.region, [asking.month], named=asking.hospital_names)
    labels = names[asking.month]
    first: tuple[Measure, ...]
    others: tuple[Measure, ...] = ()
    if asking.definition:
        one = frozen_measure(close, asking.definition, asking.by, labels)
        first = (one,) if one else ()
    else:
        held = holds(close, asking.by)
        first, others = frozen_measures(close, asking.by, labels) if held else ((), ())
    if not first:
        return None
    label, trend = _trend(session, asking, first[0])
    return MonthlyRates(
        region=asking.region,
        region_name=asking.region_name,
        month=asking.month,
        as_of=close.closed_at.astimezone(TOKYO),
        provisional=False,
        measures=first,
        trend=trend,
        others=others,
        trend_label=label,
        digest=close.digest,
    )


def _trend(
    session: Session, asking: Asking, first: Measure
) -> tuple[str, tuple[tuple[date, Figure], ...]]:
    """The six months of the first figure, or of the first of all where that is no discharges'."""
    every = shelf().of_region(asking.region, asking.month)
    one = next(
        (one for one in every if one.id == first.id and one.event is Event.DISCHARGES), every[0]
    )
    if one.id == first.id:
        figure = first.total
    else:
        figure = figures_of(session, asking.region, one, [asking.month], asking.now)[asking.month]
    newest = (asking.month, figure)
    return one.label, trend_of(session, asking.region, one, newest, asking.now)


def _over_time(session: Session, asking: Asking, rates: MonthlyRates) -> MonthlyRates:
    """Put months and years beside each figure that is asked for, where that is asked."""
    if not asking.over:
        return rates

    def longer(measure: Measure) -> Measure:
        definition = shelf().called(measure.id, asking.region, asking.month)
        more = side_by_side(session, asking, definition, measure)
        return replace(measure, cuts=(*measure.cuts, *more))

    return replace(rates, measures=tuple(longer(one) for one in rates.measures))
