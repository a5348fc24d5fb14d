"""Fiscal years (年度): April to March, named by the year in which they begin."""

from datetime import date

from handoffs.tokyo import first_of_month, months_before, next_month

APRIL = 4
MONTHS = 12


def fiscal_year_of(day: date) -> int:
    """The fiscal year that a day belongs to."""
    return day.year if day.month >= APRIL else day.year - 1


def months_of(year: int) -> tuple[date, ...]:
    """The twelve months of a fiscal year, as their first days."""
    return months_before(date(year + 1, APRIL - 1, 1), MONTHS)


def months_over(year: int, today: date) -> tuple[date, ...]:
    """Those of its months that were over before today."""
    running = first_of_month(today)
    return tuple(month for month in months_of(year) if month < running)


def is_over(year: int, today: date) -> bool:
    """Whether all twelve months are over."""
    return next_month(months_of(year)[-1]) <= today
