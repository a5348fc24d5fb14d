"""Whose time is over: people all of whose stays in a hospital ended so many years ago.

How many years is the hospital's own decision; without one nobody's time is ever over. Never
somebody who is in hospital, nor whom a hold keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from handoffs.keeping.erasing import rows_about
from handoffs.keeping.hold import held_patients, is_held
from handoffs.parties import Organization, OrganizationKind
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of, start_of

Years = Mapping[str, int]
"""A hospital's ten digits, and after how many years content goes."""


@dataclass(frozen=True)
class Due:
    """What would go of one hospital: people, stays, rows by table; who is held back."""

    hospital: str
    number: str
    years: int | None
    before: date | None = None
    people: int = 0
    stays: int = 0
    held: int = 0
    rows: Mapping[str, int] | None = None


def last_day_of(now: datetime, years: int) -> date:
    """The day before which a discharge must lie: so many years before today in Tokyo."""
    today = day_of(now)
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # The leap day: its years are over a day later.
        return today.replace(year=today.year - years, day=28)


def people_due(hospital_id: int, before: date, *, held: bool = False) -> sa.Select[int]:
    """The ids of the people of a hospital whose time is over; with `held` those kept back."""
    still = sa.select(col(Stay.patient_id)).where(
        col(Stay.hospital_id) == hospital_id,
        sa.or_(
            sa.and_(col(Stay.cancelled_at).is_(None), col(Stay.discharged_on).is_(None)),
            sa.and_(col(Stay.cancelled_at).is_(None), col(Stay.discharged_on) >= before),
            col(Stay.cancelled_at) >= start_of(before),
        ),
    )
    over = sa.select(col(Stay.patient_id)).where(
        col(Stay.hospital_id) == hospital_id, col(Stay.erased_at).is_(None)
    )
    kept = sa.or_(is_held(hospital_id), col(Patient.id).in_(held_patients()))
    return sa.select(col(Patient.id)).where(
        col(Patient.hospital_id) == hospital_id,
        col(Patient.id).in_(over),
        col(Patient.id).not_in(still),
        kept if held else sa.not_(kept),
    )


def due_now(session: Session, years: Years, now: datetime) -> list[Due]:
    """List what would go, hospital by hospital; those without a decision too."""
    hospitals = session.exec(
        select(Organization)
        .where(Organization.kind == OrganizationKind.HOSPITAL)
        .order_by(col(Organization.id))
    )
    return [_of(session, one, years.get(one.number or ""), now) for one in hospitals]


def _of(session: Session, hospital: Organization, years: int | None, now: datetime) -> Due:
    if years is None:
        return Due(hospital.name, hospital.number or "", None)
    before = last_day_of(now, years)
    people = people_due(hospital.id, before)
    stays = sa.select(col(Stay.id)).where(
        col(Stay.patient_id).in_(people), col(Stay.erased_at).is_(None)
    )
    return Due(
        hospital=hospital.name,
        number=hospital.number or "",
        years=years,
        before=before,
        people=_count(session, people),
        stays=_count(session, stays),
        held=_count(session, people_due(hospital.id, before, held=True)),
        rows=rows_about(session, people),
    )


def _count(session: Session, query: sa.Select[int]) -> int:
    return session.exec(select(func.count()).select_from(query.subquery())).one()
