"""Who is on the board, in which order, and who may be overlooked."""

from datetime import date, timedelta
from typing import Any

import pytest

from handoffs.database import Database
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.rates.coordination import Contact
from handoffs.shown.board import PAGE_ROWS, Board, board_of, whole_board_of
from handoffs.shown.unsettled import unsettled_at_a_glance, unsettled_of
from handoffs.statement import Result, Side
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, PlannedCertainty
from rules import Coordination, Library
from tests.factories import admit_someone, make_handoff, make_statement, make_stay
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)


def board(database: Database, library: Library, actor: Actor, **asked: object) -> Board:
    with database.reading() as session:
        return board_of(session, actor, library=library, now=NOW, **asked)  # type: ignore[arg-type]


def ids(found: Board) -> list[int]:
    return [row.person.stay_id for row in found.rows]


def test_own_ward_then_pressing_then_light_then_the_nearest_day(
    database: Database, library: Library, cast: Cast
) -> None:
    light, heavy = CareNeedLevel.CARE_1, CareNeedLevel.CARE_4
    with database.writing() as session:
        elsewhere = make_stay(session, cast, level=light, ward_id=cast.other_ward_id)
        quiet = make_stay(session, cast, level=light)
        later = make_stay(session, cast, level=heavy)
        sooner = make_stay(session, cast, level=heavy)
        pressing = make_stay(session, cast, level=light)
        make_handoff(session, elsewhere, due_on=TODAY)
        make_handoff(session, later, due_on=TODAY + timedelta(days=1))
        make_handoff(session, sooner, due_on=TODAY)
        make_handoff(session, pressing, due_on=TODAY + timedelta(days=1))
    order = ids(board(database, library, cast.ward_nurse))
    assert order == [pressing.id, sooner.id, later.id, quiet.id, elsewhere.id]


def test_who_works_for_the_whole_house_has_no_ward_of_their_own(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(session, cast, ward_id=cast.other_ward_id)
    (row,) = board(database, library, cast.discharge_nurse).rows
    assert row.is_own


def test_a_ward_alone_can_be_asked_for(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        make_stay(session, cast)
        there = make_stay(session, cast, ward_id=cast.other_ward_id)
    assert ids(board(database, library, cast.ward_nurse, ward_id=cast.other_ward_id)) == [there.id]


def test_only_people_in_hospital_are_listed(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(session, cast, discharged_on=TODAY, destination=Destination.HOME)
        make_stay(session, cast, hospital_id=cast.other_hospital_id)
    assert board(database, library, cast.ward_nurse).count == 0


def test_pages_hold_so_many_and_an_impossible_page_is_the_nearest(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for _ in range(PAGE_ROWS + 3):
            make_stay(session, cast)
    first = board(database, library, cast.ward_nurse)
    last = board(database, library, cast.ward_nurse, page=99)
    assert (len(first.rows), first.count, first.pages) == (PAGE_ROWS, PAGE_ROWS + 3, 2)
    assert (len(last.rows), last.page) == (3, 2)
    assert board(database, library, cast.ward_nurse, page=-1).page == 1
    assert not set(ids(first)) & set(ids(last))


@pytest.mark.parametrize("typed", ["しめいひ", "ｼﾒｲﾋ", " シメイ ヒ ", "じめいび"])
def test_a_search_finds_parts_of_a_name(
    database: Database, library: Library, cast: Cast, typed: str
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        other = make_stay(session, cast)
        session.get_one(Patient, other.patient_id).folded = "別人 ベツジン"
    assert ids(board(database, library, cast.ward_nurse, search=typed)) == [stay.id]


def test_a_row_says_what_is_known_and_what_is_missing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, admitted_on=TODAY - timedelta(days=3))
        bare = make_stay(session, cast, plan=PlanStatus.UNKNOWN)
    rows = {row.person.stay_id: row for row in board(database, library, cast.ward_nurse).rows}
    empty = rows.pop(bare.id)
    (full,) = rows.values()
    assert (full.stay_day, full.coordination, full.office) == (
        4,
        Coordination.REQUIRED,
        "見本ケアプランセンター",
    )
    assert full.is_light
    assert {task.kind for task in full.dated} < {task.kind for task in full.turns}
    assert (empty.coordination, empty.missing, empty.office) == (Coordination.UNDETERMINED, 0, "")
    assert empty.clock == date.max


def test_whoever_leaves_tomorrow_without_a_known_contact_is_marked(
    database: Database, library: Library, cast: Cast
) -> None:
    planned: dict[str, Any] = {"planned_certainty": PlannedCertainty.FIXED}
    tomorrow = TODAY + timedelta(days=1)
    with database.writing() as session:
        silent = make_stay(session, cast, planned_discharge_on=tomorrow, **planned)
        told = make_stay(session, cast, planned_discharge_on=tomorrow, **planned)
        make_statement(session, told, Side.HOSPITAL, Result.TALKED)
        make_stay(session, cast, planned_discharge_on=tomorrow + timedelta(days=1), **planned)
    marked = [r for r in board(database, library, cast.ward_nurse).rows if r.leaves_unconfirmed]
    assert [row.person.stay_id for row in marked] == [silent.id]
    assert marked[0].is_pressing


def test_an_office_sees_its_clients_and_who_is_untaken(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        untaken = make_stay(session, cast)
        own = make_stay(session, cast, care_manager=cast.care_manager)
    rows = board(database, library, cast.care_manager).rows
    assert [(r.person.stay_id, r.is_own, r.is_untaken) for r in rows] == [
        (own.id, True, False),
        (untaken.id, False, True),
    ]


def test_the_overlooked_are_the_late_and_those_who_left_in_silence(
    database: Database, library: Library, cast: Cast
) -> None:
    left: dict[str, Any] = {
        "discharged_on": TODAY - timedelta(days=1),
        "destination": Destination.HOME,
    }
    early = TODAY - timedelta(days=60)
    with database.writing() as session:
        late = make_stay(session, cast)
        make_handoff(session, late, due_on=TODAY - timedelta(days=1))
        in_time = make_stay(session, cast)
        make_handoff(session, in_time, due_on=TODAY)
        silent = make_stay(session, cast, admitted_on=early, **left)
        make_handoff(session, silent, due_on=TODAY - timedelta(days=5))
        told = make_stay(session, cast, admitted_on=early, **left)
        make_statement(session, told, Side.PLAN_OFFICE, Result.MET, on=TODAY - timedelta(days=2))
        make_stay(
            session,
            cast,
            admitted_on=early,
            discharged_on=TODAY - timedelta(days=32),
            destination=Destination.HOME,
        )
        nurse = cast.ward_nurse
        rows = whole_board_of(session, nurse, library=library, now=NOW)
        found = unsettled_of(session, nurse, rows, today=TODAY)
        glance = unsettled_at_a_glance(session, nurse, rows, today=TODAY)
    assert [one.person.stay_id for one in found] == [late.id, silent.id]
    assert [len(one.tasks) for one in found] == [1, 0]
    assert found[1].contact is Contact.UNKNOWN
    assert (glance.count, glance.first) == (2, tuple(one.person for one in found))
