"""Acceptance row 12: cases drawn by schemathesis from a description that is generated.

Of each: no error page of ours, no traceback, every header, nothing written by reading.
"""

import pytest

from tests.web.attack.cases import ask_all, operations
from tests.web.attack.description import described
from tests.web.attack.ground import Ground

CASES = 20_000


def test_the_description_has_every_route_with_its_ids_and_forms(ground: Ground) -> None:
    """And some cases of what it says: few here, all of them in the long run."""
    app = ground.scene.app
    bodies = ground.bodies(1)
    paths = described(app, bodies)["paths"]
    said = {
        one["operationId"]: {part["name"] for part in one["parameters"]}
        for methods in paths.values()
        for one in methods.values()
    }
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST"}:
            ids = rule.arguments - set(rule.defaults or ())
            assert said[f"{method} {rule.endpoint}"] >= ids, rule.rule
    assert said["GET stays.board"] == {"ward", "page", "about", "done"}
    content = paths["/stays/new"]["post"]["requestBody"]["content"]
    fields = content["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert {"name", "kana", "birth_on", "ward_id", "form_token"} <= fields.keys()
    assert fields["name"] == {"type": "string", "maxLength": 60}
    assert "multipart/form-data" in paths["/ward-lists/preview"]["post"]["requestBody"]["content"]
    known = sum(bool(body.fields) for body in bodies.values())
    assert known > 80, f"fields of {known} forms"


@pytest.mark.long
def test_twenty_thousand_cases_meet_no_error_of_ours(ground: Ground) -> None:
    found = operations(ground, ground.bodies())
    came = ask_all(ground, found, CASES)
    assert came.asked >= CASES
    assert not came.wrong, "\n".join(f"{at}: {told}" for at, told in came.wrong.items())
    assert len(came.reached) > len(found) // 2
