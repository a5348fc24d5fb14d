"""The editions, loaded once, and the test's own database, opened."""

from collections.abc import Iterator

import pytest

from handoffs.database import Database
from rules import Library
from tests.standing import database_at


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with database_at(migrated_url) as database:
        yield database
