"""A database with the standing cast in it, and the shipped editions, read once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from handoffs.database import Database, open_database
from rules import Library
from tests.people import Cast, settle
from tests.standing import database_at


@pytest.fixture(scope="session")
def library() -> Library:
    """Every shipped edition, compiled and checked once for the whole run."""
    return Library.load()


@pytest.fixture(scope="session")
def settled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A SQLite file in which the cast has settled, to be copied, and who they are."""
    file = tmp_path_factory.mktemp("settled") / "tsunagi.db"
    shutil.copyfile(migrated_file, file)
    database = open_database(f"sqlite:///{file}")
    with database.writing() as session:
        cast = settle(session)
    database.close()
    return file, cast


@pytest.fixture
def cast(settled: tuple[Path, Cast]) -> Cast:
    """Who takes part; the ids are those of the `database` fixture."""
    return settled[1]


@pytest.fixture
def database(settled: tuple[Path, Cast], tmp_path: Path) -> Iterator[Database]:
    """A SQLite database of the test's own with the cast in it and nothing else."""
    file = tmp_path / "settled.db"
    shutil.copyfile(settled[0], file)
    with database_at(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
def either(migrated_url: str) -> Iterator[tuple[Database, Cast]]:
    """The same with SQLite and with PostgreSQL: for tests of what the database itself does."""
    with database_at(migrated_url) as opened:
        with opened.writing() as session:
            cast = settle(session)
        yield opened, cast
