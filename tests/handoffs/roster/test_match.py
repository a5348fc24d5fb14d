"""The whole of a roster on both databases; what a page shows of it is tested in tests/web."""

from datetime import date, timedelta

import pytest

import config
from handoffs.database import Database
from handoffs.errors import NotVisible
from handoffs.plan_office import PlanStatus
from handoffs.region.joining import has_old_requests, purge_requests
from handoffs.region.organizations import changes_in, organization_in, people_in
from handoffs.region.policy import Policy, policies_of, set_policy
from handoffs.roster.keeping import (
    Compared,
    NothingToUndo,
    RosterPerson,
    compare,
    has_old_rosters,
    leave_out,
    purge_rosters,
    roster_shown,
    take_in_roster,
    undo_roster,
)
from handoffs.roster.kept import HOLDS
from handoffs.roster.match import offices_that_know
from handoffs.shown.caseload import caseload_of
from handoffs.shown.moved_dates import moved_dates_of
from handoffs.stays.certification_steps import Step, StepEntry, state_step, steps_shown
from handoffs.stays.patients import Patient
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast

BORN = date(1940, 5, 3)
HER = RosterPerson("シメイヒ ハナコ", BORN)
OTHER = RosterPerson("シメイヒ タロウ", date(1935, 1, 2), "0000000011")


def test_a_roster_is_taken_in_matched_left_out_of_undone_and_forgotten(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    by, nurse = cast.care_manager, cast.ward_nurse
    with database.writing() as session:
        stay = make_stay(session, cast, plan=PlanStatus.UNASSIGNED)
        patient = session.get_one(Patient, stay.patient_id)
        her = RosterPerson(f" {patient.kana}　", patient.birth_on)
        stay_id = stay.id
        assert offices_that_know(session, nurse, stay_id, NOW) == ()
        take_in_roster(session, [her, OTHER], by=by, now=NOW, digest="a")
        compared = compare(session, [her, HER], by=by, now=NOW)
        assert compared.lines == (Compared.MATCHED, Compared.NEW)
        assert compared.gone == 1
    with database.reading() as session:
        assert [o.id for o in offices_that_know(session, nurse, stay_id, NOW)] == [cast.office_id]
        with pytest.raises(NotVisible):
            offices_that_know(session, cast.other_nurse, stay_id, NOW)
        assert offices_that_know(session, nurse, stay_id, NOW + HOLDS + timedelta(days=1)) == ()
        assert roster_shown(session, by, NOW).people == 2
    with database.writing() as session:
        first = roster_shown(session, by, NOW).id
        take_in_roster(session, [HER], by=by, now=NOW, digest="b")
        assert offices_that_know(session, nurse, stay_id, NOW) == ()
        with pytest.raises(NothingToUndo):
            undo_roster(session, first, by=by, now=NOW)
        undo_roster(session, roster_shown(session, by, NOW).id, by=by, now=NOW)
        assert len(offices_that_know(session, nurse, stay_id, NOW)) == 1
        leave_out(session, her, by=by, now=NOW)
        assert offices_that_know(session, nurse, stay_id, NOW) == ()
        assert roster_shown(session, by, NOW).left_out == 1
        late = NOW + HOLDS + timedelta(days=1)
        assert not has_old_rosters(session, NOW)
        assert has_old_rosters(session, late)
        assert purge_rosters(session, late) == 1
        assert roster_shown(session, by, NOW).id == 0
        assert not has_old_requests(session, late)
        assert purge_requests(session, late) == 0


def test_what_the_centre_and_the_region_read_can_be_read_on_both_databases(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast, organization_id=cast.center_id, center_id=cast.center_id)
        stay_id = stay.id
        entry = StepEntry(Step.APPLIED, NOW.date())
        state_step(session, stay, entry, by=cast.center_staff, now=NOW)
        state_step(session, stay, entry, by=cast.center_staff, now=NOW)
        set_policy(session, Policy.LINK_NAMES, "full", by=cast.health_officer, now=NOW)
    with database.reading() as session:
        steps = steps_shown(session, cast.ward_nurse, stay_id)
        assert [bool(step.id) for step in steps] == [True, False, False, False]
        assert caseload_of(session, cast.center_staff, NOW).people == 1
        assert moved_dates_of(session, cast.center_staff, NOW) == ()
        office = organization_in(session, cast.health_officer, cast.office_id)
        assert len(people_in(session, cast.health_officer, office.id)) == 2
        assert [one.act.value for one in changes_in(session, cast.health_officer)] == [
            "region:policy"
        ]
        assert policies_of(session, REGION) == {Policy.LINK_NAMES: "full"}


def test_there_is_one_door_to_the_question_who_knows_somebody() -> None:
    """A search or a preview that asked too would be an oracle before the registration."""
    asking = [
        file.relative_to(config.ROOT).as_posix()
        for folder in ("exchange", "forms", "handoffs", "scheduler", "web")
        for file in (config.ROOT / folder).rglob("*.py")
        if "offices_that_know" in file.read_text(encoding="utf-8")
    ]
    assert sorted(asking) == ["handoffs/roster/match.py", "web/rosters/matches.py"]
