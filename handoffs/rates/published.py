"""What leaves the health centre about one month: PDF, workbook and CSV are made from this alone.

Of a closed month it is what was frozen, whatever came afterwards.
"""

from datetime import date, datetime

from sqlmodel import Session

from handoffs.rates.figures import MonthlyRates
from handoffs.rates.shown_month import shown_month
from handoffs.rates.small_numbers import to_publish


def published_month(
    session: Session,
    region: str,
    month: date,
    *,
    region_name: str,
    hospital_names: bool,
    closes_on: int | None = None,
    now: datetime,
) -> MonthlyRates:
    """Take out of a month what is too small.

    Always the same figures and splits: what a reader could choose would be a way to work
    out what was taken out.
    """
    shown = shown_month(
        session,
        region,
        month,
        region_name=region_name,
        hospital_names=hospital_names,
        closes_on=closes_on,
        now=now,
    )
    return to_publish(shown.rates)
