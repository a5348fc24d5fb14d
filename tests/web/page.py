"""The only way in which a test fetches a page: as somebody, through links and forms.

    visitor = enter("ward_nurse")
    page = visitor.open("/stays")
    page = page.form("/stays/new").fill(name="…").submit()

Every page that comes by is inspected: language, title, one heading, labels, form marks, ids,
headers, no inline script or style, nothing of a traceback, no person's name in a title or an
address. A form is filled as it stands on the page: a field that is not there cannot be filled.
"""

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from handoffs.accounts import start_session
from handoffs.parties import Actor, Staff
from tests.conftest import MARK
from tests.people import code_for
from tests.web.markup import Node, tree_of
from web.headers import POLICY

Fields = list[tuple[str, str]]
_UNSEEN = {"hidden", "submit", "button"}
_BROKEN = re.compile(r"Traceback|<Undefined|\bNone\b|\{\{|\{%|Undefined\b")


class Visitor:
    """A browser of one person, or of nobody yet."""

    def __init__(self, app: Flask) -> None:
        """Open a browser without any cookie."""
        self.app = app
        self.client: FlaskClient = app.test_client()

    def arrive(self, actor: Actor, now: datetime) -> "Visitor":
        """Be signed in from `now` on, without the second that a password takes."""
        with self.app.extensions["tsunagi"].database.writing() as session:
            token = start_session(session, session.get_one(Staff, actor.staff_id), now)
        self.client.set_cookie("tsunagi", token)
        return self

    def open(self, path: str, status: int = 200) -> "Page":
        """Fetch a page, following where it leads."""
        return self._page(self.client.get(path), status)

    def fetch(self, path: str, status: int = 200) -> TestResponse:
        """Fetch what is no page, such as a PDF."""
        response = self.client.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        check_headers(response)
        return response

    def post(self, path: str, fields: Fields, status: int = 200, **headers: str) -> "Page":
        """Post fields as they are, following where it leads."""
        named: dict[str, list[str]] = {}
        for name, value in fields:
            named.setdefault(name, []).append(value)
        if path == "/sign-in" and named.get("code") == [""]:
            named["code"] = [self._code(named)]
        return self._page(self.client.post(path, data=named, headers=headers), status)

    def upload(
        self, path: str, fields: Mapping[str, str], file: tuple[str, bytes, str], status: int = 200
    ) -> "Page":
        """Post a form with a file: its field, its bytes and its name.

        The body stays in memory: the client never closes what it puts on the disk.
        """
        field, content, name = file
        sent = FileStorage(io.BytesIO(content), name, field)
        boundary, body = encode_multipart({**fields, field: sent})
        kind = f"multipart/form-data; boundary={boundary}"
        return self._page(self.client.post(path, data=body, content_type=kind), status)

    def _code(self, typed: dict[str, list[str]]) -> str:
        """What the app of whoever signs in shows: nobody copies it into every test."""
        name = unicodedata.normalize("NFKC", typed.get("sign_in_name", [""])[0]).strip()
        with self.app.extensions["tsunagi"].database.reading() as session:
            return code_for(session, name, datetime.now(UTC))  # noqa: TID251 - the browser's clock.

    def _page(self, response: TestResponse, status: int) -> "Page":
        hops = 0
        while response.status_code == 303:
            check_headers(response)
            where = response.headers["Location"]
            assert where.startswith("/"), f"leads away to {where}"
            assert MARK not in where
            hops += 1
            assert hops < 5, "leads round in circles"
            response = self.client.get(where)
        assert response.status_code == status, (
            f"{response.request.path}: {response.status_code}, not {status}: "
            f"{tree_of(response.text).text[:600] if response.mimetype == 'text/html' else ''}"
        )
        page = Page(self, response)
        page.inspect()
        return page


