import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col, select

from handoffs.database import Database
from handoffs.decline import DeclineEntry, DeclineReason, decline
from handoffs.handed_over import digest_of, keep_sheet
from handoffs.history import Act, Event, events_of, record
from handoffs.miss_reason import MissCause, state_miss_reason
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office, take_charge
from handoffs.statement import Statement
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty
from handoffs.waiving import waive
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import ADMITTED, admit_someone, handoff_of, talked
from tests.people import NOW, Cast

KEPT = ("event", "assessment", "statement", "decline", "miss_reason", "handed_over")


@pytest.fixture
def lived(either: tuple[Database, Cast], library: Library) -> tuple[Database, Cast]:
    """A record in which something was decided, said and done."""
    database, cast = either
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        sheet = {"case_code": stay.code}
        entry = talked(content="元の言葉", sheet_digest=digest_of(sheet))
        nurse = cast.ward_nurse
        said = send(session, stay, notice, entry, by=nurse, now=NOW)
        keep_sheet(session, notice, said, sheet="any", content=sheet, by=nurse, now=NOW)
        answer = DeclineEntry(reason=DeclineReason.OTHER, words="元の言葉")
        decline(session, stay, notice, answer, by=cast.care_manager, now=NOW)
        state_miss_reason(
            session, stay, MissCause.OTHER, by=nurse, now=NOW, handoff=notice, words="元の言葉"
        )
    return either


CHANGES = ["DELETE FROM {table}", "UPDATE {table} SET stay_id = NULL"]


def test_what_was_done_decided_and_said_is_never_changed_or_deleted(
    lived: tuple[Database, Cast],
) -> None:
    database, _ = lived
    for table, change in itertools.product(KEPT, CHANGES):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.connection().exec_driver_sql(change.format(table=table))
        with database.reading() as session:
            count = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - fixed names.
            assert count.scalar_one() > 0


def test_every_column_but_the_erasable_ones_is_fixed(lived: tuple[Database, Cast]) -> None:
    database, _ = lived
    erasable = {
        ("statement", "content"),
        ("statement", "counterpart"),
        ("decline", "words"),
        ("miss_reason", "words"),
        ("handed_over", "content"),
    }
    for name in KEPT:
        for column in SQLModel.metadata.tables[name].columns:
            if (name, column.name) in erasable:
                continue
            change = f'UPDATE {name} SET "{column.name}" = "{column.name}"'  # noqa: S608 - fixed names.
            with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
                session.connection().exec_driver_sql(change)


def test_a_row_cannot_be_replaced_behind_the_back_of_the_triggers(
    lived: tuple[Database, Cast],
) -> None:
    database, _ = lived
    on_postgresql = database.engine.dialect.name == "postgresql"
    change = "TRUNCATE {0} CASCADE" if on_postgresql else "REPLACE INTO {0} SELECT * FROM {0}"
    for table in KEPT:
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.connection().exec_driver_sql(change.format(table))


def test_the_words_of_a_statement_can_be_emptied_when_their_time_is_over(
    lived: tuple[Database, Cast],
) -> None:
    database, _ = lived
    with database.writing() as session:
        session.execute(sa.update(Statement).values(content="", counterpart=""))
    with database.reading() as session:
        assert {s.content for s in session.exec(select(Statement))} == {""}


