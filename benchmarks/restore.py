"""What a backup and its restoring cost on PostgreSQL with as many patients as a site may have.

    nice python -m benchmarks.restore SAMPLE.db [--patients 20000]

`SAMPLE.db` is a SQLite file with the sample region (`python -m handoffs sample`). Its people are
copied under new numbers until there are enough, into a PostgreSQL server of its own that is gone
at the end; then that is backed up, read back, and restored into an empty database. Durability is
off on that server, so nothing here speaks of its disk.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from handoffs import schema
from handoffs.database import open_database
from handoffs.keeping.backup import Places, make_backup
from handoffs.keeping.generation import sealed_file
from handoffs.keeping.restore import restore
from handoffs.keeping.sealed import make_key
from tests.postgresql import start_cluster, stop_cluster

NIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)
_APART = 1_000_000
_AT_ONCE = 5_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Row = dict[str, Any]


def main() -> None:
    """Fill, back up, restore; one line each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("sample", type=Path)
    parser.add_argument("--patients", type=int, default=20_000)
    given = parser.parse_args()
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(cluster, given.sample, given.patients, Path(folder))
    finally:
        stop_cluster(cluster)


def _measure(cluster: Any, sample: Path, patients: int, room: Path) -> None:  # noqa: ANN401
    url, empty = cluster.url(cluster.create()), cluster.url(cluster.create())
    database = open_database(url)
    schema.upgrade(database)
    began = time.perf_counter()
    print(f"{_fill(database.engine, sample, patients)} patients", _since(began), flush=True)
    revision = schema.revision_of(database)
    database.close()
    make_key(room / "key")
    places = Places(url, room / "data", room / "backups", room / "key")
    began, now = time.perf_counter(), NIGHT
    made = make_backup(places, revision=revision, keep=5, now=now)
    rows, size = sum(made.rows.values()), made.size / 1e6
    print(f"backup of {rows} rows, read back, {size:.0f} MB", _since(began), flush=True)
    began = time.perf_counter()
    there = Places(empty, room / "elsewhere", places.folder, places.key)
    restore(there, sealed_file(places.folder, made.name), aside=False, now=now)
    print("restored and compared", _since(began), flush=True)


def _since(began: float) -> str:
    return f"in {time.perf_counter() - began:.1f} s"


def _fill(target: sa.Engine, sample: Path, patients: int) -> int:
    """Copy the sample's people under new numbers until there are enough."""
    source = sa.create_engine(f"sqlite:///{sample}")
    moving = {"patient"}
    for table in schema.METADATA.sorted_tables:
        if any(key.column.table.name in moving for key in table.foreign_keys):
            moving.add(table.name)
    with source.connect() as there, target.begin() as here:
        count = there.execute(sa.text("SELECT count(*) FROM patient")).scalar_one()
        copies = -(-patients // count)
        for table in schema.METADATA.sorted_tables:
            rows = [dict(row) for row in there.execute(sa.select(table)).mappings()]
            times = copies if table.name in moving else 1
            for some in _parts(table, rows, times, moving):
                here.execute(table.insert(), some)
    source.dispose()
    return int(count * copies)


def _parts(table: sa.Table, rows: list[Row], copies: int, moving: set[str]) -> Iterator[list[Row]]:
    shifted = [
        column.name
        for column in table.columns
        if (column.primary_key and table.name in moving)
        or any(key.column.table.name in moving for key in column.foreign_keys)
    ]
    for copy in range(copies):
        changed = [_moved(table.name, row, shifted, copy) for row in rows]
        for start in range(0, len(changed), _AT_ONCE):
            yield changed[start : start + _AT_ONCE]


def _moved(table: str, row: Row, shifted: list[str], copy: int) -> Row:
    by = copy * _APART
    new = {**row, **{name: row[name] and row[name] + by for name in shifted}}
    if table == "stay":
        number, code = new["id"], ""
        while number:
            number, digit = divmod(number, len(_DIGITS))
            code = _DIGITS[digit] + code
        new["code"] = code
    if table == "patient":
        new["hospital_number"] = None
    if table == "event":
        new["seal"] = None  # It is of another number.
    return new


if __name__ == "__main__":
    main()
