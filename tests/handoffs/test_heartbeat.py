from datetime import timedelta

from handoffs.database import Database
from handoffs.heartbeat import CLOCK_TOLERANCE, age_of, beat
from tests.people import NOW, Cast


def test_a_process_that_never_beat_has_no_age_and_the_last_beat_counts(
    either: tuple[Database, Cast],
) -> None:
    database, _ = either
    minute = timedelta(minutes=1)
    with database.reading() as session:
        assert age_of(session, "scheduler", NOW) is None
    for times in range(3):
        with database.writing() as session:
            beat(session, "scheduler", NOW + times * minute)
            beat(session, "web", NOW)
    with database.reading() as session:
        assert age_of(session, "scheduler", NOW + 5 * minute) == 3 * minute
        assert age_of(session, "web", NOW + 5 * minute) == 5 * minute


def test_a_beat_from_the_future_is_no_sign_of_life(database: Database) -> None:
    with database.writing() as session:
        beat(session, "scheduler", NOW + CLOCK_TOLERANCE)
        assert age_of(session, "scheduler", NOW) == timedelta(0)
        assert age_of(session, "scheduler", NOW - timedelta(seconds=1)) is None
