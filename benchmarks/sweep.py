"""What a sweep costs by how much is stored: the same 1,000 due among few and among many handoffs.

    nice python -m benchmarks.sweep [--stored 50000 5000000] [--due 1000] [--only sqlite]

Builds the record by plain SQL in a temporary folder that it removes: stays that ended, eight
handoffs each, most of them confirmed, and among a hundred three that were missed long ago and
never made up for, two undetermined and one that is not due yet. Then the sweep that flags what
is due, the sweep that finds nothing, and a round of reminders; and by which index each of their
questions is answered. Needs some 4 GB on the disk for five million, and PostgreSQL's programs.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
ROUNDS = 5
ROOM = 1_500
"""Bytes on the disk for one handoff, with its indexes, its flag and its share of a stay."""


@dataclass(frozen=True)
class Took:
    """Seconds of one record: the sweep that flags, one that finds nothing, the reminders."""

    flagging: float
    idle: float
    reminders: float


def fill(database: Database, stored: int, due: int) -> None:
    """Put everything in: `stored` handoffs of the past, and `due` that nobody has flagged."""
    with database.writing() as session:
        first = _first(session)
        _copies(
            session, Stay, first.id, (stored + due) // A_STAY + 1, {"code": "CAST(n AS varchar(6))"}
        )
        handoff = _handoff(session, first)
        _copies(session, Handoff, handoff.id, stored, _of_the_past())
        due_now = {"stay_id": f"n * {max(1, stored // A_STAY // due)}", "rule_id": "'due'"}
        _copies(session, Handoff, handoff.id, due, due_now)
        session.delete(handoff)
        _flags(session)
    if database.engine.dialect.name == "postgresql":
        # As autovacuum does by itself; SQLite has no statistics until somebody asks for them.
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "VACUUM ANALYZE"
            )


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


def _handoff(session: Session, stay: Stay) -> Handoff:
    """One handoff that is due now; every other is a copy of it."""
    handoff = Handoff(
        stay_id=stay.id,
        rule_id="first",
        kind=HandoffKind.DISCHARGE_NOTICE,
        sender=Party.HOSPITAL,
        receiver=Party.CARE_MANAGER,
        standing=Standing.REQUIRED,
        text="退院の連絡",
        source="計測",
        due_on=DUE_ON,
        due_at=late_from(DUE_ON),
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
    """Set the flags of what was missed long ago, as the sweeps of that time did."""
    session.connection().exec_driver_sql(
        "INSERT INTO overdue_flag (handoff_id, due_at, noticed_at) "
        "SELECT id, due_at, due_at FROM handoff WHERE flagged_for IS NOT NULL"
    )


def seconds_of(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median seconds of some work that changes nothing."""
    took = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        took.append(perf_counter() - began)
    return median(took)


def measured(database: Database, due: int) -> Took:
    """Time the three. Raises AssertionError if a sweep did not find just what is due."""
    reach = Reach(mail=True, webhooks={}, beyond_office=False)
    began = perf_counter()
    found = flag_overdue(database.writing, NOW)
    flagging = perf_counter() - began
    if found != due:
        raise AssertionError(f"{found} flags instead of {due}")
    idle = seconds_of(lambda: flag_overdue(database.writing, NOW))
    # The first round says what is to be said; what returns each quarter of a minute is the rest.
    remind(database, NOW, reach)
    return Took(flagging, idle, seconds_of(lambda: remind(database, NOW, reach)))


def plans(database: Database) -> Iterator[str]:
    """Say of each question of the sweep and the ladder how the database looks for its rows."""
    asked = {"now": NOW, "after": 0, "most": missed.BATCH}
    questions: dict[str, sa.Select[Any]] = {"sweep": missed._LATE.params(**asked)}  # noqa: SLF001 - the question itself.
    for rung in LADDER:
        questions[f"{rung.step.value}"] = reminding._open_for(rung, NOW, 0)  # noqa: SLF001
    explain = "EXPLAIN " if database.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with database.engine.connect() as connection:
        for name, question in questions.items():
            compiled = question.compile(database.engine, compile_kwargs={"literal_binds": True})
            lines = connection.exec_driver_sql(explain + str(compiled).replace("%", "%%"))
            steps = [str(line[-1]).strip() for line in lines]
            yield f"  {name}: " + "; ".join(s for s in steps if "handoff" in s or "acknow" in s)


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
    took: dict[int, Took] = {}
    for stored in sizes:
        database = empty()
        schema.upgrade(database)
        fill(database, stored, due)
        took[stored] = one = measured(database, due)
        print(
            f"{kind:12}{stored:>12,}{one.flagging:>12.2f}"
            f"{1e3 * one.idle:>12.2f}{1e3 * one.reminders:>14.2f}",
            flush=True,
        )
        if stored == sizes[-1]:
            print(*plans(database), sep="\n", flush=True)
        database.close()
    few, many = took[sizes[0]], took[sizes[-1]]
    print(
        f"{kind:12}{'ratio':>12}{many.flagging / few.flagging:>12.2f}"
        f"{many.idle / few.idle:>12.2f}{many.reminders / few.reminders:>14.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
