"""The record that the load is put on: a region of so many people, and fifty who work in it.

The region is that of `benchmarks.large_region`, on SQLite or PostgreSQL, with as many acts of
reading as asked for in the history. Half of those who work are nurses, the others care managers,
a centre's staff and the health centre's; each has a session, so that no password is typed. All
invented; nothing is measured here.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select

from benchmarks.large_region import HOSPITALS, MOMENT, REGION, WARDS, Write, fill
from handoffs import schema
from handoffs.access import visible_stays
from handoffs.accounts import start_session
from handoffs.accounts.account import Account
from handoffs.database import Database, open_database
from handoffs.decision.assessment import Assessment
from handoffs.parties import Organization, OrganizationKind, Role, Staff, actor_of
from handoffs.stays.stay import Stay
from rules import Library
from tests.factories import admit_someone
from tests.kits import settle_the_night
from tests.people import settle

A_MONTH = 10_000
"""Discharges a month: some 110 people in each of thirty hospitals, however long the history is."""

AT_ONCE = 20_000
MOST_STAYS = 40
_ROLES = (
    *(Role.WARD_NURSE,) * 4,
    *(Role.DISCHARGE_NURSE,) * 2,
    *(Role.CARE_MANAGER,) * 3,
    Role.HEALTH_OFFICER,
)
_WITH_ID = ("organization", "ward", "patient", "stay")


def build(url: str, people: int, reads: int, keys: str) -> Database:
    """Fill an empty database. `people` is rounded up to whole months."""
    database = open_database(url, keys)
    schema.upgrade(database)
    decided = _decision()
    months = max(1, -(-people // A_MONTH))
    # `fill` writes the month that runs too, so one month less is asked for.
    discharges = min(A_MONTH, people) if months > 1 else people // 2
    with _writing(url) as write:

        def with_decision(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
            if table == "event":
                # The region's other acts say nothing of what was done; a page would show it.
                rows = [row for row in rows if row[2] == "stay:admit"]
            elif table == "assessment":
                rows = [(row[0], row[1], row[2], *decided, row[-1]) for row in rows]
            write(table, columns, rows)

        fill(with_decision, max(1, months - 1), discharges)
        columns = "at, recorded_at, act, stay_id, shown, detail"
        for start in range(0, reads, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, reads))
            of = [number % people + 1 for number in numbers]
            write("event", columns, [(MOMENT, MOMENT, "stay:read", s, f",{s},", "{}") for s in of])
    return database


def _decision() -> tuple[object, ...]:
    """What the rules said of one admission, for the page of a stay to show."""
    library = Library.load()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/one.db")
        schema.upgrade(database)
        with database.writing() as session:
            stay = admit_someone(session, library, settle(session))
            one = session.exec(select(Assessment).where(Assessment.stay_id == stay.id)).one()
        database.close()
    return (
        one.edition_in_force,
        one.edition_digest,
        json.dumps(one.facts),
        one.coordination.value,
        one.excluded,
        json.dumps(one.outcome),
    )


@contextmanager
def _writing(url: str) -> Iterator[Write]:
    """Write rows as fast as the database takes them; afterwards it knows what it holds."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.removeprefix("sqlite:///"))
        file.execute("PRAGMA synchronous = OFF")
        yield _rows_into(file)
        file.commit()
        file.close()
        return
    parsed = make_url(url)
    with psycopg.connect(
        host=str(parsed.query["host"]), user=parsed.username, dbname=parsed.database
    ) as connection:

        def copied(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        yield copied
        for table in _WITH_ID:
            # Rows that came with their ids did not count the sequence on.
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608 - own names.
            )
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")


def _rows_into(file: sqlite3.Connection) -> Write:
    def write(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        file.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608

    return write


def seats(database: Database, number: int, into: Path) -> None:
    """Let so many people sit down signed in; what each has before them is written as JSON."""
    with database.writing() as session:
        health_center = Organization(
            kind=OrganizationKind.HEALTH_CENTER, region=REGION, name="見本保健所"
        )
        session.add(health_center)
        session.flush()
        taken = [_seat(session, place, health_center.id) for place in range(number)]
        # The night's papers of every house take minutes, and are made while nobody works.
        settle_the_night(session, datetime.now(UTC))  # noqa: TID251 - the scheduler's own clock.
    into.write_text(json.dumps(taken), encoding="utf-8")


def _seat(session: Session, place: int, health_center: int) -> dict[str, object]:
    role = _ROLES[place % len(_ROLES)]
    hospital, ward, office = place % HOSPITALS + 1, None, HOSPITALS + 1 + place
    house, lists = hospital, ["/stays", "/worklist", "/stays/unconfirmed"]
    if role is Role.WARD_NURSE:
        ward = (hospital - 1) * WARDS + 1
    elif role is Role.CARE_MANAGER:
        house, lists = office, ["/worklist", "/stays"]
    elif role is Role.HEALTH_OFFICER:
        house, lists = health_center, ["/rates", "/area"]
    staff = Staff(
        organization_id=house,
        ward_id=ward,
        role=role,
        name=f"計測{place}",
        sign_in_name=f"load-{place}",
        password_hash="",
    )
    session.add(staff)
    session.flush()
    session.add(Account(staff_id=staff.id))
    # A session that the server, by its own clock, takes for one of now.
    token = start_session(session, staff, datetime.now(UTC))  # noqa: TID251
    actor = actor_of(session, staff.id)
    if actor is None:
        raise LookupError("Whoever has just sat down is active.")
    here = visible_stays(actor).order_by(col(Stay.id).desc())
    if ward is not None:
        here = here.where(Stay.ward_id == ward)
    stays = [one.id for one in session.exec(here.limit(MOST_STAYS))]
    return {"token": token, "role": role.value, "lists": lists, "stays": stays}
