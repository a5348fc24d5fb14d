"""A month as its page, its command and its files show it: frozen once it is closed.

An open month is counted as it stands. A closed one is what was frozen, with everything that has
changed since beside it; only a split or a figure that was not frozen is counted now, and the
month says so (`MonthlyRates.digest` is empty then).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from handoffs.rates.close_months import waits_again
from handoffs.rates.cuts import CutBy, labels_of
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.frozen import frozen_measure, frozen_measures, holds
from handoffs.rates.month import of_month, trend_of
from handoffs.rates.month_close import Changed, MonthClose, changed_since, close_of
from handoffs.rates.shelf import shelf
from handoffs.tokyo import TOKYO


@dataclass(frozen=True)
class ShownMonth:
    """A month with its close, if it has one, and what differs now from what was frozen."""

    rates: MonthlyRates
    close: MonthClose | None = None
    changed: tuple[Changed, ...] = ()


def shown_month(  # noqa: PLR0913 - each is a choice of the reader or of the council.
    session: Session,
    region: str,
    month: date,
    *,
    region_name: str,
    hospital_names: bool,
    closes_on: int | None = None,
    definition: str = "",
    by: Sequence[CutBy] = (),
    now: datetime,
) -> ShownMonth:
    """Show one month, as `of_month` takes its choices. Raises NoDefinition."""
    month = month.replace(day=1)
    live = of_month(
        session,
        region,
        month,
        region_name=region_name,
        hospital_names=hospital_names,
        closes_on=closes_on,
        definition=definition,
        by=by,
        now=now,
    )
    close = close_of(session, region, month)
    if close is None:
        # Past its day and not yet frozen, or opened again: it can still change.
        again = waits_again(session, region, month, now, closes_on)
        return ShownMonth(replace(live, provisional=live.provisional or again))
    changed = changed_since(close, (*live.measures, *live.others))
    frozen = _frozen(session, live, close, hospital_names, definition, by)
    return ShownMonth(frozen, close, changed)


def _frozen(
    session: Session,
    live: MonthlyRates,
    close: MonthClose,
    hospital_names: bool,  # noqa: FBT001 - the council's decision.
    definition: str,
    by: Sequence[CutBy],
) -> MonthlyRates:
    """The month as it was frozen; as it is counted now where that was not frozen."""
    labels = labels_of(session, close.region, named=hospital_names)
    first: tuple[Measure, ...]
    others: tuple[Measure, ...] = ()
    if definition:
        one = frozen_measure(close, definition, by, labels)
        first = (one,) if one else ()
    else:
        first, others = frozen_measures(close, by, labels) if holds(close, by) else ((), ())
    if not first:
        return replace(live, provisional=False)
    return replace(
        live,
        as_of=close.closed_at.astimezone(TOKYO),
        provisional=False,
        measures=first,
        others=others,
        trend=_trend(session, live, close, first[0]),
        digest=close.digest,
    )


def _trend(
    session: Session, live: MonthlyRates, close: MonthClose, first: Measure
) -> tuple[tuple[date, Figure], ...]:
    """The six months, with this one as it was frozen where its figure is the one that is drawn."""
    current = {one.id: one for one in shelf().of_region(close.region, close.month)}
    if first.label != live.trend_label or first.id not in current:
        return live.trend
    return trend_of(session, close.region, close.month, current[first.id], first.total, live.as_of)
