"""Undoing an import: every admission of it, or none."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from exchange.ward_import import take_in
from exchange.ward_list import read_ward_list
from exchange.ward_undo import ActedOnSince, AlreadyUndone, import_of, imports_of, undo_import
from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible
from handoffs.history import Act, Event, record
from handoffs.parties import Actor, Organization, OrganizationKind, Role, Staff, actor_of
from handoffs.stays.cancellation import CancelReason, cancel, cancelled_of
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty, Stay, is_registered
from rules import Library
from tests.exchange.hospital import NOW, WARDS, person, ward_list

LATER = NOW + timedelta(hours=2)
WHY = CancelReason.TWICE


def take(database: Database, library: Library, nurse: Actor, *numbers: int) -> int:
    """Import some people and say by which import."""
    listed = read_ward_list(ward_list(*map(person, numbers)), WARDS, NOW.date())
    with database.writing() as session:
        take_in(session, listed, library=library, by=nurse, now=NOW, digest="d" * 64)
    with database.reading() as session:
        return imports_of(session, nurse)[0].id


def standing(session: Session) -> int:
    return len(session.exec(select(Stay).where(is_registered())).all())


def test_every_admission_of_the_import_is_cancelled_and_no_other(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, 1)
    second = take(database, library, nurse, 1, 2, 3)
    with database.writing() as session:
        assert undo_import(session, second, WHY, by=nurse, now=LATER) == 2
    with database.reading() as session:
        assert standing(session) == 1
        assert {one.reason for one in cancelled_of(session, nurse)} == {WHY}
        event = session.exec(select(Event).where(Event.act == Act.IMPORT_UNDO)).one()
        after = import_of(session, nurse, second)
    assert event.detail == {"import": second, "stays": 2, "cancel_reason": WHY.value}
    assert after.undone
    assert after.standing == ()


def test_nothing_is_undone_where_somebody_has_acted_on_one_since(
    database: Database, library: Library, nurse: Actor
) -> None:
    number = take(database, library, nurse, 1, 2)
    with database.writing() as session:
        first, _ = import_of(session, nurse, number).standing
        stay = find_stay(session, nurse, first)
        entry = PlannedDischargeEntry(
            planned_discharge_on=LATER.date() + timedelta(days=5),
            planned_certainty=PlannedCertainty.FIXED,
            version=stay.version,
        )
        plan_discharge(session, stay, entry, library=library, by=nurse, now=LATER)
    with database.writing() as session, pytest.raises(ActedOnSince) as refused:
        undo_import(session, number, WHY, by=nurse, now=LATER)
    assert refused.value.stay_ids == (first,)
    with database.reading() as session:
        assert standing(session) == 2
        assert import_of(session, nurse, number).acted == (first,)


def test_a_look_and_the_clock_are_no_acts(
    database: Database, library: Library, nurse: Actor
) -> None:
    number = take(database, library, nurse, 1)
    with database.writing() as session:
        (stay_id,) = import_of(session, nurse, number).standing
        record(session, nurse, Act.STAY_READ, now=LATER, stay_id=stay_id)
        record(session, None, Act.HANDOFF_OVERDUE, now=LATER, stay_id=stay_id)
    with database.writing() as session:
        assert undo_import(session, number, WHY, by=nurse, now=LATER) == 1


def test_what_was_cancelled_by_hand_is_passed_over_and_a_second_undo_is_refused(
    database: Database, library: Library, nurse: Actor
) -> None:
    number = take(database, library, nurse, 1, 2)
    with database.writing() as session:
        first, _ = import_of(session, nurse, number).standing
        cancel(session, find_stay(session, nurse, first), WHY, version=1, by=nurse, now=LATER)
    with database.writing() as session:
        assert undo_import(session, number, WHY, by=nurse, now=LATER) == 1
    with database.writing() as session, pytest.raises(AlreadyUndone):
        undo_import(session, number, WHY, by=nurse, now=LATER)


def test_another_hospital_and_an_office_reach_no_import(
    database: Database, library: Library, nurse: Actor
) -> None:
    number = take(database, library, nurse, 1)
    with database.writing() as session:
        other = Organization(kind=OrganizationKind.HOSPITAL, region="mihon", name="見本東病院")
        session.add(other)
        session.flush()
        staff = Staff(
            organization_id=other.id,
            role=Role.WARD_NURSE,
            name="東 なぎさ",
            sign_in_name="east",
            password_hash="x",
        )
        session.add(staff)
        session.flush()
        stranger = actor_of(session, staff.id)
        office = session.exec(select(Staff.id).where(col(Staff.sign_in_name) == "manager")).one()
        manager = actor_of(session, office)
    assert stranger is not None
    assert manager is not None
    with database.writing() as session:
        with pytest.raises(NotVisible):
            undo_import(session, number, WHY, by=stranger, now=LATER)
        with pytest.raises(NotPermitted):
            undo_import(session, number, WHY, by=manager, now=LATER)
        assert imports_of(session, stranger) == ()
        assert standing(session) == 1
