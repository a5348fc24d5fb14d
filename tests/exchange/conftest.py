"""The editions, loaded once, and a database with one hospital in it."""

from collections.abc import Iterator

import pytest

from handoffs.database import Database
from handoffs.parties import Actor
from rules import Library
from tests.exchange.hospital import open_hospital
from tests.standing import database_at


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with database_at(migrated_url) as database:
        yield database


@pytest.fixture
def nurse(database: Database) -> Actor:
    with database.writing() as session:
        return open_hospital(session)
