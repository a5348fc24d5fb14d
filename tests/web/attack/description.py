"""An OpenAPI description of every page and form, generated: nobody writes it, nobody forgets one.

Addresses come from the application's list of routes; the fields of a form from the forms that
pages show and from what the code reads when the form is posted; query parameters from the code.
There is no interface for other programs, so that only tests need it.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.routing import Rule

from tests.web.markup import Node
from web.inputs import Posted

Schema = dict[str, Any]

MARKS = {"form_token", "form_id"}
"""In every form. A description says so once; who asks puts the right ones in."""

_PARTS: dict[str, Schema] = {
    "RecordNumber": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "Month": {"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])$"},
}
_UNTYPED = {"submit", "button", "image", "reset"}


@dataclass
class Body:
    """What is known of the fields of one posted form."""

    fields: dict[str, Schema] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def shown(self, form: Node) -> None:
        """Add what a form on a page has."""
        for node in form.all("input", "select", "textarea", "button"):
            name, kind = node.get("name"), node.get("type")
            if not name or name in MARKS or kind in _UNTYPED:
                continue
            if kind == "file":
                self.files.add(name)
            elif node.tag == "select":
                self._offered(name, [one.get("value", one.text) for one in node.all("option")])
            elif kind in {"radio", "checkbox", "hidden"} or node.tag == "button":
                self._offered(name, [node.get("value", "on")])
            else:
                self.read(name)

    def read(self, name: str, longest: int | None = None) -> None:
        """Add a field of free text."""
        if name in MARKS | self.files:
            return
        known = self.fields.setdefault(name, {"type": "string"})
        if longest is not None and "enum" not in known:
            known["maxLength"] = longest

    def _offered(self, name: str, values: list[str]) -> None:
        known = self.fields.setdefault(name, {"type": "string", "enum": []})
        known["enum"] = list(dict.fromkeys([*known.get("enum", []), *values]))

    def as_content(self) -> Schema:
        """The media type with the schema of its fields."""
        kind = "multipart/form-data" if self.files else "application/x-www-form-urlencoded"
        files = {name: {"type": "string", "format": "binary"} for name in sorted(self.files)}
        properties = dict(sorted(self.fields.items())) | files
        marks = {name: {"type": "string"} for name in sorted(MARKS)}
        return {
            kind: {
                "schema": {
                    "type": "object",
                    "properties": properties | marks,
                    "required": sorted(MARKS),
                    "additionalProperties": False,
                }
            }
        }


def described(app: Flask, bodies: dict[str, Body]) -> Schema:
    """The description of every route. bodies: by endpoint, of those that take a form."""
    paths: dict[str, Schema] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            at = paths.setdefault(template_of(rule), {})
            at[method.lower()] = _operation(app, rule, method, bodies)
    return {
        "openapi": "3.1.0",
        "info": {"title": "つなぎ", "version": "1"},
        "paths": paths,
    }


def template_of(rule: Rule) -> str:
    """A route as OpenAPI writes it."""
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)


def _operation(app: Flask, rule: Rule, method: str, bodies: dict[str, Body]) -> Schema:
    converters = rule._converters
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _PARTS.get(type(converters[name]).__name__, {"type": "string"}),
        }
        for name in sorted(rule.arguments - set(rule.defaults or ()))
    ]
    made: Schema = {
        "operationId": f"{method} {rule.endpoint}",
        "parameters": parameters,
        "responses": {"default": {"description": "a page, a file, or where it leads"}},
    }
    if method == "GET":
        made["parameters"] += [
            {"name": name, "in": "query", "schema": {"type": kind}}
            for name, kind in sorted(_asked_in(app.view_functions[rule.endpoint]).items())
        ]
    else:
        made["requestBody"] = {"required": True, "content": bodies[rule.endpoint].as_content()}
    return made


def _asked_in(view: Callable[..., Any]) -> dict[str, str]:
    """The query parameters that the part of web in which a view stands reads, with their type."""
    return _asked_in_file(inspect.getsourcefile(inspect.unwrap(view)) or "")


@cache
def _asked_in_file(file: str) -> dict[str, str]:
    found = {}
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and re.fullmatch(r"request\.(args|values)\.get(list)?", ast.unparse(node.func))
            and isinstance(node.args[0], ast.Constant)
        ):
            is_number = any(ast.unparse(one) == "type=int" for one in node.keywords)
            found[str(node.args[0].value)] = "integer" if is_number else "string"
    return found


@contextmanager
def overheard(app: Flask) -> Iterator[dict[str, Body]]:
    """Note, while forms are posted, which fields the code of each endpoint reads."""
    bodies: dict[str, Body] = {}

    class Heard(ImmutableMultiDict[str, str]):
        endpoint = ""

        def get(self, key: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as werkzeug's.
            bodies.setdefault(self.endpoint, Body()).read(key)
            return super().get(key, *rest, **named)

        def getlist(self, key: str, *rest: Any) -> list[Any]:  # noqa: ANN401 - as werkzeug's.
            bodies.setdefault(self.endpoint, Body()).read(key)
            return super().getlist(key, *rest)

    class HeardFiles(ImmutableMultiDict[str, FileStorage]):
        endpoint = ""

        def get(self, key: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as werkzeug's.
            bodies.setdefault(self.endpoint, Body()).files.add(key)
            return super().get(key, *rest, **named)

    class Listening(Request):
        @property
        def files(self) -> HeardFiles:
            heard = HeardFiles(super().files)
            heard.endpoint = self.endpoint or ""
            return heard

        @property
        def form(self) -> Heard:
            heard = Heard(super().form)
            heard.endpoint = self.endpoint or ""
            return heard

    read_text = Posted.text
    now_at: list[str] = []

    def text(self: Posted, name: str, *, ask: str | None = None, longest: int = 60) -> str:
        bodies.setdefault(now_at[-1], Body()).read(name, longest)
        return read_text(self, name, ask=ask, longest=longest)

    def note_where() -> None:
        now_at.append(request.endpoint or "")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "request_class", Listening)
        patch.setattr(Posted, "text", text)
        patch.setitem(
            app.before_request_funcs, None, [note_where, *app.before_request_funcs.get(None, [])]
        )
        yield bodies