def test_no_event_of_a_whole_stay_carries_a_word_that_a_person_typed(
    database: Database, library: Library, cast: Cast
) -> None:
    canary = f"{MARK}カナリア"
    later = NOW + timedelta(days=1)
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            name=canary,
            municipality=canary,
            hospital_number=canary,
            insured_number=canary[:10],
            plan=PlanEntry(
                status=PlanStatus.ASSIGNED,
                organization_id=cast.office_id,
                care_manager_name=canary,
            ),
        )
        take_charge(session, stay, by=cast.care_manager, now=NOW)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        entry = talked(content=canary, counterpart=canary)
        send(session, stay, notice, entry, by=cast.ward_nurse, now=NOW)
        confirm(session, stay, notice, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        conference = handoff_of(session, stay, HandoffKind.DISCHARGE_CONFERENCE)
        waive(session, conference, reason=canary, by=cast.ward_nurse, now=NOW)
        planned = PlannedDischargeEntry(
            planned_discharge_on=ADMITTED + timedelta(days=20),
            planned_certainty=PlannedCertainty.FIXED,
            version=stay.version,
        )
        plan_discharge(session, stay, planned, library=library, by=cast.ward_nurse, now=NOW)
        moved = PlanEntry(status=PlanStatus.ASSIGNED, care_manager_name=canary)
        change_plan_office(session, stay, moved, library=library, by=cast.ward_nurse, now=NOW)
        left = DischargeEntry(
            discharged_on=ADMITTED,
            destination=Destination.HOME,
            contacted=True,
            version=stay.version,
        )
        discharge(session, stay, left, library=library, by=cast.ward_nurse, now=later)
    with database.reading() as session:
        events = events_of(session, stay.id)
        acts = {event.act for event in events}
        assert len(acts) >= 10
        text = " ".join(str(event.model_dump()) for event in events)
        assert MARK not in text
        assert "カナリア" not in text


def test_an_event_says_who_acted_for_which_house_or_that_it_was_the_clock(
    database: Database, cast: Cast
) -> None:
    earlier = NOW - timedelta(days=2)
    with database.writing() as session:
        record(session, cast.ward_nurse, Act.STAY_LIST, now=NOW)
        record(session, None, Act.HANDOFF_OVERDUE, now=NOW, at=earlier)
        by_nurse, by_clock = session.exec(select(Event).order_by(Event.id)).all()  # type: ignore[arg-type]
    assert (by_nurse.staff_id, by_nurse.organization_id) == (
        cast.ward_nurse.staff_id,
        cast.hospital_id,
    )
    assert (by_nurse.at, by_nurse.recorded_at, by_nurse.detail) == (NOW, NOW, {})
    assert (by_clock.staff_id, by_clock.organization_id) == (None, None)
    assert (by_clock.at, by_clock.recorded_at) == (earlier, NOW)


def test_what_happened_is_kept_even_where_nothing_else_changed(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        record(session, cast.ward_nurse, Act.STAY_LIST, now=NOW)
    with database.reading() as session:
        assert [event.act for event in session.exec(select(Event))] == [Act.STAY_LIST]


def test_an_event_goes_with_the_savepoint_or_the_act_that_it_happened_in(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        record(session, cast.ward_nurse, Act.STAY_LIST, now=NOW)
        savepoint = session.begin_nested()
        record(session, cast.ward_nurse, Act.STAY_READ, now=NOW)
        savepoint.rollback()
        with session.begin_nested():
            record(session, cast.ward_nurse, Act.STAY_TEXT, now=NOW)
    with database.writing() as session:
        record(session, cast.ward_nurse, Act.SIGN_OUT, now=NOW)
        session.rollback()
    with database.reading() as session:
        acts = [event.act for event in session.exec(select(Event).order_by(col(Event.id)))]
    assert acts == [Act.STAY_LIST, Act.STAY_TEXT]


def test_a_session_that_would_never_write_an_event_is_refused(
    database: Database, cast: Cast
) -> None:
    with Session(database.engine) as session, pytest.raises(TypeError):
        record(session, cast.ward_nurse, Act.STAY_LIST, now=NOW)


def test_the_list_of_acts_is_alphabetical_and_every_act_has_a_japanese_word() -> None:
    names = [act.name for act in Act]
    assert names == sorted(names)
    assert all(act.label and not act.label.isascii() for act in Act)
    assert all(act.value.count(":") == 1 for act in Act)


def test_events_stand_in_the_order_in_which_they_became_true(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        record(session, None, Act.STAY_READ, now=NOW, at=NOW - timedelta(hours=1), stay_id=stay.id)
    with database.reading() as session:
        events = events_of(session, stay.id)
        assert events[0].act is Act.STAY_READ
        assert [e.id for e in events[1:]] == sorted(e.id for e in events[1:])
        assert isinstance(events[0], Event)
