"""Light cases without the discharge office: who is listed, and by what somebody is involved."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.shown.board import BoardRow, whole_board_of
from handoffs.shown.light_cases import light_cases_of
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import PlannedCertainty
from rules import Library
from tests.factories import make_stay
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)
Found = Callable[..., tuple[BoardRow, ...]]


@pytest.fixture
def found(database: Database, library: Library) -> Found:
    def of(actor: Actor, ward_id: int | None = None) -> tuple[BoardRow, ...]:
        with database.reading() as session:
            rows = whole_board_of(session, actor, library=library, now=NOW, ward_id=ward_id)
            return light_cases_of(session, actor, rows)

    return of


def ids(rows: tuple[BoardRow, ...]) -> list[int]:
    return [row.person.stay_id for row in rows]


@pytest.mark.parametrize("level", list(CareNeedLevel))
def test_support_one_to_care_two_are_light(
    database: Database, cast: Cast, found: Found, level: CareNeedLevel
) -> None:
    with database.writing() as session:
        make_stay(session, cast, level=level)

    light = level.value in {"support_1", "support_2", "care_1", "care_2"}
    assert bool(ids(found(cast.ward_nurse))) is light


def test_short_stays_come_first_and_are_marked(
    database: Database, cast: Cast, found: Found
) -> None:
    with database.writing() as session:
        long = make_stay(session, cast, admitted_on=TODAY - timedelta(days=20)).id
        planned = make_stay(
            session,
            cast,
            admitted_on=TODAY - timedelta(days=2),
            planned_discharge_on=TODAY + timedelta(days=30),
            planned_certainty=PlannedCertainty.ABOUT,
        ).id
        short = make_stay(session, cast, admitted_on=TODAY - timedelta(days=2)).id

    assert ids(found(cast.ward_nurse)) == [short, long, planned]
    cases = found(cast.ward_nurse)
    assert [case.is_short for case in cases] == [True, False, False]
    assert [case.stay_day for case in cases] == [3, 21, 3]


@pytest.mark.parametrize(
    ("who", "act", "is_involved"),
    [
        ("discharge_nurse", Act.STATEMENT_MAKE, True),
        ("social_worker", Act.HANDOFF_SEND, True),
        ("psychiatric_social_worker", Act.HANDOFF_WAIVE, True),
        ("discharge_nurse", Act.STAY_ADMIT, False),
        ("discharge_nurse", Act.STAY_READ, False),
        ("ward_nurse", Act.HANDOFF_SEND, False),
        ("care_manager", Act.STATEMENT_MAKE, False),
    ],
)
def test_only_an_act_of_the_discharge_office_about_a_handoff_is_involvement(
    database: Database, cast: Cast, found: Found, who: str, act: Act, *, is_involved: bool
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        record(session, cast.people[who], act, now=NOW, stay_id=stay.id)

    assert ids(found(cast.ward_nurse)) == ([] if is_involved else [stay.id])


def test_whoever_has_left_or_wants_no_contact_is_not_listed(
    database: Database, cast: Cast, found: Found
) -> None:
    with database.writing() as session:
        make_stay(session, cast, wants_no_contact=True)
        make_stay(session, cast, cancelled_at=NOW)

    assert ids(found(cast.ward_nurse)) == []


def test_a_ward_narrows_it_down_and_no_office_and_no_other_hospital_sees_it(
    database: Database, cast: Cast, found: Found
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)

    assert ids(found(cast.ward_nurse, cast.ward_id)) == [stay.id]
    assert ids(found(cast.ward_nurse, cast.other_ward_id)) == []
    assert ids(found(cast.care_manager)) == []
    assert ids(found(cast.other_nurse)) == []
