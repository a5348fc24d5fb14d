from datetime import timedelta

import pytest

from handoffs.accounts.account import account_of
from handoffs.audit.leak import LeakEntry, LeakKind, concerned, dates_of, open_leak
from handoffs.audit.people import people_of
from handoffs.audit.seen import Asked, of_house, sights, stays_seen
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act, named, names_of, record
from handoffs.tokyo import day_of
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)


@pytest.fixture
def stays(database: Database, library: Library, cast: Cast) -> list[int]:
    """Three stays of which the ward nurse saw two in a list and one by itself, at 11 o'clock."""
    with database.writing() as session:
        made = [admit_someone(session, library, cast).id for _ in range(3)]
        by = cast.ward_nurse
        record(session, by, Act.STAY_LIST, now=NOW + HOUR, shown=named(made[:2]), page="stays.show")
        record(session, by, Act.STAY_READ, now=NOW + HOUR, stay_id=made[2], page="stays.show")
        account_of(session, cast.discharge_nurse.person_id).keeps_accounts = True
        account_of(session, cast.other_nurse.person_id).keeps_accounts = True
    return made


def test_names_are_read_as_they_were_written() -> None:
    assert names_of(named({3, 1}, {7})) == ([1, 3], [7])
    assert (named(()), names_of(None)) == ("", ([], []))


def test_who_saw_a_patient_is_told_to_the_keeper_of_the_house_alone(
    database: Database, cast: Cast, stays: list[int]
) -> None:
    since, until = NOW + HOUR / 2, NOW + 2 * HOUR
    with database.reading() as session:
        asked = of_house(session, cast.discharge_nurse, since, until, stay_id=stays[0])
        count, rows = sights(session, asked)
        assert (count, [one.staff_id for one in rows]) == (1, [cast.ward_nurse.staff_id])
        everything = of_house(session, cast.discharge_nurse, since, until)
        assert stays_seen(session, everything) == (stays, [])
        elsewhere = of_house(session, cast.other_nurse, since, until)
        assert stays_seen(session, elsewhere) == ([], [])
        with pytest.raises(NotPermitted):
            of_house(session, cast.ward_nurse, since, until)


def test_a_stay_is_not_taken_for_another_whose_number_begins_alike(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        record(session, cast.ward_nurse, Act.STAY_LIST, now=NOW, shown=named([12, 120]))
    with database.reading() as session:
        for number, expected in ((12, 1), (120, 1), (2, 0), (20, 0)):
            asked = Asked(NOW, NOW + HOUR, None, stay_id=number)
            assert sights(session, asked)[0] == expected, number


def test_reports_are_due_from_the_day_on_which_it_became_known_that_day_being_the_first() -> None:
    known = day_of(NOW)
    usual, wrongful = dates_of(known, wrongful=False), dates_of(known, wrongful=True)
    assert (usual.first_from - known, usual.first_by - known) == (2 * 24 * HOUR, 4 * 24 * HOUR)
    assert (usual.full_by - known, wrongful.full_by - known) == (29 * 24 * HOUR, 59 * 24 * HOUR)


def test_a_leak_through_an_account_concerns_whom_it_saw_by_name_for_who_may_see_them(
    database: Database, cast: Cast, stays: list[int]
) -> None:
    by = cast.discharge_nurse
    entry = LeakEntry(
        LeakKind.ACCOUNT,
        cast.ward_nurse.person_id,
        NOW + HOUR / 2,
        NOW + 2 * HOUR,
        day_of(NOW),
        wrongful=True,
    )
    with database.writing() as session:
        leak = open_leak(session, entry, by=by, now=NOW)
        found, patients = concerned(session, leak)
        assert (found, patients) == (stays, [])
        people, beyond = people_of(session, by, found, patients)
        assert (sorted(s for one in people for s in one.stays), beyond) == (stays, [])
        assert people_of(session, cast.other_nurse, found, patients) == ([], stays)


def test_a_leak_is_written_down_by_the_house_whose_it_is(
    database: Database, cast: Cast, stays: list[int]
) -> None:
    day = day_of(NOW)
    foreign = LeakEntry(LeakKind.STAYS, stays[0], NOW, NOW + HOUR, day, wrongful=False)
    late = LeakEntry(LeakKind.STAYS, stays[0], NOW, NOW, day + timedelta(days=1), wrongful=False)
    with database.writing() as session:
        with pytest.raises(BadEntry) as refused:
            open_leak(session, foreign, by=cast.other_nurse, now=NOW)
        assert set(refused.value.fields) == {"subject_id"}
        with pytest.raises(BadEntry) as refused:
            open_leak(session, late, by=cast.discharge_nurse, now=NOW)
        assert set(refused.value.fields) == {"until", "known_on"}
        leak = open_leak(session, foreign, by=cast.discharge_nurse, now=NOW)
        assert concerned(session, leak) == ([stays[0]], [])
