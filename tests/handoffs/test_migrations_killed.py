"""Ten thousand rows up, down and up again, and with the process killed in the middle of it."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from handoffs.database import Database, open_database
from handoffs.schema import METADATA, downgrade, is_current, upgrade
from rules import Library
from tests.factories import admit_someone, leave
from tests.people import NOW, settle

pytestmark = pytest.mark.long

ROWS, KILLS, APART = 10_000, 4, 1_000_000
FIRST = "0001"
_GO = """
import sys
from handoffs.database import open_database
from handoffs.schema import downgrade, upgrade
database = open_database(sys.argv[2])
print("begun", flush=True)
{"up": upgrade, "down": downgrade}[sys.argv[1]](database, sys.argv[3])
"""


@pytest.fixture
def full(database_url: str, library: Library) -> Iterator[Database]:
    """A database with ten thousand rows: a stay that ended and one that did not, copied."""
    database = open_database(database_url)
    upgrade(database)
    with database.writing() as session:
        cast = settle(session)
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW)
        admit_someone(session, library, cast)
    _copy_until_full(database)
    yield database
    database.close()


def _copy_until_full(database: Database) -> None:
    moving = {"patient"}
    for table in METADATA.sorted_tables:
        if any(key.column.table.name in moving for key in table.foreign_keys):
            moving.add(table.name)
    with database.writing() as session:
        for table in METADATA.sorted_tables:
            if table.name not in moving:
                continue
            rows = [dict(row) for row in session.execute(sa.select(table)).mappings()]
            shifted = [
                column.name
                for column in table.columns
                if column.primary_key
                or any(key.column.table.name in moving for key in column.foreign_keys)
            ]
            for copy in range(1, ROWS // 40):
                if rows:
                    by = copy * APART
                    session.execute(
                        table.insert(), [_moved(table.name, row, shifted, by) for row in rows]
                    )


def _moved(table: str, row: dict[str, Any], shifted: list[str], by: int) -> dict[str, Any]:
    new = {**row, **{name: row[name] and row[name] + by for name in shifted}}
    if table == "stay":
        new["code"] = f"{new['id'] % APART}{by // APART:05}"
    if table == "event":
        new["seal"] = None
    return new


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the columns that it has now."""
    with database.engine.connect() as connection:
        # The names come from the database's own list of tables.
        return {
            table: sorted(connection.exec_driver_sql(f'SELECT * FROM "{table}"').all(), key=repr)  # noqa: S608
            for table in sa.inspect(connection).get_table_names()
            if table in _OF_THE_FIRST
        }


def differences(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


_OF_THE_FIRST = {
    "organization", "staff", "ward", "patient", "stay", "certification", "contact_person",
    "consent", "plan_office", "assessment", "handoff", "statement", "overdue_flag", "event",
}  # fmt: skip
"""Tables of the first revision: no way down or up may cost one of their rows."""


def counts(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
    return {table: len(rows[table]) for table in sorted(_OF_THE_FIRST)}


def whole(database: Database) -> bool:
    return is_current(database) and differences(database) == []


def timed(go: Callable[[Database, str], None], database: Database, revision: str) -> float:
    began = time.perf_counter()
    go(database, revision)
    return time.perf_counter() - began


def test_ten_thousand_rows_go_up_down_and_up_however_often_it_is_killed(
    full: Database, record_testsuite_property: Callable[[str, object], None]
) -> None:
    before = counts(held(full))
    assert sum(before.values()) >= ROWS
    lasts = {"down": timed(downgrade, full, FIRST)}
    kept = held(full)
    assert counts(kept) == before
    lasts["up"] = timed(upgrade, full, "head")
    assert whole(full)
    assert counts(held(full)) == before

    url = full.engine.url.render_as_string(hide_password=False)
    draw, stopped = random.Random(20261122), []
    for turn in range(KILLS):
        way, revision = (("down", FIRST), ("up", "head"))[turn % 2]
        (upgrade if way == "down" else downgrade)(full, "head" if way == "down" else FIRST)
        full.close()
        stopped.append(f"{way} {kill_within(url, way, revision, draw.random() * lasts[way])}")
        assert counts(held(full)) == before
        downgrade(full, FIRST)
        assert held(full) == kept, "what the first revision holds, row by row"
        upgrade(full)
        assert whole(full)
        assert counts(held(full)) == before
    name = full.engine.dialect.name
    record_testsuite_property(f"{name} seconds", lasts)
    record_testsuite_property(f"{name} killed", stopped)
    assert any(one.endswith("killed") for one in stopped)


def kill_within(url: str, way: str, revision: str, seconds: float) -> str:
    """Migrate in a process of its own and kill it so many seconds after it began."""
    with subprocess.Popen(
        [sys.executable, "-c", _GO, way, url, revision], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(seconds)
        child.kill()
        child.wait()
    return "killed" if child.returncode < 0 else "done before"
