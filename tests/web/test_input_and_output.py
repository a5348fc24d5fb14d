"""What holds for every address, whatever it shows: headers, forgery, reading, patterns of input.

Generated from the application's own list of routes: a new page is looked at without being named.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from flask import Flask
from pysqlite3 import dbapi2 as sqlite3
from werkzeug.test import TestResponse

from handoffs.access import may
from handoffs.database import Database
from handoffs.keeping.digests import Digests, differences, of_sqlite
from handoffs.policy import PUBLIC, Permission, door_of
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import Cast
from tests.web.page import Visitor
from web.headers import HEADERS, STRICTER

Enter = Callable[[str], Visitor]

READING_WRITES = {"event", "signed_in"}
"""What a GET may write: who read what, and that a session is in use."""

_WORDS = {"sheet": "admission_information", "guide": "hospital", "code": "K7RTN4"}
_MONTHS = {"month": "2026-10", "quarter": "2026-07"}


@dataclass(frozen=True)
class Address:
    """One route and method with its parts filled in, and somebody who may open it."""

    method: str
    path: str
    who: str | None


@pytest.fixture
def addresses(app: Flask, database: Database, library: Library, cast: Cast) -> list[Address]:
    """Every route; those about a stay name one that the cast's own people see."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        ids = {"stay_id": stay.id, "handoff_id": handoff.id}
    with app.app_context():
        return list(_addresses(app, cast, ids))


def _addresses(app: Flask, cast: Cast, ids: dict[str, int]) -> Iterator[Address]:
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for part in rule.arguments:
            value = _MONTHS.get(part) or _WORDS.get(part) or str(ids.get(part, 1))
            for written in (f"<int:{part}>", f"<month:{part}>", f"<path:{part}>", f"<{part}>"):
                path = path.replace(written, "app.css" if "path:" in written else value)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            asks = door_of(rule.endpoint, method)
            who = None
            if asks not in {PUBLIC, None}:
                permission = Permission(str(asks))
                who = next(name for name, one in cast.people.items() if may(one, permission))
            yield Address(method, path, who)


@pytest.fixture
def visitors(enter: Enter, stranger: Visitor) -> Callable[[str | None], Visitor]:
    """A browser for each of those who are needed, opened once."""
    known: dict[str | None, Visitor] = {None: stranger}

    def of(name: str | None) -> Visitor:
        if name not in known:
            known[name] = enter(str(name))
        return known[name]

    return of


def held(database: Database) -> Digests:
    """What every table holds, but those that reading writes."""
    connection = sqlite3.connect(database.engine.url.database or "")
    found = of_sqlite(connection)
    connection.close()
    return {table: one for table, one in found.items() if table not in READING_WRITES}


def headed(response: TestResponse) -> None:
    """Fail unless a response carries everything that each of ours does."""
    where = f"{response.request.method} {response.request.path}: {response.status_code}"
    for name, value in HEADERS.items():
        told = response.headers.get(name)
        assert told == value or (name in STRICTER and told), f"{where} {name}"
    if not response.request.path.startswith("/static/"):
        assert response.headers.get("Cache-Control") == "no-store", where
        assert "Cookie" in response.vary, where
    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, where
        assert "SameSite=Lax" in cookie, where


@pytest.mark.parametrize("papers", [False, pytest.param(True, marks=pytest.mark.long)])
def test_every_address_sends_the_headers_and_no_get_changes_anything(
    addresses: list[Address],
    visitors: Callable[[str | None], Visitor],
    database: Database,
    *,
    papers: bool,
) -> None:
    """Papers take seconds to print: their addresses are looked at in the long run."""
    before = held(database)
    statuses = set()
    asked = [one for one in addresses if one.method == "GET"]
    assert len(asked) > 100
    for address in asked:
        if address.path.endswith(".pdf") is not papers:
            continue
        response = visitors(address.who).client.get(address.path)
        headed(response)
        response.close()
        statuses.add(response.status_code)
        after = held(database)
        assert differences(before, after) == [], f"GET {address.path} changed a table"
        assert MARK not in response.headers.get("Location", ""), address.path
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address.path
    assert {200, 404} <= statuses


def test_what_is_refused_or_unknown_sends_the_headers_too(
    addresses: list[Address], stranger: Visitor, visitors: Callable[[str | None], Visitor]
) -> None:
    for path in (
        "/nowhere",
        "/static/nowhere.css",
        "/stays/0",
        "/rates/2026-13",
        "/%00",
        "/\ufffd",
    ):
        headed(stranger.client.get(path))
    for address in addresses:
        for method in ("PUT", "OPTIONS"):
            response = visitors(address.who).client.open(address.path, method=method)
            headed(response)
            response.close()
            assert response.status_code in {200, 404, 405}, f"{method} {address.path}"


def test_no_form_is_taken_from_elsewhere_or_without_its_marks(
    addresses: list[Address], visitors: Callable[[str | None], Visitor], database: Database
) -> None:
    posted = [address for address in addresses if address.method == "POST"]
    assert len(posted) > 90
    for address in posted:
        visitor = visitors(address.who)
        form = visitor.open("/nowhere", 404).form("/text-size")
        right = {name: form.value(name) for name in ("form_token", "form_id")}
        before = held(database)
        for headers, fields in (
            ({}, {}),
            ({}, right | {"form_token": "x" * 64}),
            ({"Origin": "https://elsewhere.example"}, right),
            ({"Sec-Fetch-Site": "cross-site"}, right),
        ):
            response = visitor.client.post(address.path, data=fields, headers=headers)
            headed(response)
            assert response.status_code in {400, 303}, f"POST {address.path} {headers}"
            # Led back to where the form stands: to sign in, or to the link without sign-in.
            back = response.headers.get("Location", "")
            assert response.status_code == 400 or back.startswith(("/sign-in", "/l/")), back
        assert differences(before, held(database)) == [], address.path
