from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, func, select

from handoffs.accounts.signed_in import staff_named, start_session
from handoffs.accounts.tries import (
    SignInTry,
    know_browser,
    lane,
    new_browser,
    note_failure,
    wait_for,
)
from handoffs.database import Database
from tests.people import NOW, Cast


def _sign_in(session: Session, name: str) -> None:
    staff = staff_named(session, name)
    assert staff is not None
    start_session(session, staff, NOW)


def _everything(database: Database) -> str:
    with database.reading() as session:
        return " ".join(
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in session.connection().execute(table.select())
        )


WAITS = [
    (0, timedelta(0)),
    (4, timedelta(0)),
    (5, timedelta(seconds=2)),
    (6, timedelta(seconds=4)),
    (9, timedelta(seconds=32)),
    (10, timedelta(minutes=15)),
    (30, timedelta(minutes=15)),
]


@pytest.mark.parametrize(("failures", "pause"), WAITS)
def test_the_wait_grows_after_five_failures_and_is_a_quarter_of_an_hour_after_ten(
    database: Database, failures: int, pause: timedelta
) -> None:
    with database.writing() as session:
        for _ in range(failures):
            note_failure(session, "ward_nurse", NOW)
        session.flush()
        assert wait_for(session, "ward_nurse", NOW) == pause
        assert wait_for(session, "ward_nurse", NOW + pause) == timedelta(0)
        assert wait_for(session, "care_manager", NOW) == timedelta(0)


def test_failures_are_forgotten_after_a_quarter_of_an_hour_and_after_a_success(
    database: Database,
) -> None:
    later = NOW + timedelta(minutes=15, seconds=1)
    with database.writing() as session:
        for _ in range(9):
            note_failure(session, "ward_nurse", NOW)
        note_failure(session, "ward_nurse", later)
        session.flush()
        assert session.exec(select(SignInTry.failures)).one() == 1
        _sign_in(session, "ward_nurse")
        session.flush()
        assert session.exec(select(SignInTry)).all() == []


def test_a_name_that_was_mistyped_stands_nowhere(database: Database) -> None:
    with database.writing() as session:
        note_failure(session, "my-password-in-the-wrong-field", NOW)
    assert "my-password" not in _everything(database)


def test_a_stranger_who_fails_does_not_lock_the_browser_that_a_person_uses(
    either: tuple[Database, Cast],
) -> None:
    """R-A8, acceptance row 9: delay and lock that nobody can use against somebody else."""
    database, cast = either
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        own, borrowed = new_browser(), new_browser()
        know_browser(session, own, nurse, NOW)
        know_browser(session, own, nurse, NOW)
        know_browser(session, borrowed, cast.colleague.person_id, NOW)
        for _ in range(30):
            note_failure(session, lane(session, "ward_nurse", nurse, None), NOW)
        session.flush()
        for browser in (None, borrowed, "made up"):
            assert wait_for(session, lane(session, "ward_nurse", nurse, browser), NOW)
        at_home = lane(session, "ward_nurse", nurse, own)
        assert not wait_for(session, at_home, NOW)
        for _ in range(10):
            note_failure(session, at_home, NOW)
        session.flush()
        assert wait_for(session, at_home, NOW) == timedelta(minutes=15)


def test_getting_in_at_home_gives_a_stranger_no_more_tries(database: Database, cast: Cast) -> None:
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        own = new_browser()
        know_browser(session, own, nurse, NOW)
        for _ in range(10):
            note_failure(session, "ward_nurse", NOW)
        staff = staff_named(session, "ward_nurse")
        assert staff is not None
        start_session(session, staff, NOW, lane(session, "ward_nurse", nurse, own))
        session.flush()
        assert wait_for(session, "ward_nurse", NOW) == timedelta(minutes=15)


def test_a_flood_of_names_is_forgotten_with_the_next_failure(database: Database) -> None:
    with database.writing() as session:
        for number in range(200):
            note_failure(session, f"nobody-{number}", NOW)
        note_failure(session, "one more", NOW + timedelta(minutes=16))
        session.flush()
        assert session.exec(select(func.count()).select_from(SignInTry)).one() == 1
