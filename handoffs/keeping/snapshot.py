"""The whole database as it is at one moment, in one file, while the product goes on writing.

SQLite by its online backup in one step: nobody waits for the copy where the write-ahead log is
used, otherwise writers do, and nobody ever waits for the comparison.
PostgreSQL by pg_dump at an exported snapshot. With it goes what every table held, so that a
restored copy can be compared.
"""

from pathlib import Path

from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.engine import make_url

from handoffs.keeping import postgresql
from handoffs.keeping.digests import Digests, differences, of_sqlite, sqlite_counts
from handoffs.keeping.errors import KeepingError

PATIENCE_SECONDS = 60
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def backend_of(url: str) -> str:
    """Which of the two databases an address means."""
    return make_url(url).get_backend_name()


def take(url: str, target: Path) -> Digests:
    """Write the database into `target` and return what it held at that moment.

    Raises:
        KeepingError: it cannot be read, or is damaged.
    """
    if backend_of(url) == POSTGRESQL:
        return postgresql.dump(url, target)
    source = Path(make_url(url).database or "")
    if not source.is_file():
        raise KeepingError(f"データベース {source} がありません。TSUNAGI_DATA を確かめてください。")
    try:
        with _opened(source) as record, _opened(target) as copy:
            record.execute("BEGIN")
            counts = sqlite_counts(record)
            record.backup(copy)
            record.execute("ROLLBACK")
        digests = _checked(target)
    except sqlite3.Error as error:
        raise KeepingError(
            f"データベースを写せません({error.sqlite_errorname})。"
            "空きと権限を確かめて、もう一度実行してください。"
        ) from None
    if {table: int(one.split(":")[0]) for table, one in digests.items()} != counts:
        raise KeepingError("写しの行数が、元と違います。もう一度実行してください。")
    return digests


def compare(url: str, source: Path, expected: Digests, scratch: Path) -> None:
    """Restore a snapshot where nobody works, and see that it holds what it should.

    `scratch` is a file that may be made for it. PostgreSQL gets a database of its own.

    Raises:
        KeepingError: something is missing or different.
    """
    if backend_of(url) == POSTGRESQL:
        with postgresql.scratch(url) as other:
            found = postgresql.load(other, source)
    else:
        source.replace(scratch)
        try:
            found = _checked(scratch)
        except sqlite3.Error:
            found = {}
    refuse_differences(expected, found)


def refuse_differences(expected: Digests, found: Digests) -> None:
    """Raise KeepingError with the names of the tables that are not the same."""
    wrong = differences(expected, found)
    if wrong:
        raise KeepingError(
            f"戻した写しが元と違います(表: {'、'.join(wrong[:5])})。このバックアップは数えません。"
            "ディスクを確かめて、もう一度実行してください。"
        )


def _opened(file: Path) -> "_Closing":
    return _Closing(file)


class _Closing:
    """A SQLite connection that is closed at the end: the module's own only commits."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, timeout=PATIENCE_SECONDS, isolation_level=None)

    def __enter__(self) -> sqlite3.Connection:
        return self.connection

    def __exit__(self, *_error: object) -> None:
        self.connection.close()


def _checked(file: Path) -> Digests:
    """Look whether a SQLite file is whole, and digest it."""
    with _opened(file) as connection:
        sound = connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        loose = connection.execute("PRAGMA foreign_key_check").fetchone()
        if not sound or loose is not None:
            raise KeepingError(
                "データベースの検査に通りません。バックアップは作っていません。"
                "docs/operations.md の「壊れたとき」に進んでください。"
            )
        return of_sqlite(connection)