class Page:
    """One page that somebody sees."""

    def __init__(self, visitor: Visitor, response: TestResponse) -> None:
        """Read a response."""
        self.visitor = visitor
        self.response = response
        self.path = response.request.path
        self.tree = tree_of(response.text)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def heading(self) -> str:
        return self.tree.all("h1")[0].text

    @property
    def main(self) -> Node:
        return self.tree.all("main")[0]

    @property
    def text(self) -> str:
        """The words of the page's own part, without header and footer."""
        return self.main.text

    @property
    def all_text(self) -> str:
        return self.tree.text

    @property
    def links(self) -> dict[str, str]:
        """Words of a link to where it leads."""
        return {node.text: node.get("href") for node in self.tree.all("a")}

    @property
    def errors(self) -> dict[str, str]:
        """Field to message, as the error summary lists them."""
        summary = [n for n in self.tree.walk() if n.get("class") == "error-summary"]
        return {a["href"][1:]: a.text for box in summary for a in box.all("a")}

    def follow(self, words: str, status: int = 200) -> "Page":
        """Follow the link that says these words."""
        return self.visitor.open(self.links[words], status)

    def forms(self, action: str | None = None) -> "list[Form]":
        """The forms of the page that post to an address; without one, all within main."""
        found = [Form(self, node) for node in self.tree.all("form")]
        if action is not None:
            return [form for form in found if form.action.partition("#")[0] == action]
        inside = self.main.all("form")
        return [form for form in found if any(form.node is node for node in inside)]

    def form(self, action: str | None = None) -> "Form":
        """The one form of the page that posts to an address; without one, the first in main."""
        found = self.forms(action)
        assert found, f"{self.path} has no form to {action}"
        assert action is None or len(found) == 1, f"{self.path} has {len(found)} to {action}"
        return found[0]

    def inspect(self) -> None:
        """Check what must hold on every page."""
        check_headers(self.response)
        assert self.response.mimetype == "text/html"
        (root,) = self.tree.all("html")
        assert root.get("lang") == "ja"
        (title,) = self.tree.all("head")[0].all("title")
        words = "".join(part for part in title.parts if isinstance(part, str))
        assert words.endswith(" | つなぎ"), words
        assert len(words) > len(" | つなぎ"), "the title says nothing"
        assert MARK not in words, "a title names a person"
        assert len(self.tree.all("h1")) == 1, f"{len(self.tree.all('h1'))} headings h1"
        assert self.heading
        assert len(self.tree.all("main")) == 1
        broken = _BROKEN.search(self.tree.text)
        assert broken is None, f"{self.path} shows {broken}"
        self._check_code()
        ids = self._check_ids()
        self._check_inputs()
        self._check_forms()
        for node in self.tree.walk():
            for name in ("for", "aria-labelledby", "aria-describedby"):
                for one in node.get(name).split():
                    assert one in ids, f"{name}={one} points nowhere"
        for node in self.tree.all("a"):
            href = node["href"]
            assert MARK not in href, "an address names a person"
            assert node.text or node.get("aria-label"), f"the link to {href} says nothing"
            if href.startswith("#"):
                assert href[1:] in ids, f"{href} leads nowhere"

    def _check_code(self) -> None:
        assert not self.tree.all("style"), "inline style"
        for node in self.tree.walk():
            assert "style" not in node.attributes, f"<{node.tag}> has a style"
            assert not any(name.startswith("on") for name in node.attributes), node.attributes
            if node.tag == "script":
                assert node.get("src").startswith("/static/"), "inline script"
            for name in ("href", "src", "action"):
                assert "javascript:" not in node.get(name)
                assert "//" not in node.get(name), f"{node.get(name)} is not ours"

    def _check_ids(self) -> set[str]:
        ids = [node["id"] for node in self.tree.walk() if "id" in node.attributes]
        twice = {one for one in ids if ids.count(one) > 1}
        assert not twice, f"ids stand twice: {twice}"
        return set(ids)

    def _check_inputs(self) -> None:
        labelled = {node["for"] for node in self.tree.all("label") if "for" in node.attributes}
        for node in self.tree.all("input", "select", "textarea"):
            if node.get("type") in _UNSEEN:
                continue
            named = node.get("id") in labelled or node.get("aria-label")
            assert named, f"{node.get('name')} has no label"
            assert "placeholder" not in node.attributes, "a placeholder is no label"
        for node in self.tree.all("button"):
            assert node.text or node.get("aria-label"), "a button says nothing"

    def _check_forms(self) -> None:
        for node in self.tree.all("form"):
            if node.get("method") != "post":
                continue
            names = [one.get("name") for one in node.all("input")]
            for mark in ("form_token", "form_id"):
                assert names.count(mark) == 1, f"the form to {node.get('action')} has no {mark}"


