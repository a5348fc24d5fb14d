"""What leaves the health centre about one month: PDF, workbook and CSV are made from this alone.

Of a closed month it is what was frozen, whatever came afterwards; of one that closed more than
once, only what cannot be set against an earlier close. Splits wait for the close.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Unpack

from sqlmodel import Session

from handoffs.rates.choices import Asking, Showing
from handoffs.rates.cuts import Labels
from handoffs.rates.figures import Measure, MonthlyRates
from handoffs.rates.frozen import frozen_measures
from handoffs.rates.month import count_month
from handoffs.rates.month_close import (
    close_of,
    closes_of,
    reopened_before,
    without_splits,
)
from handoffs.rates.shown_month import frozen_month, open_month
from handoffs.rates.small_numbers import to_publish


def published_month(
    session: Session, region: str, month: date, **showing: Unpack[Showing]
) -> MonthlyRates:
    """Take out of a month what is too small.

    Always the same figures and splits: what a reader could choose would be a way to work
    out what was taken out.
    """
    asking = Asking(region, month.replace(day=1), **showing)
    close = close_of(session, region, asking.month)
    frozen = frozen_month(session, asking, close) if close else None
    if frozen is None:
        # Past its day and not frozen yet, it can still change: splits of now, set against those of
        # the close, would tell of single people.
        live = open_month(session, asking, count_month(session, asking))
        return to_publish(replace(live, provisional=True))
    before: list[MonthlyRates] = []
    for row in reopened_before(session, region, asking.month):
        earlier = frozen_month(session, asking, row)
        if earlier is not None:
            before.append(to_publish(earlier, before))
    return to_publish(frozen, before)


def published_totals(
    session: Session, region: str, months: Sequence[date], *, now: datetime
) -> dict[date, tuple[Measure, ...]]:
    """The same figures of some months without their splits and trends: what a year needs."""
    closes = closes_of(session, region, months)
    found: dict[date, tuple[Measure, ...]] = {}
    for month in months:
        row = closes.get(month)
        if row is None:
            rates = published_month(
                session, region, month, region_name="", hospital_names=False, now=now
            )
        else:
            first, others = frozen_measures(without_splits(row), (), Labels())
            rates = to_publish(
                MonthlyRates(
                    region, "", month, row.closed_at, provisional=False,
                    measures=first, trend=(), others=others,
                )
            )  # fmt: skip
        found[month] = (*rates.measures, *rates.others)
    return found
