"""Cases that schemathesis draws from the description, asked as somebody whose work opens the route.

Half of the addresses get ids of what stands in the record, and half of the forms begin as a page
shows them: what is drawn at random alone comes no further than the first refusal.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from werkzeug.routing import Rule

from tests.web.attack.description import MARKS, Body, Schema, described, template_of
from tests.web.attack.ground import Fields, Ground

AS_DESCRIBED, NOT_SO = 5, 3
"""Cases of one operation in one round: as the description says, and against it."""

_PAPERS = (".pdf", ".xlsx", ".pdf.zip")


@dataclass
class Operation:
    """One route and method, with what draws its cases."""

    rule: Rule
    method: str
    strategies: dict[GenerationMode, Any]

    @property
    def is_paper(self) -> bool:
        """Whether it prints: seconds each."""
        return self.rule.rule.endswith(_PAPERS)


@dataclass
class Came:
    """What came of the cases."""

    asked: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    """Operations that answered something else than a refusal at the door, at least once."""


def operations(ground: Ground, bodies: dict[str, Body]) -> list[Operation]:
    """Every operation of the description, with its strategies made once."""
    app = ground.scene.app
    rules = {
        (template_of(rule), method.lower()): rule
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    document: Schema = described(app, bodies)
    found = []
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), "the description is none"
        one = result.ok()
        rule = rules[one.path, one.method]
        if rule.endpoint != "static":
            drawn = {mode: one.as_strategy(generation_mode=mode) for mode in GenerationMode}
            found.append(Operation(rule, one.method.upper(), drawn))
    return found


def ask_all(ground: Ground, found: list[Operation], most: int) -> Came:
    """Ask rounds of cases of every operation until `most` were asked. Paper is printed once."""
    came, number = Came(), 0
    while came.asked < most:
        for one in found:
            if came.asked < most and not (number and one.is_paper):
                _ask_some(ground, one, number, came)
        number += 1
    return came


def _ask_some(ground: Ground, one: Operation, number: int, came: Came) -> None:
    for mode in GenerationMode:
        count = AS_DESCRIBED if mode is GenerationMode.POSITIVE else NOT_SO

        @seed(number)
        @settings(
            max_examples=1 if one.is_paper else count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=one.strategies[mode], chosen=st.integers(0, 2**16))
        def ask(case: Case[Any], chosen: int) -> None:
            came.asked += 1
            try:
                status = _ask(ground, one, case, chosen)
            except AssertionError as wrong:
                came.wrong.setdefault(f"{one.method} {one.rule.rule}", str(wrong))
            else:
                if status not in {403, 404}:
                    came.reached.add(f"{one.method} {one.rule.rule}")

        with suppress(Unsatisfiable):  # Nothing of it can be asked against the description.
            ask()


def _ask(ground: Ground, one: Operation, case: Case[Any], chosen: int) -> int:
    """Ask one case; the bits of `chosen` say who asks, where, and from which form."""
    let_in = ground.let_in(one.method, one.rule.endpoint)
    somebody = let_in if chosen % 8 else ground.of_each_work()
    asker = somebody[(chosen >> 3) % len(somebody)]
    path = ground.filled(one.rule, asker) if chosen & 1024 else case.formatted_path
    path = path if path.startswith("/") else f"/{path}"
    if one.method == "GET":
        query = urlencode(case.query or {}, doseq=True)
        return ground.ask(asker, "GET", f"{path}?{query}" if query else path).status_code
    fields: Fields = {}
    if chosen & 2048:
        forms = [form for form in ground.shown() if form.endpoint == one.rule.endpoint]
        own = [form for form in forms if form.asker is asker]
        fields = dict((own or forms)[chosen % len(own or forms)].typed) if forms else {}
    files: dict[str, bytes] = {}
    for name, value in _pairs(case.body):
        if isinstance(value, bytes):
            files[name] = value
        else:
            fields[name] = (
                [str(part) for part in value] if isinstance(value, list) else [str(value)]
            )
    return ground.ask(asker, "POST", path, fields, files).status_code


def _pairs(body: object) -> Iterator[tuple[str, object]]:
    """The fields of a drawn body without the marks, which who asks puts in."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name not in MARKS:
                yield str(name), value
