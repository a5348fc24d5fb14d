"""One engine for each kind of database, which goes from one test's database to the next.

SQLAlchemy keeps the statements that it compiled with the engine. An engine for each test compiles
every statement anew, a fifth of the time that the tests of a page take.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from handoffs.database import Database, open_database


@contextmanager
def database_at(url: str) -> Iterator[Database]:
    """Open the database at a URL on the standing engine; its connections end with the block.

    One at a time for each kind of database: AssertionError for a second one.
    """
    standing = _standing(make_url(url).get_backend_name())
    standing.move(url)
    yield standing.database
    standing.leave()


class _Standing:
    def __init__(self, kind: str) -> None:
        # A file's name, though none is opened there: without one the pool is that of a database in
        # memory, which closes the connections of other threads.
        self.database = open_database(
            "sqlite:///nowhere" if kind == "sqlite" else f"{kind}+psycopg://"
        )
        self._url: str | None = None
        sa.event.listen(self.database.engine, "do_connect", self._lead)

    def move(self, url: str) -> None:
        assert self._url is None, "the standing engine is still at another test's database"
        self._url = url
        self.database.engine.url = make_url(url)

    def leave(self) -> None:
        self.database.close()
        self._url = None

    def _lead(
        self, dialect: sa.Dialect, _record: object, cargs: list[Any], cparams: dict[str, Any]
    ) -> None:
        assert self._url is not None, "nobody's test is under way"
        arguments, named = dialect.create_connect_args(make_url(self._url))
        cargs[:] = arguments
        cparams.update(named)


_standing = cache(_Standing)
