"""The sample region (見本医療圏): three hospitals and those they work with, all invented.

Six months are lived through by the verbs that the pages call, from a fixed seed: the
same moment gives the same rows. The proportions follow published figures
(`proportions`); the people, places, numbers and telephones cannot exist.

- `is_loaded` says whether a database holds the region; `load` adds it, once.
- `SIGN_INS`, `PASSWORD` and `TOTP_SECRET` say how to sign in.
"""

from datetime import datetime
from random import Random

from sqlmodel import Session, select

from handoffs.accounts import hash_password
from handoffs.database import Database
from handoffs.parties import Organization, OrganizationKind
from handoffs.rates.month_company import settle_companies
from handoffs.sample.course import Course
from handoffs.sample.houses import REGION, Houses, found_houses
from handoffs.sample.months import MONTHS, courses_of
from handoffs.sample.people import People
from handoffs.sample.scenes import scenes_of
from handoffs.sample.sign_ins import PASSWORD, SIGN_INS, TOTP_SECRET, SignIn
from handoffs.sample.steps import Desk
from handoffs.sample.timeline import live_through
from handoffs.tokyo import day_of, first_of_month, months_before, start_of
from rules import Library

__all__ = ["PASSWORD", "SIGN_INS", "TOTP_SECRET", "SignIn", "is_loaded", "load"]

SEED = 20261122


def is_loaded(database: Database) -> bool:
    """Whether the sample region is there: whether its health centre is."""
    with database.reading() as session:
        return _is_there(session)


def load(database: Database, library: Library, *, now: datetime) -> None:
    """Add the sample region as it stands at `now`, in one transaction; nothing if it is there.

    Raises NoEdition where the library has no agreement of the region for those months.
    """
    # One hash for all: one for each account would take longer than all the rest. It is made
    # before the transaction, which must not wait for it.
    password_hash = hash_password(PASSWORD)
    with database.writing() as session:
        if _is_there(session):
            return
        houses = found_houses(session, password_hash=password_hash, today=day_of(now))
        live_through(Desk(session, library), plan(houses, now=now), codes=Random(SEED + 2), now=now)
        for month in months_before(first_of_month(day_of(now)), MONTHS + 1):
            # As a clock that ran all the time would have looked.
            settle_companies(session, REGION, start_of(month))


def plan(houses: Houses, *, now: datetime) -> list[Course]:
    """Plan every stay of the region as it stands at `now`; the same moment, the same plan."""
    people = People(Random(SEED), day_of(now))
    return [
        *courses_of(houses, people, Random(SEED), now=now),
        *scenes_of(houses, people, Random(SEED + 1), now=now),
    ]


def _is_there(session: Session) -> bool:
    query = select(Organization.id).where(
        Organization.region == REGION, Organization.kind == OrganizationKind.HEALTH_CENTER
    )
    return session.exec(query).first() is not None
