"""The application as the web's own database role: behind the wall it shows what it always shows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlmodel import Session

from handoffs.database import Database, open_database
from handoffs.heartbeat import beat
from rules import Library
from tests.people import NOW, Cast, settle
from tests.postgresql import Cluster
from tests.web.policy.cells import Asker, Cell, Outcome, Visits, askers, cells
from tests.web.policy.conftest import ids_of
from tests.web.policy.scene import Lie, lay
from web.context import EXTENSION

pytestmark = pytest.mark.postgresql

_NEW_EACH_TIME = re.compile(r'(?:value|nonce|content)="[\w-]{16,}"')
_MOST = 24
"""Pages that every run of the tests shows; the long run shows all."""


class _Asking(Visits):
    """Visits to a database that is no file; only pages are fetched, so nothing is put back."""

    def __init__(self, app: Flask, ids: dict[str, str]) -> None:
        self.app, self.ids, self.clients = app, ids, {}


@dataclass(frozen=True)
class Walled:
    """The application with two ways to one PostgreSQL database, and everybody who can ask."""

    app: Flask
    owner: Database
    web: Database
    askers: list[Asker]
    lies: list[Lie]
    asking: _Asking

    def pages(self) -> list[Cell]:
        """Every page that somebody is let in to."""
        return [
            cell
            for cell in cells(self.app, self.askers, self.lies)
            if cell.method == "GET"
            and cell.expected is Outcome.IN
            and ".pdf" not in cell.rule.rule
            # A new secret each time, of the account alone.
            and cell.rule.endpoint != "own_account.app"
        ]

    def shown(self, cell: Cell, database: Database) -> tuple[int, str]:
        """What is shown over a connection, without what is new each time."""
        self.app.extensions[EXTENSION] = replace(self.app.extensions[EXTENSION], database=database)
        answer = self.asking.ask(cell.asker, "GET", self.asking.path(cell))
        return answer.status_code, _NEW_EACH_TIME.sub("", answer.text)


@pytest.fixture(scope="module")
def walled(
    put_together: Flask, library: Library, postgresql_cluster: Cluster, migrated_template: str
) -> Iterator[Walled]:
    """A stay in every relation, in PostgreSQL."""
    name = postgresql_cluster.create(template=migrated_template)
    owner = open_database(postgresql_cluster.url(name))
    web = open_database(postgresql_cluster.let_web_in(name))
    before = put_together.extensions[EXTENSION]
    with owner.writing() as session:
        cast, lies, everybody = _laid(session, library)
    asking = _Asking(put_together, ids_of(cast))
    yield Walled(put_together, owner, web, everybody, lies, asking)
    put_together.extensions[EXTENSION] = before
    for database in (web, owner):
        database.close()
    postgresql_cluster.drop(name)


def _laid(session: Session, library: Library) -> tuple[Cast, list[Lie], list[Asker]]:
    cast = settle(session)
    beat(session, "scheduler", NOW)
    return cast, lay(session, library, cast), askers(session, cast)


def _different(walled: Walled, asked: Iterable[Cell]) -> list[str]:
    return [
        str(cell)
        for cell in asked
        if walled.shown(cell, walled.owner) != walled.shown(cell, walled.web)
    ]


def test_pages_are_the_same_behind_the_wall(walled: Walled) -> None:
    every = walled.pages()
    assert _different(walled, every[:: len(every) // _MOST]) == []


@pytest.mark.long
def test_every_page_is_the_same_behind_the_wall(walled: Walled) -> None:
    every = walled.pages()
    assert len(every) >= 800
    assert _different(walled, every) == []
