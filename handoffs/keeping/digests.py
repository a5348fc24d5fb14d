"""What a database holds, table by table, as counts and digests: so that two can be compared.

Equal digests mean equal rows in every column, whatever order they came in. Values stay inside.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from pysqlite3 import dbapi2 as sqlite3

Digests = Mapping[str, str]
"""Table to "rows:digest"."""

_ROWS_AT_ONCE = 2000


def sqlite_tables(connection: sqlite3.Connection) -> list[str]:
    """Name every table of ours in a SQLite file."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return sorted(name for (name,) in found)


def of_sqlite(connection: sqlite3.Connection) -> Digests:
    """Digest every table of a SQLite database."""
    return {table: _of_sqlite_table(connection, table) for table in sqlite_tables(connection)}


def _of_sqlite_table(connection: sqlite3.Connection, table: str) -> str:
    # The name comes from the database's own list of tables.
    rows = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')  # noqa: S608  # nosec B608
    digest, count = hashlib.sha256(), 0
    while some := rows.fetchmany(_ROWS_AT_ONCE):
        count += len(some)
        digest.update(repr(some).encode("utf-8", "surrogatepass"))
    return f"{count}:{digest.hexdigest()}"


def sqlite_counts(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Count the rows of every table: quick, because without the write-ahead log writers wait."""
    return {
        table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608  # nosec B608
        for table in sqlite_tables(connection)
    }


def of_postgresql(connection: "psycopg.Connection[tuple[Any, ...]]") -> Digests:
    """Digest every table of a PostgreSQL database, as its transaction sees it."""
    tables = connection.execute(
        "SELECT c.relname, coalesce(array_agg(a.attname::text ORDER BY a.attnum)"
        "  FILTER (WHERE a.attnum = ANY (i.indkey::smallint[])), '{}')"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
        " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relkind = 'r' AND n.nspname = current_schema()"
        " GROUP BY c.relname ORDER BY c.relname"
    ).fetchall()
    digests: dict[str, str] = {}
    for table, keys in tables:
        # By code point: the scratch database may sort words in another way.
        order: sql.Composed = sql.SQL(", ").join(
            [sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(key)) for key in keys]
        )
        rows = sql.SQL("SELECT * FROM {}").format(sql.Identifier(str(table)))
        if keys:
            rows = sql.SQL("{} ORDER BY {}").format(rows, order)
        digest, count = hashlib.sha256(), 0
        with (
            connection.cursor() as cursor,
            cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(rows)) as lines,
        ):
            for line in lines:
                digest.update(line)
                count += bytes(line).count(b"\n")
        digests[str(table)] = f"{count}:{digest.hexdigest()}"
    return digests


def differences(expected: Digests, found: Digests) -> list[str]:
    """Name the tables that are not the same in both."""
    return sorted(table for table in {*expected, *found} if expected.get(table) != found.get(table))
