"""What every test shares: seeded properties, both databases, and the privacy guard.

Fixtures that only one package needs stand beside that package's tests. The network is closed by
pytest's options in pyproject.toml.
"""

import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from hypothesis import settings

from tests.postgresql import Cluster, start_cluster, stop_cluster

MARK = "氏名秘"
"""Stands in the name of every invented person in a test; whatever contains it has leaked."""

PACKAGES = ("app", "web", "scheduler", "forms", "exchange", "handoffs", "rules")

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser, then with the largest files: what waits last, waits alone."""
    many = Counter(item.path for item in items)
    items.sort(key=lambda one: ("browser" not in one.path.parts, -many[one.path]))


class _Records(logging.Handler):
    """Keep every log record of one test as text, with its traceback."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


@pytest.fixture(autouse=True)
def no_person_in_logs_or_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test if a marked name stands in a log record or in an error that it expected."""
    records = _Records()
    leaks: list[str] = []
    on_exit = pytest.RaisesExc.__exit__

    def look_and_exit(
        self: pytest.RaisesExc[BaseException],
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        seen = error
        while seen is not None:
            if MARK in f"{seen} {seen!r}":
                leaks.append(type(seen).__qualname__)
            seen = seen.__cause__ or seen.__context__
        return on_exit(self, kind, error, trace)

    monkeypatch.setattr(pytest.RaisesExc, "__exit__", look_and_exit)
    loggers = [logging.getLogger(name) for name in PACKAGES]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(records)
    yield
    logging.getLogger().removeHandler(records)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    assert not [text for text in records.texts if MARK in text], "a log record names a person"
    assert not leaks, "the text of an error names a person"


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """One PostgreSQL server for the whole run."""
    cluster = start_cluster()
    yield cluster
    stop_cluster(cluster)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "tsunagi.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgresql_cluster: Cluster) -> str:
    """A PostgreSQL database with every table and no row, to be copied."""
    name = postgresql_cluster.create()
    _migrate(postgresql_cluster.url(name))
    return name


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, without any table; the test runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tsunagi.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=BOTH)
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, with every table; the test runs on both."""
    if request.param == "sqlite":
        file = tmp_path / "tsunagi.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = cluster.create(template=request.getfixturevalue("migrated_template"))
    yield cluster.url(name)
    cluster.drop(name)


def _migrate(url: str) -> None:
    # Not at the top: the tests of rules must run where the record cannot even be imported.
    from handoffs.database import open_database  # noqa: PLC0415
    from handoffs.schema import upgrade  # noqa: PLC0415

    database = open_database(url)
    upgrade(database)
    database.close()
