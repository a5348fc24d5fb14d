"""The application over a database that is put back after every request that changed it.

Whoever attacks goes through `Ground.ask`: it checks what must hold of every answer whatever was
sent. No error page of ours, no traceback, the headers, and nothing written by reading.
"""

import logging
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse, encode_multipart

from handoffs.parties import Actor
from handoffs.policy import PERMISSIONS, PUBLIC, Permission, door_of
from handoffs.schema import METADATA
from tests.web.attack.description import MARKS, Body, overheard
from tests.web.markup import Node, tree_of
from tests.web.policy.cells import Asker
from tests.web.policy.conftest import Scene
from web import log
from web.headers import HEADERS, STRICTER

READING_WRITES = {"event", "signed_in"}
"""What a GET may write: who read what, and that a session is in use."""

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)

_WORKS = {
    "ward_nurse",
    "social_worker",
    "care_manager+",
    "center_staff",
    "health_officer",
    "discharge_nurse",
    "psychiatric_social_worker",
    "multifunctional",
}
"""One person of each kind of work, the planner with the switch that shows the whole office's."""

_AWAY = {403, 404}

Fields = dict[str, list[str]]


@dataclass
class Shown:
    """One form as a page shows it to somebody."""

    asker: Asker
    action: str
    endpoint: str
    node: Node

    @property
    def typed(self) -> Fields:
        """What a browser would send if nobody touched anything, without the marks."""
        fields: Fields = {}
        for node in self.node.all("input", "select", "textarea"):
            name, kind = node.get("name"), node.get("type")
            if not name or name in MARKS or kind in {"submit", "button", "file"}:
                continue
            if kind in {"radio", "checkbox"} and "checked" not in node.attributes:
                continue
            if node.tag == "select":
                options = node.all("option")
                chosen = [one for one in options if "selected" in one.attributes] or options[:1]
                value = [one.get("value", one.text) for one in chosen]
            else:
                value = [node.get("value") if node.tag == "input" else node.text]
            fields.setdefault(name, []).extend(value)
        return fields

    @property
    def texts(self) -> list[str]:
        """The fields into which any text can be typed."""
        closed = {"hidden", "radio", "checkbox", "submit", "button", "file"}
        return [
            node["name"]
            for node in self.node.all("input", "textarea")
            if node.get("type") not in closed and node.get("name")
        ]


