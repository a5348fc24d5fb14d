"""Every cell of the policy table: who asks, which route by which method, about which stay.

What must come of a cell is worked out from the table alone. `visit` then really asks, and names
what came of it in the same words.
"""

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pysqlite3 import dbapi2 as sqlite3
from sqlmodel import Session, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from handoffs.accounts import SignedIn, digest, start_session
from handoffs.database import Database
from handoffs.keeping.digests import Digests, of_sqlite
from handoffs.parties import Actor, Staff
from handoffs.policy import DOORS, PERMISSIONS, PUBLIC, Door, Permission
from tests.conftest import MARK
from tests.people import NOW, Cast
from tests.web.policy.scene import Lie

ENDED = "closed account"
METHODS = ("GET", "POST")
ABOUT_A_STAY = {"stay_id", "handoff_id"}
_GATE = "あなたの職種では使いません"
_CLOSED = "あなたの職種では使わない画面です"


class Outcome(StrEnum):
    """What can come of asking."""

    IN = "let in"
    AWAY = "sent to sign in"
    REFUSED = "refused by the kind of work"
    CLOSED = "closed to everybody"
    HIDDEN = "as if it did not exist"


@dataclass(frozen=True)
class Asker:
    """Somebody who asks; without an actor nobody is signed in, or no longer."""

    name: str
    actor: Actor | None
    token: str = ""
    form_token: str = ""


@dataclass(frozen=True)
class Cell:
    """One question to the application."""

    asker: Asker
    rule: Rule
    method: str
    lie: Lie | None

    @property
    def door(self) -> Door | None:
        return DOORS.get((self.method, self.rule.endpoint))

    @property
    def expected(self) -> Outcome:
        """What the table says must come of it."""
        if self.door is None:
            return Outcome.CLOSED
        if self.door == PUBLIC:
            return Outcome.IN
        actor = self.asker.actor
        if actor is None:
            return Outcome.AWAY
        if self.door not in PERMISSIONS[actor.role]:
            return Outcome.REFUSED
        if self.lie is not None and not self.lie.is_reached(actor, Permission(self.door)):
            return Outcome.HIDDEN
        return Outcome.IN

    def __str__(self) -> str:
        about = f" about {self.lie.name}" if self.lie else ""
        return f"{self.asker.name}: {self.method} {self.rule.rule}{about}"


def askers(session: Session, cast: Cast) -> list[Asker]:
    """Sign in the whole cast, planners a second time with the switch, and two who are not in."""
    found = []
    for name, actor in cast.people.items():
        found.append(_signed_in(session, name, actor))
        if actor.plans_care:
            found.append(_signed_in(session, f"{name}+", replace(actor, with_colleagues=True)))
    closed = Staff(
        organization_id=cast.hospital_id,
        role=cast.ward_nurse.role,
        name="閉鎖 ひとし",
        sign_in_name="closed",
        password_hash="-",
    )
    session.add(closed)
    session.flush()
    former = _signed_in(session, ENDED, replace(cast.ward_nurse, staff_id=closed.id))
    closed.active = False
    visit = secrets.token_urlsafe(24)
    anonymous = Asker("anonymous", None, visit, digest(visit))
    return [*found, replace(former, actor=None), anonymous]


def _signed_in(session: Session, name: str, actor: Actor) -> Asker:
    token = start_session(session, session.get_one(Staff, actor.staff_id), NOW)
    session.flush()
    row = session.exec(select(SignedIn).where(SignedIn.token_digest == digest(token))).one()
    row.with_colleagues = actor.with_colleagues
    return Asker(name, actor, token, row.form_token)


