"""Which offices had a line of their own in each month, kept so that it never changes again.

Read from today's register, the lines of a month that is over would be put together otherwise
whenever somebody joins or leaves an office, and the difference between two readings could be one
person's. So the scheduler looks at the register all through a month and once more when it is
over, and what was true at every look is kept. Until then the month has no lines of offices, and
a month at which nobody looked while it ran never has.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.accounts.account import Account
from handoffs.accounts.password import UNUSABLE
from handoffs.parties import PLANNING_KINDS, Organization, Staff
from handoffs.rates.office_lines import Company, company, labelled
from handoffs.tokyo import day_of, first_of_month


class MonthCompany(SQLModel, table=True):
    """The company of one month, as ids of offices. settled_at: when it was kept for good."""

    __tablename__ = "month_company"

    region: str = Field(max_length=40, primary_key=True)
    month: date = Field(primary_key=True)
    several: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    named: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    settled_at: datetime | None = None

    @property
    def company(self) -> Company:
        """As a value."""
        return Company(frozenset(self.several), frozenset(self.named))


def settle_companies(session: Session, region: str, now: datetime) -> tuple[date, ...]:
    """Look at the register for the running month, and keep those that are over for good.

    Returns the months that were written, oldest first; none where all stands already.
    """
    running = first_of_month(day_of(now))
    # Locked, where the database can: a second process must not write over what this one keeps.
    rows = session.exec(
        select(MonthCompany)
        .where(MonthCompany.region == region, col(MonthCompany.settled_at).is_(None))
        .order_by(col(MonthCompany.month))
        .with_for_update()
    ).all()
    today = company(_people(session, region))
    written = []
    for row in rows:
        held, over = row.company.also(today), row.month < running
        if held != row.company or over:
            row.several, row.named = sorted(held.several), sorted(held.named)
            row.settled_at = now if over else None
            written.append(row.month)
    if session.get(MonthCompany, (region, running)) is None:
        session.add(
            MonthCompany(
                region=region, month=running, several=sorted(today.several),
                named=sorted(today.named),
            )
        )  # fmt: skip
        written.append(running)
    return tuple(written)


def companies_of(session: Session, region: str, months: Iterable[date]) -> dict[date, Company]:
    """The companies of those of these months that are settled."""
    rows = session.exec(
        select(MonthCompany).where(
            MonthCompany.region == region,
            col(MonthCompany.month).in_(list(months)),
            col(MonthCompany.settled_at).is_not(None),
        )
    )
    return {row.month: row.company for row in rows}


def office_labels(
    session: Session, region: str, months: Iterable[date]
) -> Mapping[date, dict[int, str]]:
    """What the offices of a region are called in those of these months that are settled."""
    offices = _offices(session, region)
    found = companies_of(session, region, months)
    return {month: labelled(offices, one.named) for month, one in found.items()}


def _offices(session: Session, region: str) -> Sequence[int]:
    return session.exec(
        select(Organization.id).where(
            Organization.region == region, col(Organization.kind).in_(PLANNING_KINDS)
        )
    ).all()


def _people(session: Session, region: str) -> dict[int, int]:
    """How many work in each office: who can sign in, and not only for an emergency."""
    working = (
        select(func.count())
        .select_from(Staff)
        .outerjoin(Account, col(Account.staff_id) == col(Staff.id))
        .where(
            Staff.organization_id == Organization.id,
            col(Staff.active).is_(True),
            col(Staff.password_hash) != UNUSABLE,
            col(Account.ends_at).is_(None),
        )
        .correlate(Organization)
        .scalar_subquery()
    )
    return dict(
        session.exec(
            select(Organization.id, working).where(
                Organization.region == region, col(Organization.kind).in_(PLANNING_KINDS)
            )
        ).all()
    )