@dataclass
class Ground:
    """The scene, what stands in it for each kind of work, and everything that was written."""

    scene: Scene
    written: set[str] = field(default_factory=set)
    error: str = ""
    """The last line of the log about an error of ours."""
    _shown: list[Shown] = field(default_factory=list)

    def __post_init__(self) -> None:
        log.LOGGER.addFilter(self._listen)
        sa.event.listen(self.scene.database.engine, "before_cursor_execute", self._note)

    def leave(self) -> None:
        """Listen no more."""
        log.LOGGER.removeFilter(self._listen)
        sa.event.remove(self.scene.database.engine, "before_cursor_execute", self._note)

    def _listen(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            self.error = record.getMessage()
        return True

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found = _WRITES.match(statement)
        if found:
            self.written.add(found.group(1))

    def ask(
        self,
        asker: Asker,
        method: str,
        path: str,
        fields: Mapping[str, Sequence[str]] | None = None,
        files: Mapping[str, bytes] | None = None,
        *,
        put_back: bool = True,
    ) -> TestResponse:
        """Ask once, check what holds of every answer, put back what was changed."""
        client = self.scene.visits.client(asker)
        self.written.clear()
        before = self.scene.visits.commits
        if method == "GET":
            response = client.get(path, buffered=True)
        else:
            marks = {"form_token": [asker.form_token], "form_id": [secrets.token_urlsafe(16)]}
            body, kind = _body(marks | dict(fields or {}), files or {})
            response = client.post(path, data=body, content_type=kind, buffered=True)
        if method == "POST" and put_back and self.scene.visits.commits != before:
            self.scene.visits.put_back()
        self._hold(f"{asker.name}: {method} {path[:200]!r} {fields or ''!a:.600}", response)
        return response

    def _hold(self, at: str, response: TestResponse) -> None:
        at = f"{at}: {response.status_code}"
        assert response.status_code < 500, f"{at} {self.error}"
        for name, value in HEADERS.items():
            told = response.headers.get(name)
            assert told == value or (name in STRICTER and told), f"{at}: {name}"
        if response.mimetype == "text/html":
            assert "Traceback (most recent" not in response.text, at
        if response.request.method == "GET":
            assert self.written <= READING_WRITES, f"{at} writes {self.written}"
        for cookie in response.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie, at

    def filled(self, rule: Rule, asker: Asker) -> str:
        """A route with ids of what this kind of work reaches."""
        ids = self.ids(asker)
        return re.sub(
            r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: ids.get(found.group(1), "1"), rule.rule
        )

    def ids(self, asker: Asker) -> dict[str, str]:
        """The ids that stand for each part of an address, for this kind of work."""
        lie = self.scene.lies[0]
        if asker.actor is not None:
            actor = asker.actor
            reached = (
                one for one in self.scene.lies if one.is_reached(actor, Permission.STAY_READ)
            )
            lie = next(reached, lie)
        ids = dict(self.scene.visits.ids)
        return ids | {"stay_id": str(lie.stay.id), "handoff_id": str(lie.handoff.id)}

    def of_each_work(self) -> list[Asker]:
        """One signed-in person of each kind of work; planners see the whole office's clients."""
        return [one for one in self.scene.askers if one.name in _WORKS]

    def let_in(self, method: str, endpoint: str) -> list[Asker]:
        """Whose work opens a route."""
        door = door_of(endpoint, method)
        if door == PUBLIC:
            return [self.scene.askers[-1], *self.of_each_work()]
        return [one for one in self.of_each_work() if door in PERMISSIONS[_actor(one).role]]

    def shown(self) -> list[Shown]:
        """Every form that posts, on every page, once for each kind of work that is shown it."""
        if not self._shown:
            self._shown = list(self._look())
        return self._shown

    def _look(self) -> Iterator[Shown]:
        seen = set()
        for rule in sorted(self.scene.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if "GET" not in (rule.methods or ()) or re.search(r"\.[a-z]+$", rule.rule):
                continue
            if rule.endpoint == "static":
                continue
            for asker in self.let_in("GET", rule.endpoint):
                for form in self.shown_at(asker, self.filled(rule, asker)):
                    names = sorted({node.get("name") for node in form.node.within})
                    key = (asker.name, form.endpoint, tuple(names))
                    if key not in seen:
                        seen.add(key)
                        yield form

    def shown_at(self, asker: Asker, path: str) -> list[Shown]:
        """Every form that posts on one page, as somebody is shown it."""
        response = self.ask(asker, "GET", path)
        if response.status_code != 200 or response.mimetype != "text/html":
            return []
        found = []
        for form in tree_of(response.text).all("form"):
            action = form.get("action").partition("#")[0] or path
            endpoint = self._endpoint(action)
            if form.get("method") == "post" and endpoint:
                found.append(Shown(asker, action, endpoint, form))
        return found

    def newest(self, table: str, column: str) -> object:
        """What stands in a column of the newest row of a table."""
        columns = METADATA.tables[table].c
        with self.scene.database.reading() as session:
            asked = sa.select(columns[column]).order_by(columns.id.desc())
            return session.connection().execute(asked).scalar()

    def _endpoint(self, action: str) -> str | None:
        try:
            found = self.scene.app.url_map.bind("localhost").match(action, method="POST")
        except HTTPException:
            return None
        return str(found[0])

    def bodies(self, each: int = 9) -> dict[str, Body]:
        """The fields of every route that takes a form: as code reads them, and as pages show them.

        each: kinds of work that post. 1 stops at the first that is let through, and looks at no
        page.
        """
        with overheard(self.scene.app) as bodies:
            for rule in self.scene.app.url_map.iter_rules():
                if "POST" not in (rule.methods or ()):
                    continue
                bodies.setdefault(rule.endpoint, Body())
                for asker in self.let_in("POST", rule.endpoint)[: max(each, 3)]:
                    came = self.ask(asker, "POST", self.filled(rule, asker))
                    if each == 1 and came.status_code not in _AWAY:
                        break
        for one in self.shown() if each > 1 else ():
            bodies[one.endpoint].shown(one.node)
        return bodies


def _body(fields: Mapping[str, Sequence[str]], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """The bytes of a form and their type; half a character goes along as it is."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    if not files:
        body = urlencode(pairs, errors="surrogatepass").encode("ascii")
        return body, "application/x-www-form-urlencoded"
    sent = [(name, FileStorage(BytesIO(content), "file", name)) for name, content in files.items()]
    boundary, whole = encode_multipart(MultiDict([*pairs, *sent]))
    return whole, f"multipart/form-data; boundary={boundary}"


def _actor(asker: Asker) -> Actor:
    assert asker.actor is not None
    return asker.actor
