"""Silence is measured against a hospital's own habit, never against another's."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from handoffs.database import Database
from handoffs.parties import Actor
from handoffs.region.silence import Silence, silence_of
from handoffs.stays.stay import Destination
from handoffs.tokyo import day_of
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast

TODAY = day_of(NOW)
DAY = timedelta(days=1)


def register(session: Session, cast: Cast, by: Actor, ward_id: int, day: date) -> None:
    """Let a hospital register somebody at noon of a day in Tokyo."""
    make_stay(
        session,
        cast,
        hospital_id=by.organization_id,
        ward_id=ward_id,
        admitted_on=day,
        discharged_on=day + DAY,
        destination=Destination.HOME,
        registered_at=NOW + (day - TODAY) + timedelta(hours=2),
    )


def silence(database: Database, now: datetime = NOW) -> Silence:
    with database.reading() as session:
        return silence_of(session, REGION, now=now)


def test_a_hospital_that_registers_daily_is_silent_after_days_and_a_seldom_one_is_not(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for passed in range(4, 150, 2):
            register(session, cast, cast.ward_nurse, cast.ward_id, TODAY - passed * DAY)
        for passed in range(9, 170, 14):
            register(session, cast, cast.other_nurse, cast.foreign_ward_id, TODAY - passed * DAY)
    found = silence(database)
    (quiet,) = found.quiet
    assert (quiet.hospital_id, quiet.days, quiet.usual_longest) == (cast.hospital_id, 3, 1)
    assert quiet.last_on == TODAY - 4 * DAY
    assert (found.as_usual, found.not_comparable, found.never) == (1, 0, 0)


def test_today_is_not_over_and_does_not_count(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for passed in range(1, 150):
            register(session, cast, cast.ward_nurse, cast.ward_id, TODAY - passed * DAY)
    found = silence(database)
    assert found.quiet == ()
    assert (found.as_usual, found.never) == (1, 1)
    assert found.as_of == TODAY - DAY


def test_a_hospital_that_has_just_begun_cannot_be_compared(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        register(session, cast, cast.ward_nurse, cast.ward_id, TODAY - 20 * DAY)
    found = silence(database)
    assert (found.quiet, found.as_usual, found.not_comparable, found.never) == ((), 0, 1, 1)
