"""The record is gone, locked, read-only or full: what people see, and that it mends by itself.

Nobody gets a page of a program's words, no act is written by half, the heartbeat tells of it,
and nothing has to be started again afterwards.
"""

import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from pysqlite3 import dbapi2 as sqlite3
from sqlmodel import select
from time_machine import Traveller

import handoffs.database
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.heartbeat import beat
from handoffs.history import Act, Event
from handoffs.stays.stay import Stay
from rules import Library
from scheduler.jobs import sweep
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import NOW, Cast, settle
from tests.postgresql import Cluster, start_cluster, stop_cluster
from tests.web.page import Form, Visitor
from web.context import EXTENSION

Outage = Callable[[], AbstractContextManager[None]]
ADVICE = "1分ほど待って、もう一度お試しください"


def serve(app: Flask, database: Database) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=database)


def planned(database: Database) -> tuple[date | None, int]:
    """The planned date, and how many events tell of it."""
    with database.reading() as session:
        told = session.exec(select(Event).where(Event.act == Act.STAY_PLAN_DISCHARGE)).all()
        return session.exec(select(Stay)).one().planned_discharge_on, len(told)


def ready(app: Flask, database: Database, library: Library, cast: Cast) -> tuple[Visitor, Form]:
    """Somebody has typed a planned date, and is about to register it."""
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
        beat(session, "scheduler", NOW)
    visitor = Visitor(app).arrive(cast.ward_nurse, NOW)
    page = visitor.open(f"/stays/{stay_id}/planned-discharge")
    typed = {"planned_discharge_on": "R8.12.4", "planned_certainty": "fixed"}
    return visitor, page.form(page.path).fill(**typed)


def goes_and_comes_back(
    database: Database, visitor: Visitor, form: Form, outage: Outage, clock: Traveller
) -> None:
    """While it lasts: words, and nothing written. Afterwards the same click is one act."""
    before = planned(database)
    with outage():
        page = form.submit(503)
        assert page.heading == "いま混み合っているか、記録につながりません"
        assert ADVICE in page.text
        assert "何も登録されていません" in page.text
        again = page.form(form.action)
        assert not sweep(database, NOW.replace(second=1))
    assert planned(database) == before

    clock.shift(200)
    visitor.fetch("/health", 503)
    assert again.value("planned_discharge_on") == form.value("planned_discharge_on")
    again.press("同じ内容をもう一度送る")
    form.submit()
    assert planned(database) == (date(2026, 12, 4), before[1] + 1)
    assert sweep(database, NOW.replace(minute=4))
    visitor.fetch("/health")


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A server that these tests may stop: nobody else's."""
    cluster = start_cluster()
    yield cluster
    stop_cluster(cluster)


@pytest.fixture
def on_postgresql(app: Flask, own_cluster: Cluster) -> Iterator[tuple[Database, Cast, str]]:
    name = own_cluster.create()
    database = open_database(own_cluster.url(name))
    schema.upgrade(database)
    with database.writing() as session:
        cast = settle(session)
    serve(app, database)
    yield database, cast, name
    database.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("seconds", [0, pytest.param(10, marks=pytest.mark.long)])
def test_a_postgresql_that_is_stopped_and_started_again(
    app: Flask,
    own_cluster: Cluster,
    on_postgresql: tuple[Database, Cast, str],
    library: Library,
    clock: Traveller,
    seconds: int,
) -> None:
    database, cast, _ = on_postgresql
    visitor, form = ready(app, database, library, cast)

    @contextmanager
    def stopped() -> Iterator[None]:
        own_cluster.halt()
        try:
            visitor.fetch("/health", 503)
            visitor.open("/stays", 503)
            time.sleep(seconds)
            yield
        finally:
            own_cluster.resume()

    goes_and_comes_back(database, visitor, form, stopped, clock)


@pytest.mark.postgresql
def test_a_postgresql_that_may_only_be_read(
    app: Flask,
    own_cluster: Cluster,
    on_postgresql: tuple[Database, Cast, str],
    library: Library,
    clock: Traveller,
) -> None:
    database, cast, name = on_postgresql
    visitor, form = ready(app, database, library, cast)

    def allow(word: str) -> None:
        with psycopg.connect(
            host=str(own_cluster.folder), user="tsunagi", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(
                f"ALTER DATABASE {name} SET default_transaction_read_only = {word}".encode()
            )
        database.engine.dispose()

    @contextmanager
    def read_only() -> Iterator[None]:
        allow("on")
        try:
            yield
        finally:
            allow("off")

    goes_and_comes_back(database, visitor, form, read_only, clock)


@pytest.fixture
def impatient(
    app: Flask, settled: tuple[Path, Cast], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Database, Path]]:
    """A SQLite database that waits for a lock only a moment, so that a test need not."""
    monkeypatch.setattr(handoffs.database, "BUSY_SECONDS", 0.1)
    file = tmp_path / "impatient.db"
    shutil.copyfile(settled[0], file)
    database = open_database(f"sqlite:///{file}")
    serve(app, database)
    yield database, file
    database.close()


def test_a_sqlite_file_that_somebody_else_has_locked(
    app: Flask,
    impatient: tuple[Database, Path],
    library: Library,
    cast: Cast,
    clock: Traveller,
) -> None:
    database, file = impatient
    visitor, form = ready(app, database, library, cast)

    @contextmanager
    def locked() -> Iterator[None]:
        holder = sqlite3.connect(file, isolation_level=None)
        # It can be read, and that it was read cannot be written down.
        holder.execute("BEGIN IMMEDIATE")
        page = visitor.open("/stays", 503)
        assert "Content-Security-Policy" in page.response.headers
        assert MARK not in page.response.text
        try:
            yield
        finally:
            holder.rollback()
            holder.close()

    goes_and_comes_back(database, visitor, form, locked, clock)


def test_a_sqlite_file_that_may_only_be_read(
    app: Flask,
    impatient: tuple[Database, Path],
    library: Library,
    cast: Cast,
) -> None:
    database, file = impatient
    _, form = ready(app, database, library, cast)
    # As root no permission keeps anybody from writing; this flag gives SQLite the same answer.
    only = open_database(f"sqlite:///file:{file}?mode=ro&uri=true")

    @contextmanager
    def read_only() -> Iterator[None]:
        serve(app, only)
        try:
            assert not sweep(only, NOW)
            yield
        finally:
            serve(app, database)
            only.close()

    before = planned(database)
    with read_only():
        page = form.submit(503)
        assert ADVICE in page.text
    assert planned(database) == before
    form.submit()
    assert planned(database) == (date(2026, 12, 4), before[1] + 1)


def test_a_disk_that_is_full(
    app: Flask,
    impatient: tuple[Database, Path],
    library: Library,
    cast: Cast,
    clock: Traveller,
) -> None:
    database, _ = impatient
    visitor, form = ready(app, database, library, cast)

    @contextmanager
    def full() -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        # The end of a file, not of the disk: SQLite and the kernel tell of both in one way, and
        # root is not spared. Here not even the journal has room.
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    goes_and_comes_back(database, visitor, form, full, clock)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
