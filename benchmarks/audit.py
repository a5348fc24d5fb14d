"""Who saw whom, and whether the history is whole, on a million acts of one organization.

`python -m benchmarks.audit [--rows N] [--verify]`: fills a SQLite file of its own with sealed acts,
a third of them lists of fifty people, chains them, and times the questions. Prints one line each.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handoffs import schema
from handoffs.audit.chain import MOST, chain_more
from handoffs.audit.seen import Asked, sights, stays_seen
from handoffs.audit.verify import verify
from handoffs.database import Database, open_database
from handoffs.history import Act, named, record
from handoffs.keys import KeyRing, new_key
from handoffs.parties import Organization, OrganizationKind, Role, Staff, actor_of

ROWS = 1_000_000
STAYS = 20_000
PEOPLE = 40
A_LIST = 50
AT_ONCE = 20_000
START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=25)


def main() -> None:
    """Fill, chain, ask."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--verify", action="store_true", help="chain and verify too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "audit.db"
        database = open_database(f"sqlite:///{file}", new_key())
        schema.upgrade(database)
        _timed("written and sealed", lambda: _fill(database, given.rows))
        end = START + given.rows * STEP
        whole = Asked(START, end, 1)
        day = Asked(START + (end - START) / 2, START + (end - START) / 2 + timedelta(days=1), 1)
        for words, ask in (
            ("who saw one stay, over everything", Asked(START, end, 1, stay_id=4711)),
            ("what one person saw, over everything", Asked(START, end, 1, staff_id=7)),
            ("everything of one day", day),
            ("everything", whole),
        ):
            _timed(words, lambda ask=ask: _ask(database, ask))  # type: ignore[misc]
        one = Asked(START, end, 1, staff_id=7)
        _timed("whom a leak through one account concerns", lambda: _scope(database, one))
        keys = database.keys
        if given.verify and keys is not None:
            _timed("chained", lambda: _chain(database, keys, end + timedelta(days=1)))
            _timed("verified", lambda: _verify(database, keys))
        print(f"file {file.stat().st_size / 1e6:.0f} MB")
        database.close()


def _timed(words: str, act: Callable[[], object]) -> None:
    started = time.perf_counter()
    said = act()
    print(f"{words}: {time.perf_counter() - started:.2f} s, {said}", flush=True)


def _fill(database: Database, rows: int) -> int:
    with database.writing() as session:
        hospital = Organization(
            kind=OrganizationKind.HOSPITAL, region="mihon", name="病院", number="1810000014"
        )
        session.add(hospital)
        session.flush()
        staff = [
            Staff(
                organization_id=hospital.id,
                role=Role.DISCHARGE_NURSE,
                name=f"職員{number}",
                sign_in_name=f"staff-{number}",
                password_hash="",
            )
            for number in range(PEOPLE)
        ]
        session.add_all(staff)
        session.flush()
        people = [actor_of(session, one.id) for one in staff]
    for start in range(0, rows, AT_ONCE):
        with database.writing() as session:
            for number in range(start, min(start + AT_ONCE, rows)):
                first = number * 7 % (STAYS - A_LIST)
                shown = named(range(first, first + A_LIST)) if number % 3 == 0 else f",{first},"
                record(
                    session,
                    people[number % PEOPLE],
                    Act.STAY_LIST if number % 3 == 0 else Act.STAY_READ,
                    now=START + number * STEP,
                    shown=shown,
                    page="stays.show",
                )
    return rows


def _ask(database: Database, asked: Asked) -> str:
    with database.reading() as session:
        count, rows = sights(session, asked)
    return f"{count} acts, {len(rows)} shown"


def _scope(database: Database, asked: Asked) -> str:
    with database.reading() as session:
        stays, _ = stays_seen(session, asked)
    return f"{len(stays)} stays"


def _chain(database: Database, keys: KeyRing, now: datetime) -> str:
    count, more = 0, MOST
    while more == MOST:
        with database.writing() as session:
            more = chain_more(session, keys, now)
        count += more
    return f"{count} acts"


def _verify(database: Database, keys: KeyRing) -> str:
    with database.reading() as session:
        found = verify(session, keys)
    return f"{found.events} acts, {found.blocks} blocks, {len(found.findings)} broken"


if __name__ == "__main__":
    main()