def cells(app: Flask, everybody: list[Asker], lies: list[Lie]) -> Iterator[Cell]:
    """The whole matrix, route by route, in an order that does not change."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    for rule in rules:
        if rule.endpoint == "static":
            continue
        about: list[Lie | None] = [*lies] if rule.arguments & ABOUT_A_STAY else [None]
        for method in METHODS:
            if method in (rule.methods or ()):
                for asker in everybody:
                    for lie in about:
                        yield Cell(asker, rule, method, lie)


class Visits:
    """The application over one file, put back after every visit that could have changed it."""

    def __init__(self, app: Flask, database: Database, file: Path, ids: dict[str, str]) -> None:
        """Keep a copy of the file as it is now."""
        self.app, self.database, self.file, self.ids = app, database, file, ids
        self.kept = file.with_suffix(".kept")
        self.keep()
        self.clients: dict[str, FlaskClient] = {}
        self.commits = 0
        sa.event.listen(database.engine, "commit", self._count)

    def _count(self, _connection: sa.Connection) -> None:
        self.commits += 1

    def visit(self, cell: Cell) -> Outcome | int:
        """Really ask; a status where it is none of the outcomes.

        AssertionError where an answer that lets nobody in names a person or changes anything.
        """
        before = self.commits
        path = self.path(cell)
        response = self.ask(cell.asker, cell.method, path)
        changed = self.commits != before
        if changed and cell.method == "POST":
            self.put_back()
        came = self._named(cell, response)
        if cell.expected is not Outcome.IN:
            assert MARK not in response.text, f"{cell} names a person"
            # What somebody typed whose session ran out is kept, for them alone.
            assert not changed or cell.asker.name == ENDED, f"{cell} changes something"
        return came

    def _named(self, cell: Cell, response: TestResponse) -> Outcome | int:
        where = response.headers.get("Location", "")
        if response.status_code == 303 and where.startswith("/sign-in") and cell.door != PUBLIC:
            return Outcome.AWAY
        if response.status_code == 403 and _GATE in response.text:
            return Outcome.REFUSED
        if response.status_code == 403 and _CLOSED in response.text:
            return Outcome.CLOSED
        if response.status_code == 404:
            return Outcome.HIDDEN
        return Outcome.IN if response.status_code < 500 else response.status_code

    def ask(
        self, asker: Asker, method: str, path: str, fields: dict[str, list[str]] | None = None
    ) -> TestResponse:
        """Fetch, or post fields with a right token and a fresh id."""
        if method == "GET":
            return self.client(asker).get(path)
        marks = {"form_token": [asker.form_token], "form_id": [secrets.token_urlsafe(16)]}
        return self.client(asker).post(path, data=(fields or {}) | marks)

    def keep(self) -> None:
        """Let what is in the file now be what it is put back to."""
        self.database.engine.dispose()
        shutil.copyfile(self.file, self.kept)

    def put_back(self) -> None:
        """Bring the file back to what it was."""
        self.database.engine.dispose()
        shutil.copyfile(self.kept, self.file)
        for left in (f"{self.file}-wal", f"{self.file}-shm", f"{self.file}-journal"):
            Path(left).unlink(missing_ok=True)

    def path(self, cell: Cell) -> str:
        """The route's address with its ids filled in. KeyError for an id that nobody knows."""
        known = dict(self.ids)
        if cell.lie is not None:
            known |= {"stay_id": str(cell.lie.stay.id), "handoff_id": str(cell.lie.handoff.id)}

        def value(found: re.Match[str]) -> str:
            name = found.group(1)
            return known.get(name, "1") if name.endswith("_id") else known[name]

        return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", value, cell.rule.rule)

    def client(self, asker: Asker) -> FlaskClient:
        """The browser of somebody who asks, always with the same cookie."""
        if asker.name not in self.clients:
            self.clients[asker.name] = self.app.test_client(use_cookies=False)
            name = "tsunagi" if asker.name != "anonymous" else "tsunagi-visit"
            cookie = f"{name}={asker.token}"
            self.clients[asker.name].environ_base["HTTP_COOKIE"] = cookie
        return self.clients[asker.name]


NOTED = {"draft", "event", "signed_in", "sign_in_try"}
"""Tables that say who was there and what they typed: a refusal may stand there."""


def rows_of(file: Path) -> Digests:
    """What is stored about anybody, to tell whether it was changed."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        tables = of_sqlite(connection)
    return {table: held for table, held in tables.items() if table not in NOTED}
