import multiprocessing
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, func, select

from handoffs import database as module
from handoffs.database import Database, open_database, plain, wal_is_safe
from handoffs.heartbeat import Heartbeat, beat
from handoffs.parties import Ward, WardKind
from tests.people import NOW, Cast

SAFE_VERSIONS = [
    ((3, 6, 23), False),
    ((3, 40, 1), False),
    ((3, 44, 5), False),
    ((3, 44, 6), True),
    ((3, 45, 9), False),
    ((3, 50, 6), False),
    ((3, 50, 7), True),
    ((3, 51, 0), False),
    ((3, 51, 2), False),
    ((3, 51, 3), True),
    ((3, 52, 0), True),
    ((4, 0, 0), True),
]


@pytest.mark.parametrize(("version", "safe"), SAFE_VERSIONS)
def test_wal_is_used_only_where_its_race_is_repaired(
    version: tuple[int, int, int],
    safe: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    assert wal_is_safe(version) is safe


def _pragma(database: Database, name: str) -> object:
    with database.reading() as session:
        return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()


@pytest.mark.parametrize(
    ("version", "journal"), [((3, 51, 3), "wal"), ((3, 50, 7), "wal"), ((3, 40, 1), "delete")]
)
def test_sqlite_keeps_the_journal_that_its_release_can_be_trusted_with(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
    journal: str,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    database = open_database(f"sqlite:///{tmp_path / 'journal.db'}")
    assert _pragma(database, "journal_mode") == journal
    database.close()


def test_sqlite_syncs_fully_and_keeps_its_foreign_keys(database: Database) -> None:
    full, on = 2, 1
    assert _pragma(database, "synchronous") == full
    assert _pragma(database, "foreign_keys") == on
    assert _pragma(database, "busy_timeout") == module.BUSY_SECONDS * 1000


@pytest.fixture
def begins(database: Database) -> Iterator[list[str]]:
    """The statements that begin a transaction, as the driver receives them."""
    seen: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def _look(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    yield seen
    sa.event.remove(database.engine, "before_cursor_execute", _look)


def test_a_writing_transaction_takes_the_lock_at_its_start_and_a_reading_one_does_not(
    database: Database, begins: list[str]
) -> None:
    with database.writing() as session:
        session.exec(select(Ward)).all()
    with database.reading() as session:
        session.exec(select(Ward)).all()
    assert begins == ["BEGIN IMMEDIATE", "BEGIN"]


def test_while_one_writes_another_cannot_begin_but_everybody_can_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0)
    other = open_database(database.engine.url)
    with database.writing() as session:
        beat(session, "web", NOW)
        session.flush()
        with pytest.raises(OperationalError, match="locked"), other.writing() as second:
            second.exec(select(Ward)).all()
        with other.reading() as reader:
            assert reader.exec(select(Heartbeat)).all() == []
    other.close()


def test_a_foreign_key_that_leads_nowhere_is_refused(either: tuple[Database, Cast]) -> None:
    database, _ = either
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Ward(hospital_id=999_999, name="どこにもない", kind=WardKind.GENERAL))


def test_an_error_leaves_nothing_of_the_act_behind(either: tuple[Database, Cast]) -> None:
    database, _ = either

    def act(session: Session) -> None:
        beat(session, "web", NOW)
        session.flush()
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError), database.writing() as session:
        act(session)
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Heartbeat)).one() == 0


def test_what_is_changed_while_reading_is_forgotten(either: tuple[Database, Cast]) -> None:
    database, cast = either
    with database.reading() as session:
        session.get_one(Ward, cast.ward_id).name = "書き換え"
        session.flush()
    with database.reading() as session:
        assert session.get_one(Ward, cast.ward_id).name == "3階東"


def _count_up(database: Database, times: int) -> None:
    for _ in range(times):
        with database.writing() as session:
            ward = session.exec(select(Ward).order_by(Ward.id).with_for_update()).first()  # type: ignore[arg-type]
            assert ward is not None
            ward.telephone = str(int(ward.telephone or 0) + 1)


def _count_up_elsewhere(url: str, times: int) -> None:
    database = open_database(url)
    _count_up(database, times)
    database.close()


def test_writers_in_several_threads_lose_no_update(either: tuple[Database, Cast]) -> None:
    database, _ = either
    threads = [threading.Thread(target=_count_up, args=(database, 20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        first = session.exec(select(Ward).order_by(Ward.id)).first()  # type: ignore[arg-type]
        assert first is not None
        assert first.telephone == "80"


def test_writers_in_several_processes_lose_no_update(database: Database, cast: Cast) -> None:
    url = database.engine.url.render_as_string()
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_count_up_elsewhere, args=(url, 15)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with database.reading() as session:
        assert session.get_one(Ward, cast.ward_id).telephone == "30"


def test_moments_come_back_as_the_same_moment_in_utc(either: tuple[Database, Cast]) -> None:
    database, _ = either
    with database.writing() as session:
        beat(session, "web", NOW)
    with database.reading() as session:
        kept = session.get_one(Heartbeat, "web").beat_at
        assert kept == NOW
        assert kept.utcoffset() == NOW.utcoffset()


def test_a_moment_without_a_zone_is_refused(either: tuple[Database, Cast]) -> None:
    database, _ = either
    with pytest.raises(Exception, match=r"(?i)naive|timezone"), database.writing() as session:
        beat(session, "web", datetime(2026, 11, 20))  # noqa: DTZ001 - the mistake itself.


def test_days_and_moments_become_iso_text_in_a_json_column() -> None:
    assert plain(date(2026, 11, 20)) == "2026-11-20"
    assert plain(NOW) == "2026-11-20T01:00:00+00:00"
    assert plain("code") == "code"
    assert plain(7) == 7
    assert plain(None) is None
