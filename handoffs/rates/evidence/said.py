"""Which statements of a year stand, asked of the database: no year's evidence reads another's.

Names nobody and decides nothing; what counts as evidence is said by who asks.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from handoffs.rates.yearly.fiscal_year import months_of
from handoffs.statement import Statement
from handoffs.tokyo import next_month


def still_said() -> tuple[Any, ...]:
    """Conditions: neither taken back, on whatever day, nor itself what takes another back."""
    back = aliased(Statement)
    taken = sa.exists().where(col(back.retracts_id) == col(Statement.id))
    return col(Statement.retracts_id).is_(None), ~taken


def in_year(year: int) -> tuple[Any, ...]:
    """Conditions: what is said to have happened within a fiscal year."""
    first, after = bounds(year)
    return col(Statement.happened_on) >= first, col(Statement.happened_on) < after


def bounds(year: int) -> tuple[date, date]:
    """The first day of a fiscal year, and the first one after it."""
    months = months_of(year)
    return months[0], next_month(months[-1])
