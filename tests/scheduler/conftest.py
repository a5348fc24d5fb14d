"""The editions, loaded once, and the test's own database, opened."""

from collections.abc import Iterator

import pytest

from handoffs.database import Database, open_database
from rules import Library


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()