@dataclass
class Form:
    """A form of a page, and what was typed into it so far."""

    page: Page
    node: Node

    def __post_init__(self) -> None:
        self.fields: Fields = _as_it_stands(self.node)

    @property
    def action(self) -> str:
        """Where it posts to."""
        return self.node.get("action") or self.page.path

    @property
    def names(self) -> set[str]:
        """The names of everything that can be filled in."""
        return {
            node["name"]
            for node in self.node.all("input", "select", "textarea", "button")
            if "name" in node.attributes
        }

    def value(self, name: str) -> str:
        """What stands in a field; nothing for one that is not ticked."""
        return next((value for one, value in self.fields if one == name), "")

    def fill(self, **typed: str | list[str] | None) -> "Form":
        """Type into fields, choose, tick (several: a list), or untick (None)."""
        for name, value in typed.items():
            assert name in self.names, f"no field {name}; there are {sorted(self.names)}"
            values = [] if value is None else [value] if isinstance(value, str) else value
            self._refuse_impossible(name, values)
            self.fields = [pair for pair in self.fields if pair[0] != name]
            self.fields += [(name, one) for one in values]
        return self

    def submit(self, status: int = 200, **headers: str) -> Page:
        """Send the form, following where it leads."""
        if self.node.get("method") == "post":
            return self.page.visitor.post(self.action, self.fields, status, **headers)
        response = self.page.visitor.client.get(self.action, query_string=dict(self.fields))
        return self.page.visitor._page(response, status)

    def press(self, words: str, status: int = 200) -> Page:
        """Send the form with the button that says these words."""
        (button,) = [node for node in self.node.all("button") if node.text == words]
        if "name" in button.attributes:
            self.fields.append((button["name"], button.get("value")))
        return self.submit(status)

    def _refuse_impossible(self, name: str, values: list[str]) -> None:
        """Refuse what no browser would send: an option that is not offered."""
        boxes = [n for n in self.node.all("input", "select") if n.get("name") == name]
        offered = {
            option.get("value", option.text)
            for box in boxes
            for option in (box.all("option") if box.tag == "select" else [box])
        }
        closed = {"select", "radio", "checkbox"} & {box.get("type") or box.tag for box in boxes}
        assert not closed or set(values) <= offered, f"{name} offers {offered}, not {values}"


def _as_it_stands(form: Node) -> Fields:
    """What a browser would send if nobody touched anything; buttons are pressed, not sent."""
    fields: Fields = []
    for node in form.all("input", "select", "textarea"):
        name = node.get("name")
        if not name:
            continue
        if node.tag == "select":
            options = node.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            fields += [(name, option.get("value", option.text)) for option in chosen]
        elif node.tag == "textarea":
            raw = "".join(part for part in node.parts if isinstance(part, str))
            fields.append((name, raw.removeprefix("\n")))
        elif node.get("type") in {"radio", "checkbox"}:
            if "checked" in node.attributes:
                fields.append((name, node.get("value", "on")))
        elif node.get("type") not in {"submit", "button"}:
            fields.append((name, node.get("value")))
    return fields


def check_headers(response: TestResponse) -> None:
    """Check what every response tells the browser."""
    headers = response.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    alone = response.request.path.startswith("/l/")
    assert headers["Referrer-Policy"] == ("strict-origin" if alone else "same-origin")
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in response.vary
    for cookie in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
