"""The editions, loaded once, and a database with one hospital in it."""

from collections.abc import Iterator

import pytest

from handoffs.database import Database, open_database
from handoffs.parties import Actor
from rules import Library
from tests.exchange.hospital import open_hospital


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


@pytest.fixture
def nurse(database: Database) -> Actor:
    with database.writing() as session:
        return open_hospital(session)
