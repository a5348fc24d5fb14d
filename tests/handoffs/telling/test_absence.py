"""Who is away, and who is told instead."""

from datetime import date, timedelta

import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.parties import Actor, Staff
from handoffs.telling.absence import absences_of, be_away, be_back, stand_in
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)


def away(
    database: Database, who: Actor, substitute: Actor | None, *, days: tuple[int, int] = (0, 3)
) -> int:
    first, last = (TODAY + timedelta(days=ahead) for ahead in days)
    with database.writing() as session:
        stands_in = substitute.staff_id if substitute else None
        absence = be_away(session, first, last, stands_in, by=who, now=NOW)
        session.flush()
        return absence.id


def told(database: Database, who: Actor, ahead: int = 0) -> int | None:
    with database.reading() as session:
        return stand_in(session, who.person_id, TODAY + timedelta(days=ahead))


def test_the_substitute_is_told_on_these_days_alone(database: Database, cast: Cast) -> None:
    away(database, cast.care_manager, cast.colleague, days=(1, 3))

    own, other = cast.care_manager.staff_id, cast.colleague.staff_id
    assert [told(database, cast.care_manager, ahead) for ahead in range(5)] == [
        own,
        other,
        other,
        other,
        own,
    ]


def test_a_substitute_who_is_away_has_one_too_and_a_circle_ends(
    database: Database, cast: Cast
) -> None:
    away(database, cast.ward_nurse, cast.discharge_nurse)
    away(database, cast.discharge_nurse, cast.social_worker)
    assert told(database, cast.ward_nurse) == cast.social_worker.staff_id
    away(database, cast.social_worker, cast.ward_nurse)
    assert told(database, cast.ward_nurse) is None


def test_without_a_substitute_nobody_stands_in(database: Database, cast: Cast) -> None:
    away(database, cast.care_manager, None)

    assert told(database, cast.care_manager) is None


def test_a_substitute_who_left_the_house_is_not_told(database: Database, cast: Cast) -> None:
    away(database, cast.care_manager, cast.colleague)
    with database.writing() as session:
        session.get_one(Staff, cast.colleague.staff_id).active = False

    assert told(database, cast.care_manager) is None


def test_coming_back_early_ends_it(database: Database, cast: Cast) -> None:
    absence_id = away(database, cast.care_manager, cast.colleague)
    with database.writing() as session:
        be_back(session, absence_id, by=cast.care_manager, now=NOW)
        be_back(session, absence_id, by=cast.care_manager, now=NOW)

    assert told(database, cast.care_manager) == cast.care_manager.staff_id
    with database.reading() as session:
        assert absences_of(session, cast.care_manager.person_id, TODAY) == []


@pytest.mark.parametrize(
    ("days", "who", "field"),
    [
        ((3, 0), "colleague", "to_on"),
        ((-9, -1), "colleague", "to_on"),
        ((0, 900), "colleague", "to_on"),
        ((0, 1), "care_manager", "substitute_id"),
        ((0, 1), "outsider", "substitute_id"),
    ],
)
def test_days_and_substitutes_that_cannot_be_are_refused(
    database: Database, cast: Cast, days: tuple[int, int], who: str, field: str
) -> None:
    with pytest.raises(BadEntry) as refused:
        away(database, cast.care_manager, cast.people[who], days=days)

    assert list(refused.value.fields) == [field]
