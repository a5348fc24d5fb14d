"""Where the record is kept: one engine, reading and writing sessions, SQLite or PostgreSQL.

A request reads briefly and lets go; a write is one short transaction that the
edge commits once. Verbs receive the session and never commit.

SQLite takes its write lock at the start of a writing transaction. A deferred
transaction that reads first fails with BUSY at once when it then wants to
write, whatever the timeout.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlmodel import Session, SQLModel, create_engine

from handoffs import wall
from handoffs.keys import KeyRing

BUSY_SECONDS = 15
"""How long a SQLite connection waits for another writer before it gives up."""

_WAL_FIXED_FROM = (3, 51, 3)
_WAL_BACKPORTS = {(3, 50): 7, (3, 44): 6}
_WRITES = "tsunagi_writes"

Row = Mapping[str, object]
"""The values of one row by column."""


def coded(enum: type[StrEnum], name: str, *, checked: bool = True) -> Any:  # noqa: ANN401
    """Build the column type of a closed list: stored by value, checked by the database.

    SQLModel alone would store the Python names and check nothing. A list that
    grows with every feature is left unchecked, or each would rebuild its table.
    """
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=checked,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether a SQLite release has the repair of the WAL-reset race.

    3.7.0 to 3.51.2 can lose committed writes there; 3.50.7 and 3.44.6 carry the repair back.
    """
    backport = _WAL_BACKPORTS.get((version[0], version[1]))
    return version >= _WAL_FIXED_FROM or (backport is not None and version[2] >= backport)


def open_database(url: str | URL, keys: str | None = None) -> "Database":
    """Open the database at a SQLAlchemy URL (sqlite or postgresql+psycopg).

    `keys` is the ring that seals history and locks secrets, as `handoffs.keys` reads it; without
    one nothing is sealed. Raises RingError for what is no ring.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            module=sqlite3,
            connect_args={"timeout": BUSY_SECONDS},
            hide_parameters=True,
        )
        _prepare_sqlite(engine)
    else:
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=UTC"},
            hide_parameters=True,
        )
        wall.stand_in(engine)
    return Database(engine, None if keys is None else KeyRing.of(keys))


def _prepare_sqlite(engine: sa.Engine) -> None:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transaction handling starts transactions late; _on_begin does it.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # Without it REPLACE deletes the old row behind the back of the append-only triggers.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("PRAGMA synchronous = FULL")
        # Or what is deleted or written over stays in the free pages of the file. Debian's SQLite
        # is built like this, the one that we bring is not.
        connection.execute("PRAGMA secure_delete = ON")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class RecordSession(Session):
    """A session that can also `append` rows that nobody will change.

    They are inserted together at each flush, after its objects and in the order in which they
    came, and share the fate of the transaction, or the savepoint, that they came in.
    """

    def __init__(self, bind: sa.Engine, keys: KeyRing | None = None) -> None:
        """Open a session on an engine; what was read stays readable after the commit."""
        super().__init__(bind, expire_on_commit=False)
        self.keys = keys
        self.appended: dict[sa.Insert, list[Row]] = {}

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write the objects that changed, and then what was appended."""
        super().flush(objects)
        while self.appended:
            insert = next(iter(self.appended))
            self.connection().execute(insert, self.appended.pop(insert))

    def commit(self) -> None:
        """Flush and commit, also where nothing but appended rows is to be written."""
        self.flush()
        super().commit()

    def rollback(self) -> None:
        """Roll back, also where nothing but appended rows was to be written."""
        super().rollback()
        self.appended.clear()


@sa.event.listens_for(RecordSession, "after_soft_rollback")
def _forget_appended(session: RecordSession, _transaction: object) -> None:
    # A savepoint flushes when it begins, so whatever still waits came after that.
    session.appended.clear()


def append(session: Session, insert: sa.Insert, row: Row) -> None:
    """Insert a row at the next flush, together with others of the same statement.

    Raises TypeError for a session that no `Database` opened: it would never write the row.
    """
    if not isinstance(session, RecordSession):
        raise TypeError("Rows are appended to the sessions of a Database.")
    session.appended.setdefault(insert, []).append(row)


class Database:
    """One engine and the two kinds of session that are opened on it."""

    def __init__(self, engine: sa.Engine, keys: KeyRing | None = None) -> None:
        """Wrap an engine made by `open_database`."""
        self.engine = engine
        self.keys = keys
        self._writing_engine = engine.execution_options(**{_WRITES: True})
        self._writers = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for questions; whatever was changed in it is forgotten.

        What was read can still be looked at afterwards: the rows are let go before
        the rollback, which would empty them.
        """
        with RecordSession(self.engine, self.keys) as session:
            yield session
            session.expunge_all()
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session for one act: committed at the end, rolled back on any error."""
        with self._turn(), RecordSession(self._writing_engine, self.keys) as session:
            yield session
            session.commit()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite one after another.

        SQLite itself has no queue: who is told BUSY sleeps and tries again, and eight people at
        one case starved each other for seconds. Another process is still waited for by SQLite,
        and whoever has waited in vain here is told by SQLite too.
        """
        taken = self._writers is not None and self._writers.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if taken and self._writers is not None:
                self._writers.release()

    def write_back(self) -> bool:
        """Carry SQLite's write-ahead log over into its file, and empty it; whether all of it went.

        To be called after erasing: until then what was there before may stand in the log. Others
        who read are waited for. PostgreSQL has nothing of the kind to be done.
        """
        if self._writers is None:
            return True
        connection = self.engine.raw_connection()
        cursor = connection.cursor()
        try:
            # Whoever writes waits while this one waits, and must not give up before it does.
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000 // 5}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        except sqlite3.Error:  # Such as a full disk: what was erased is erased, the log stays.
            return False
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def keys_of(session: Session) -> KeyRing | None:
    """The keys that a session seals and locks with; None where the database was opened without."""
    return session.keys if isinstance(session, RecordSession) else None


def writes(session: Session) -> bool:
    """Whether a session was opened for one act."""
    return bool(session.get_bind().get_execution_options().get(_WRITES, False))


def insert_into(session: Session, table: type[SQLModel]) -> Any:  # noqa: ANN401 - two dialects.
    """Begin an INSERT of the session's own dialect, which can say ON CONFLICT."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def plain(value: str | int | date | datetime | None) -> str | int | None:
    """Turn a day or a moment into ISO text for a JSON column; leave the rest as it is."""
    return value.isoformat() if isinstance(value, date | datetime) else value
