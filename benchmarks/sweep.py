"""What a sweep costs by how much is stored: the same 1,000 due among few and among many handoffs.

    nice python -m benchmarks.sweep [--stored 50000 5000000] [--due 1000] [--only sqlite]

Builds the record by plain SQL in a temporary folder that it removes: stays that ended, eight
handoffs each, most of them confirmed, and among a hundred three that were missed long ago and
never made up for, two undetermined and one that is not due yet. Then the sweep that flags, the one
that finds nothing, and a round of reminders, each size in its turn, so that the machine's load
meets all alike; and by which index each is answered. Needs 4 GB on the disk for five million.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from handoffs import missed, schema
from handoffs.database import Database, open_database
from handoffs.handoff import Handoff
from handoffs.missed import flag_overdue
from handoffs.parties import Organization, OrganizationKind, Ward, WardKind
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay
from handoffs.telling import reminding
from handoffs.telling.ladder import LADDER
from handoffs.telling.mailbox import Reach
from handoffs.telling.reminding import remind
from handoffs.tokyo import TOKYO, late_from
from rules import HandoffKind, Party, Standing
from tests.postgresql import start_cluster, stop_cluster

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
DUE_ON = date(2026, 11, 19)
LONG_AGO = NOW - timedelta(days=60)
STORED = (50_000, 5_000_000)
DUE = 1_000
A_STAY = 8
ROUNDS, IDLE_ROUNDS = 5, 41
ROOM = 1_500
"""Bytes on the disk for one handoff, with its indexes, its flag and its share of a stay."""


@dataclass
class Took:
    """Seconds of one record: sweeps that flag, sweeps that find nothing, rounds of reminders."""

    flagging: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    reminders: list[float] = field(default_factory=list)


def fill(database: Database, stored: int, due: int) -> None:
    """Put everything in: `stored` handoffs of the past, and for each round `due` to be flagged."""
    with database.writing() as session:
        first = _first(session)
        _copies(
            session, Stay, first.id, (stored + due) // A_STAY + 1, {"code": "CAST(n AS varchar(6))"}
        )
        handoff = _handoff(session, first, DUE_ON)
        _copies(session, Handoff, handoff.id, stored, _of_the_past())
        session.delete(handoff)
        session.flush()
        for round_ in range(ROUNDS):
            handoff = _handoff(session, first, DUE_ON + timedelta(days=round_))
            apart = max(1, stored // A_STAY // due)
            due_now = {"stay_id": f"n * {apart}", "rule_id": f"'due-{round_}'"}
            _copies(session, Handoff, handoff.id, due, due_now)
            session.delete(handoff)
            session.flush()
        _flags(session)
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            # As autovacuum and the checkpointer do by themselves within minutes of such a filling.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
        # SQLite has no statistics until somebody asks for them, and nobody does.


def _first(session: Session) -> Stay:
    """One hospital, one person, one stay that ended."""
    hospital = Organization(kind=OrganizationKind.HOSPITAL, region="mihon", name="見本病院")
    session.add(hospital)
    session.flush()
    ward = Ward(hospital_id=hospital.id, name="3東", kind=WardKind.GENERAL)
    patient = Patient(
        hospital_id=hospital.id,
        name="見本",
        kana="ミホン",
        folded="見本 ミホン",
        birth_on=date(1940, 1, 1),
        created_at=LONG_AGO,
    )
    session.add_all([ward, patient])
    session.flush()
    stay = Stay(
        patient_id=patient.id,
        hospital_id=hospital.id,
        ward_id=ward.id,
        region="mihon",
        admitted_on=date(2026, 9, 1),
        discharged_on=date(2026, 9, 15),
        destination=Destination.HOME,
        code="first",
        registered_at=LONG_AGO,
    )
    session.add(stay)
    session.flush()
    return stay


def _handoff(session: Session, stay: Stay, due_on: date) -> Handoff:
    """One handoff that is due; every other is a copy of it."""
    handoff = Handoff(
        stay_id=stay.id,
        rule_id="first",
        kind=HandoffKind.DISCHARGE_NOTICE,
        sender=Party.HOSPITAL,
        receiver=Party.CARE_MANAGER,
        standing=Standing.REQUIRED,
        text="退院の連絡",
        source="計測",
        due_on=due_on,
        due_at=late_from(due_on),
        opened_at=LONG_AGO,
    )
    session.add(handoff)
    session.flush()
    return handoff


def _of_the_past() -> dict[str, str]:
    """What differs from the first handoff: by its number among a hundred, how it ended."""

    def ended(first: int, last: int, moment: str = ":ago") -> str:
        return f"CASE WHEN n % 100 BETWEEN {first} AND {last} THEN {moment} END"

    return {
        "stay_id": f"(n - 1) / {A_STAY} + 1",
        "rule_id": f"'rule-' || (n % {A_STAY})",
        "standing": "CASE WHEN n % 100 BETWEEN 97 AND 98 THEN 'undetermined' ELSE standing END",
        "due_at": "CASE WHEN n % 100 = 99 THEN :soon ELSE :ago END",
        "sent_at": ended(0, 83),
        "confirmed_at": ended(0, 79),
        "waived_at": ended(84, 88),
        "withdrawn_at": ended(89, 93),
        "flagged_for": ended(94, 96),
    }


def _copies(
    session: Session, table: type[SQLModel], of: int, number: int, but: dict[str, str]
) -> None:
    """Copy one row so many times; `but` says in SQL what differs with the number n."""
    name = str(table.__tablename__)
    columns = [c["name"] for c in sa.inspect(session.connection()).get_columns(name)]
    kept = [column for column in columns if column != "id"]
    asked = ", ".join(but.get(column, column) for column in kept)
    recursion, numbers = "", "generate_series(1, :number) AS s(n)"
    if session.get_bind().dialect.name == "sqlite":
        numbers = "s"
        recursion = (
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :number) "
        )
    rows = f"SELECT {asked} FROM {name}, {numbers} WHERE id = :first"  # noqa: S608
    question = f"INSERT INTO {name} ({', '.join(kept)}) {recursion}{rows}"
    moments = {"ago": LONG_AGO, "soon": NOW + timedelta(days=30)}
    used = {word: moment for word, moment in moments.items() if f":{word}" in question}
    typed = [sa.bindparam(word, type_=sa.DateTime(timezone=True)) for word in used]
    given = {"number": number, "first": of, **used}
    session.connection().execute(sa.text(question).bindparams(*typed), given)


def _flags(session: Session) -> None:
    """Set the flags of what was missed long ago, and tell of it, as was done at that time."""
    for into, what in {
        "overdue_flag (handoff_id, due_at, noticed_at)": "id, due_at, due_at",
        "reminder (handoff_id, moment, step, recipient, redirected, made_at)": (
            "id, due_at, 'overdue', 'nobody', false, due_at"
        ),
    }.items():
        session.connection().exec_driver_sql(
            f"INSERT INTO {into} SELECT {what} FROM handoff WHERE flagged_for IS NOT NULL"  # noqa: S608
        )


def measure(databases: dict[int, Database], due: int) -> dict[int, Took]:
    """Time the three by turns. Raises AssertionError if a sweep miscounted."""
    took = {stored: Took() for stored in databases}
    reach = Reach(mail=True, webhooks={}, beyond_office=False)
    for database in databases.values():
        # The first question of a process is dear, whatever is stored.
        flag_overdue(database.writing, NOW - timedelta(days=1))
    rounds = [("flagging", day) for day in range(ROUNDS)] + [("idle", 0)] * IDLE_ROUNDS
    for what, day in [*rounds, ("first", 0), *[("reminders", 0)] * ROUNDS]:
        for stored, database in databases.items():
            now, began = NOW + timedelta(days=day), perf_counter()
            if what in {"first", "reminders"}:
                remind(database, now, reach)
            elif flag_overdue(database.writing, now) != (due if what == "flagging" else 0):
                raise AssertionError("another number of flags than was due")
            getattr(took[stored], what, []).append(perf_counter() - began)
    return took


def plans(database: Database) -> Iterator[str]:
    """Say of each question of the sweep and the ladder how the database looks for its rows."""
    asked = {"now": NOW, "after": 0, "most": missed.BATCH}
    questions: dict[str, sa.Select[Any]] = {"sweep": missed._LATE.params(**asked)}  # noqa: SLF001 - the question itself.
    for rung in LADDER:
        questions[f"{rung.step.value}"] = reminding._open_for(rung, NOW, 0)  # noqa: SLF001
    explain = (
        "EXPLAIN (ANALYZE, BUFFERS) "
        if database.engine.dialect.name == "postgresql"
        else "EXPLAIN QUERY PLAN "
    )
    with database.engine.connect() as connection:
        for name, question in questions.items():
            compiled = question.compile(database.engine, compile_kwargs={"literal_binds": True})
            lines = connection.exec_driver_sql(explain + str(compiled).replace("%", "%%"))
            steps = [str(line[-1]).strip() for line in lines]
            words = ("SEARCH", "SCAN", "Scan", "Execution")
            yield f"  {name}: " + "; ".join(s for s in steps if any(w in s for w in words))


@contextmanager
def opened(kind: str) -> Iterator[Callable[[], Database]]:
    """Give a maker of empty databases in a folder, or a server, that is gone afterwards."""
    if kind == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="tsunagi-sweep-"))
        try:
            yield lambda: open_database(
                f"sqlite:///{tempfile.mkstemp(suffix='.db', dir=folder)[1]}"
            )
        finally:
            shutil.rmtree(folder)
        return
    cluster = start_cluster()
    try:
        yield lambda: open_database(cluster.url(cluster.create()))
    finally:
        stop_cluster(cluster)


def main() -> None:
    """Measure both databases, and print a table and the plans."""
    parser = argparse.ArgumentParser(description="what a sweep costs by how much is stored")
    parser.add_argument("--stored", type=int, nargs="+", default=list(STORED))
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    needed, free = max(given.stored) * ROOM, shutil.disk_usage(tempfile.gettempdir()).free
    if needed > free:
        raise SystemExit(f"needs {needed:,} bytes in {tempfile.gettempdir()}, {free:,} are free")
    print(f"{'':12}{'stored':>12}{'flagging s':>12}{'nothing ms':>12}{'reminders ms':>14}")
    for kind in ("sqlite", "postgresql"):
        if given.only in (None, kind):
            with opened(kind) as empty:
                _compare(kind, empty, given.stored, given.due)


def _compare(kind: str, empty: Callable[[], Database], sizes: list[int], due: int) -> None:
    databases: dict[int, Database] = {}
    for stored in sizes:
        databases[stored] = empty()
        schema.upgrade(databases[stored])
        fill(databases[stored], stored, due)
    took = measure(databases, due)
    for stored, one in took.items():
        print(
            f"{kind:12}{stored:>12,}{median(one.flagging):>12.2f}"
            f"{1e3 * median(one.idle):>12.2f}{1e3 * median(one.reminders):>14.2f}",
            flush=True,
        )
    print(*plans(databases[sizes[-1]]), sep="\n", flush=True)
    for database in databases.values():
        database.close()
    few, many = took[sizes[0]], took[sizes[-1]]
    print(
        f"{kind:12}{'ratio':>12}{median(many.flagging) / median(few.flagging):>12.2f}"
        f"{median(many.idle) / median(few.idle):>12.2f}"
        f"{median(many.reminders) / median(few.reminders):>14.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
