"""What is erased when its time is over, what stays, and that nothing is without a decision."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, delete, select

from handoffs.access import visible_stays
from handoffs.accounts.draft import Draft
from handoffs.audit.chain import chain_more
from handoffs.audit.verify import verify
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.keeping.erasing import DELETED, EMPTIED, PERSON
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.hold import hold, release
from handoffs.keeping.nightly import end_access, erase_due
from handoffs.keeping.retention import due_now, last_day_of
from handoffs.keys import KeyRing, new_key
from handoffs.passing import send
from handoffs.policy.fields import FIELDS, Readers
from handoffs.schema import METADATA
from handoffs.sheets.attachment import attach
from handoffs.stays.concern import Concern
from handoffs.stays.contacts import ContactPerson, ContactRole
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, leave, talked
from tests.people import NOW, Cast

NUMBER = "1810000014"
YEARS = {NUMBER: 2}
LATER = datetime(2028, 12, 1, 18, tzinfo=UTC)
ABOUT_A_PERSON = (Readers.REACHES, Readers.SIDES, Readers.NAMED)
STAYS_WITH_THE_DECISION = {
    ("assessment", "facts"), ("assessment", "outcome"), ("handoff", "counting"),
    ("handoff", "rule_id"), ("handoff", "source"), ("handoff", "text"), ("handoff", "waits_for"),
    ("stay", "region"), ("stay", "code"), ("handed_over", "sheet"), ("sheet_version", "sheet"),
}  # fmt: skip
"""The rule's own words, coded facts, names of sheets, and the code, which becomes another."""


def someone(session: Session, library: Library, cast: Cast, *, home: bool = True) -> Stay:
    stay = admit_someone(session, library, cast, hospital_number=None)
    notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
    said = talked(content=f"{MARK}の様子", counterpart=f"{MARK}の姉")
    send(session, stay, notice, said, by=cast.ward_nurse, now=NOW)
    attach(session, stay, MARK.encode(), pages=1, by=cast.care_manager, now=NOW)
    carer = ContactRole.MAIN_CARER
    session.add(ContactPerson(stay_id=stay.id, role=carer, name=f"{MARK} 姉", recorded_at=NOW))
    nurse = cast.social_worker.person_id
    session.add(
        Concern(stay_id=stay.id, social_worker_id=nurse, words=MARK, noted_at=NOW, noted_by=nurse)
    )
    if home:
        leave(session, library, cast, stay, now=NOW)
    session.flush()
    return stay


def _ordered(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key.columns)


def rows_of(database: Database) -> dict[str, list[dict[str, object]]]:
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(_ordered(table)).mappings()]
            for table in METADATA.sorted_tables
        }


def said_of(rows: dict[str, list[dict[str, object]]], stay_id: int) -> str:
    """Everything in the record that is of one stay, and of its person."""
    patients = {one["patient_id"] for one in rows["stay"] if one["id"] == stay_id}
    mine = [one for some in rows.values() for one in some if one.get("stay_id") == stay_id]
    mine += [one for one in rows["patient"] if one["id"] in patients]
    return repr(mine)


