"""PostgreSQL's own programs, pg_dump and pg_restore, and a scratch database beside the record.

What those programs say may quote rows, so it is never repeated: their name and exit code are.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from handoffs.keeping.digests import Digests, of_postgresql
from handoffs.keeping.errors import KeepingError

_HOURS = 4 * 3600
"""Seconds after which a dump or a restore is given up."""

Connection = psycopg.Connection[tuple[Any, ...]]


def dump(url: str, target: Path) -> Digests:
    """Dump the database as it is at one moment, and digest the same moment. Writers go on.

    Raises:
        KeepingError: pg_dump is missing or failed, or the server cannot be reached.
    """
    with _connected(make_url(url)) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        moment = str(found[0]) if found else ""
        _run(
            "pg_dump",
            ["--format=custom", f"--snapshot={moment}", f"--file={target}"],
            make_url(url),
        )
        digests = of_postgresql(connection)
        connection.execute("ROLLBACK")
    return digests


def load(url: URL, source: Path) -> Digests:
    """Restore a dump into an empty database and digest what is there afterwards.

    Raises:
        KeepingError: pg_restore is missing or failed.
    """
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*options, str(source)], url)
    with _connected(url) as connection:
        return of_postgresql(connection)


def is_empty(url: str) -> bool:
    """Whether the database has no table of ours yet."""
    with _connected(make_url(url)) as connection:
        return not connection.execute(
            "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
        ).fetchall()


@contextmanager
def scratch(url: str) -> Iterator[URL]:
    """Make a database of another name on the same server, and drop it at the end.

    Raises:
        KeepingError: the user may not create databases.
    """
    own = make_url(url)
    name = f"tsunagi_check_{secrets.token_hex(6)}"
    try:
        with _connected(own) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
            )
    except psycopg.errors.InsufficientPrivilege:
        raise KeepingError(
            "バックアップを試しに戻すデータベースを作れません。バックアップ用の利用者に"
            " CREATEDB の権限を付けてください(docs/operations.md)。"
        ) from None
    try:
        yield own.set(database=name)
    finally:
        with _connected(own) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(_words(url), password=url.password, autocommit=True)
    except psycopg.OperationalError:
        raise KeepingError(
            "データベースを開けません。アドレスと、動いているかを確かめてください。"
        ) from None
    with connection:
        yield connection


def _words(url: URL) -> str:
    """The address as libpq reads it, without the password."""
    extra = {key: str(value) for key, value in url.query.items()}
    named = {"dbname": url.database, "user": url.username, "host": url.host, "port": url.port}
    given = {key: str(value) for key, value in named.items() if value is not None}
    return make_conninfo("", **{**given, **extra})


def _run(program: str, arguments: list[str], url: URL) -> None:
    path = shutil.which(program)
    if path is None:
        raise KeepingError(
            f"{program} がありません。サーバーと同じ版の postgresql-client を入れてください。"
        )
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    ended = subprocess.run(  # noqa: S603 - a program of PostgreSQL, an address of the settings.
        [path, "--no-password", f"--dbname={_words(url)}", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_HOURS,
    )
    if ended.returncode:
        raise KeepingError(
            f"{program} が終了コード {ended.returncode} で止まりました。"
            "版がサーバーと同じか、空きがあるか、権限があるかを確かめてください。"
        )
