"""A FAX from the outbox into a real folder, and what the server says back into the record."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from exchange.fax_folder import FaxFolder
from handoffs.database import Database
from handoffs.fax.channel import FaxSending, FaxState, Gateway, prepare
from handoffs.fax.number import (
    CallEntry,
    NumberEntry,
    note_call,
    note_test,
    set_number,
)
from handoffs.fax.shown import fax_troubles_of
from handoffs.handoff import Handoff
from handoffs.parties import Organization
from handoffs.stays.stay import Stay
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Message, Outcome, Reason
from handoffs.telling.undelivered import undelivered_of
from scheduler.delivery import Post, one_round, post_of
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.people import NOW, Cast, settle

NIGHT = NOW + timedelta(hours=12)


@pytest.fixture
def either(database: Database) -> tuple[Database, Cast]:
    """SQLite and PostgreSQL in turn, with the cast."""
    with database.writing() as session:
        return database, settle(session)


def post(folder: Path, *, on: bool = True) -> Post:
    server = FaxFolder(folder, lambda values: f"%PDF {values['code']}".encode())
    return post_of(Reach(fax=on), None, None, "https://tsunagi.example.jp/worklist", server)


def asked(session: Session, cast: Cast) -> FaxSending:
    """A FAX that waits in the outbox."""
    typed = NumberEntry(number="0770-00-0002", again="0770-00-0002")
    number = set_number(session, cast.office_id, typed, by=cast.ward_nurse, now=NOW)
    session.flush()
    call = CallEntry(telephone="0770-00-0001", counterpart="事務 たろう", called_on=ADMITTED)
    note_call(session, cast.office_id, call, by=cast.ward_nurse, now=NOW)
    note_test(session, cast.office_id, number.test_code, by=cast.ward_nurse, now=NOW)
    stay = make_stay(session, cast)
    handoff = make_handoff(session, stay)
    gateway = Gateway(is_on=True)
    return prepare(
        session, stay, handoff, seen_alike=True, gateway=gateway, by=cast.ward_nurse, now=NOW
    )


def go(database: Database, folder: Path, now: datetime = NOW, *, on: bool = True) -> None:
    assert one_round(database, post(folder, on=on), lambda: now, lambda: False)


def sending(database: Database) -> FaxSending:
    with database.reading() as session:
        return session.exec(select(FaxSending)).one()


def say(folder: Path, code: str, state: str, at: datetime) -> None:
    results = folder / "results"
    results.mkdir(exist_ok=True)
    said = json.dumps({"job": code, "state": state, "at": at.isoformat()})
    (results / f"{code}.json").write_text(said, encoding="utf-8")


def test_a_fax_goes_into_the_folder_and_its_result_into_the_record(
    either: tuple[Database, Cast], tmp_path: Path
) -> None:
    database, cast = either
    with database.writing() as session:
        code = asked(session, cast).code
    go(database, tmp_path, NIGHT)  # A machine may ring at night.
    assert (tmp_path / "out" / f"{code}.json").exists()
    assert sending(database).state is FaxState.SENT
    say(tmp_path, code, "delivered", NIGHT)
    go(database, tmp_path, NIGHT + timedelta(minutes=1))
    assert sending(database).state is FaxState.DELIVERED
    with database.reading() as session:
        handoff = session.exec(select(Handoff)).one()
        assert (handoff.delivered_at, handoff.sent_by) == (NIGHT, cast.ward_nurse.staff_id)
        assert session.exec(select(Message.outcome)).one() is Outcome.DELIVERED


def test_a_busy_line_is_work_of_the_hospital(either: tuple[Database, Cast], tmp_path: Path) -> None:
    database, cast = either
    with database.writing() as session:
        code = asked(session, cast).code
    go(database, tmp_path)
    say(tmp_path, code, "busy", NOW)
    go(database, tmp_path)
    with database.reading() as session:
        (one,) = fax_troubles_of(session, cast.ward_nurse)
        assert one.state is FaxState.BUSY


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("number", Reason.NOT_VERIFIED),
        ("off", Reason.CHANNEL_OFF),
        ("wish", Reason.NO_CONTACT),
    ],
)
def test_what_must_not_leave_any_more_does_not_and_is_seen(
    either: tuple[Database, Cast], tmp_path: Path, change: str, reason: Reason
) -> None:
    database, cast = either
    with database.writing() as session:
        asked(session, cast)
    with database.writing() as session:
        if change == "number":
            session.get_one(Organization, cast.office_id).fax = "0770-00-0099"
        elif change == "wish":
            session.exec(select(Stay)).one().wants_no_contact = True
    go(database, tmp_path, on=change != "off")
    assert not (tmp_path / "out").exists()
    with database.reading() as session:
        assert session.exec(select(Message.reason)).one() is reason
        assert session.exec(select(FaxSending.state)).one() is FaxState.FAILED
        assert len(fax_troubles_of(session, cast.ward_nurse)) == 1
        assert undelivered_of(session, cast.ward_nurse) == ()


def test_a_folder_that_is_away_is_tried_again(
    either: tuple[Database, Cast], tmp_path: Path
) -> None:
    database, cast = either
    with database.writing() as session:
        code = asked(session, cast).code
    folder = tmp_path / "share"
    go(database, folder)
    assert sending(database).state is FaxState.PREPARED
    folder.mkdir()
    go(database, folder, NOW + timedelta(minutes=2))
    assert (folder / "out" / f"{code}.pdf").exists()


def test_a_result_of_nobodys_job_changes_nothing(
    either: tuple[Database, Cast], tmp_path: Path
) -> None:
    database, cast = either
    with database.writing() as session:
        asked(session, cast)
    say(tmp_path, "K7RTN4", "failed", NOW)
    go(database, tmp_path)
    assert sending(database).state is FaxState.SENT
    assert not list((tmp_path / "results").glob("*.json"))
