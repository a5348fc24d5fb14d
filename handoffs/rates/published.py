"""What leaves the health centre about one month: PDF, workbook and CSV are made from this alone."""

from datetime import date, datetime

from sqlmodel import Session

from handoffs.rates.figures import MonthlyRates
from handoffs.rates.month import of_month
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
    """Count a month and take out what is too small.

    Always the same figures and splits: what a reader could choose would be a way to work
    out what was taken out.
    """
    return to_publish(
        of_month(
            session,
            region,
            month,
            region_name=region_name,
            hospital_names=hospital_names,
            closes_on=closes_on,
            now=now,
        )
    )