def test_what_names_somebody_goes_and_what_is_counted_and_the_history_stay(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    database.keys = keys = KeyRing.of(new_key())
    with database.writing() as session:
        gone = someone(session, library, cast).id
        here = someone(session, library, cast, home=False).id
    with database.writing() as session:
        chain_more(session, keys, NOW + timedelta(days=1))
    before = rows_of(database)
    assert MARK in said_of(before, gone)

    with database.reading() as session:
        due = {one.number: one for one in due_now(session, YEARS, LATER)}
    assert (due[NUMBER].people, due[NUMBER].stays, due[NUMBER].held) == (1, 1, 0)
    assert due["1810000022"].years is None
    assert rows_of(database) == before

    assert erase_due(database.writing, YEARS, LATER) == 1

    after = rows_of(database)
    assert MARK not in said_of(after, gone)
    assert MARK.encode().hex() not in said_of(after, gone)
    assert said_of(after, here) == said_of(before, here)
    counted = ("stay", "handoff", "statement", "assessment", "overdue_flag", "certification")
    assert all(len(after[table]) == len(before[table]) for table in counted)
    assert [one["discharged_on"] for one in after["stay"]] == [
        one["discharged_on"] for one in before["stay"]
    ]
    assert after["event"][: len(before["event"])] == before["event"]
    with database.writing() as session:
        chain_more(session, keys, LATER + timedelta(days=1))
    with database.reading() as session:
        assert verify(session, keys, []).findings == ()
        assert session.exec(select(Event.stay_id).where(Event.act == Act.RECORD_ERASE)).all() == [
            gone
        ]
        assert [one.id for one in session.exec(visible_stays(cast.ward_nurse))] == [here]
    assert erase_due(database.writing, YEARS, LATER) == 0


def test_no_byte_of_what_was_erased_is_left_in_the_file(
    database: Database, cast: Cast, library: Library
) -> None:
    with database.writing() as session:
        someone(session, library, cast)
        for number in range(20):
            draft = Draft(
                staff_id=cast.ward_nurse.person_id,
                path=f"/{number}",
                fields={"words": [MARK * 50]},
                kept_at=NOW,
            )
            session.add(draft)
    with database.writing() as session:
        # Long before: what was in them must not be left in a free page.
        session.exec(delete(Draft))
    file = Path(str(database.engine.url.database))
    log = file.with_name(f"{file.name}-wal")
    assert MARK.encode() in file.read_bytes() + log.read_bytes()
    erase_due(database.writing, YEARS, LATER)
    assert database.write_back()
    assert MARK.encode() not in file.read_bytes() + log.read_bytes()


def test_every_column_of_words_about_a_person_is_emptied_deleted_or_named() -> None:
    """A new column that somebody fills with words about a patient must be thought of."""
    words = {
        (table, column)
        for readers in ABOUT_A_PERSON
        for table, columns in FIELDS[readers].items()
        for column in columns.split()
        if table not in {*DELETED, "sheet_answer"}
    }
    emptied = {(table, column) for table, some in EMPTIED.items() for column in some}
    emptied |= {("patient", column) for column in PERSON} | {("sheet_version", "changed")}
    assert words - emptied == STAYS_WITH_THE_DECISION


def test_nothing_goes_without_a_decision_early_while_in_hospital_or_while_held(
    database: Database, cast: Cast, library: Library
) -> None:
    with database.writing() as session:
        stay = someone(session, library, cast).id
        someone(session, library, cast, home=False)
    day = datetime(2028, 11, 20, 3, tzinfo=UTC)
    assert erase_due(database.writing, {}, LATER) == 0
    assert erase_due(database.writing, {"1810000022": 1}, LATER) == 0
    assert erase_due(database.writing, YEARS, day) == 0
    with database.writing() as session:
        with pytest.raises(KeepingError, match="その番号の入院はありません"):
            hold(session, cast.other_hospital_id, stay, "係争", LATER)
        one = hold(session, cast.hospital_id, stay, "係争のため", LATER).id
        everybody = hold(session, cast.hospital_id, None, "調査のため", LATER).id
    with database.reading() as session:
        assert [due.held for due in due_now(session, YEARS, LATER)] == [1, 0]
    for number in (one, everybody):
        assert erase_due(database.writing, YEARS, LATER) == 0
        with database.writing() as session:
            release(session, number, LATER)
    assert erase_due(database.writing, YEARS, LATER) == 1


def test_years_end_on_the_same_day_and_the_leap_day_a_day_later() -> None:
    assert last_day_of(datetime(2028, 2, 29, 3, tzinfo=UTC), 1) == date(2027, 2, 28)
    assert last_day_of(datetime(2028, 11, 20, 16, tzinfo=UTC), 2) == date(2026, 11, 21)


def test_offices_see_a_finished_stay_until_the_days_of_the_region_are_over(
    database: Database, cast: Cast, library: Library
) -> None:
    with database.writing() as session:
        done = someone(session, library, cast).id
        here = someone(session, library, cast, home=False).id

    def seen(actor: str) -> list[int]:
        with database.reading() as session:
            return sorted(one.id for one in session.exec(visible_stays(cast.people[actor])))

    for days, at, expected in (
        (0, LATER, [done, here]),
        (31, NOW + timedelta(days=31), [done, here]),
        (31, NOW + timedelta(days=32), [here]),
        (60, NOW + timedelta(days=33), [done, here]),
    ):
        end_access(database.writing, days, at)
        assert seen("care_manager") == expected
        assert seen("ward_nurse") == [done, here]
    with database.reading() as session:
        acts = [Act.ACCESS_END, Act.ACCESS_RETURN]
        told = session.exec(select(Event.act).where(Event.act.in_(acts)).order_by(Event.id)).all()  # type: ignore[attr-defined, arg-type]
    assert told == acts
