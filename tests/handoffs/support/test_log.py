"""The 3-day and 7-day log: which day the record holds for each step, and by when it should be."""

from datetime import date, timedelta

import pytest

from handoffs.database import Database
from handoffs.decision.assessment import assess
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination, Stay
from handoffs.support.log import SupportCell, SupportLine, support_log, support_of
from handoffs.support.step import SupportKind, note_step, take_back_step
from rules import Library
from tests.factories import ADMITTED, admit_someone, leave, make_statement
from tests.people import NOW, Cast


def line_of(database: Database, stay_id: int, fee: str = "1") -> SupportLine:
    with database.reading() as session:
        line = support_of(session, session.get_one(Stay, stay_id), now=NOW, fee=fee)
    assert line is not None
    return line


def cell(line: SupportLine, kind: SupportKind) -> SupportCell:
    (found,) = [one for one in line.cells if one.kind is kind]
    return found


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    with database.writing() as session:
        return admit_someone(session, library, cast).id


def test_each_step_of_the_fee_has_a_day_and_the_day_that_the_other_count_gives(
    database: Database, stay_id: int
) -> None:
    line = line_of(database, stay_id)
    assert [one.kind for one in line.cells] == list(SupportKind)
    found, *others = line.cells
    assert found.until == date(2026, 11, 22)
    assert found.asks
    assert {(one.until, one.outer) for one in others} == {(date(2026, 11, 26), date(2026, 11, 27))}
    assert cell(line_of(database, stay_id, "2"), SupportKind.CONFERENCE).until is None


def test_ticking_the_assessment_is_the_day_of_looking_for_factors(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    facts: dict[str, str]
    for facts in ({}, {"mobility": "unknown"}):
        with database.writing() as session:
            stay = session.get_one(Stay, stay_id)
            assess(session, stay, facts, library=library, by=cast.ward_nurse, now=NOW)
        # A page that is saved with every box 未評価 looked for nothing.
        assert cell(line_of(database, stay_id), SupportKind.FOUND).done_on is None
    with database.writing() as session:
        facts = {"mobility": "partial_help"}
        stay = session.get_one(Stay, stay_id)
        assess(session, stay, facts, library=library, by=cast.ward_nurse, now=NOW)
    found = cell(line_of(database, stay_id), SupportKind.FOUND)
    assert (found.done_on, found.row_id, found.seen_by) == (ADMITTED, None, "判定項目の入力")


def test_a_conference_with_the_care_manager_stands_beside_and_proves_nothing(
    database: Database, stay_id: int
) -> None:
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        make_statement(session, stay, Side.HOSPITAL, Result.CONFERENCE)
    conference = cell(line_of(database, stay_id), SupportKind.CONFERENCE)
    assert conference.done_on is None
    assert len(conference.beside) == 1


def test_a_step_is_noted_once_and_taken_back_by_a_row_of_its_own(
    database: Database, cast: Cast, stay_id: int
) -> None:
    for _ in range(2):
        with database.writing() as session:
            stay = session.get_one(Stay, stay_id)
            kind = SupportKind.INTERVIEW
            row_id = note_step(session, stay, kind, ADMITTED, by=cast.ward_nurse, now=NOW).id
    interview = cell(line_of(database, stay_id), SupportKind.INTERVIEW)
    assert (interview.done_on, interview.row_id) == (ADMITTED, row_id)
    assert interview.in_time
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        take_back_step(session, stay, row_id, by=cast.ward_nurse, now=NOW)
    assert cell(line_of(database, stay_id), SupportKind.INTERVIEW).done_on is None
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        with pytest.raises(NotVisible):
            take_back_step(session, stay, row_id, by=cast.ward_nurse, now=NOW)


def test_a_day_outside_the_stay_and_somebody_of_no_ward_are_refused(
    database: Database, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay, kind = session.get_one(Stay, stay_id), SupportKind.PLAN
        for on in (ADMITTED - timedelta(days=1), ADMITTED + timedelta(days=1)):
            with pytest.raises(BadEntry):
                note_step(session, stay, kind, on, by=cast.ward_nurse, now=NOW)
        with pytest.raises(NotPermitted):
            note_step(session, stay, kind, ADMITTED, by=cast.care_manager, now=NOW)


def test_the_log_is_the_own_hospital_s_and_leaves_deaths_out(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        dead = admit_someone(session, library, cast, kana="シメイヒ ナキ")
        leave(session, library, cast, dead, now=NOW, destination=Destination.DEATH)
        home = admit_someone(session, library, cast, kana="シメイヒ カエ")
        leave(session, library, cast, home, now=NOW)
        gone = home.id
    with database.reading() as session:
        inside = support_log(session, cast.discharge_nurse, now=NOW)
        left = support_log(session, cast.discharge_nurse, now=NOW, left=True)
        assert support_log(session, cast.care_manager, now=NOW) == ()
    assert [line.person.stay_id for line in inside] == [stay_id]
    assert [line.person.stay_id for line in left] == [gone]


def test_nothing_runs_on_once_somebody_left(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW)
        stay_id = stay.id
    line = line_of(database, stay_id)
    assert {one.days_left for one in line.cells} == {None}
    assert all(one.is_over(line.left_on) for one in line.cells)
    assert line.order(NOW.date())[0] == 2
