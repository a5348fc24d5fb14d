"""Acceptance row 4: an id of another organization, wherever an id can be put, opens nothing.

Every id in a path is swapped on every route, and every id in every field of every form that two
people's pages really show. Nothing is read, nothing is changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from werkzeug.routing import Rule

from handoffs.policy import DOORS, PERMISSIONS, PUBLIC
from tests.conftest import MARK
from tests.web.markup import Node, tree_of
from tests.web.policy.cells import ABOUT_A_STAY, Asker, rows_of
from tests.web.policy.columns import make_row
from tests.web.policy.conftest import Scene

TABLE_OF = {
    "absence_id": "absence",
    "concern_id": "concern",
    "fax_id": "fax_sending",
    "kept_id": "handed_over",
    "left_id": "sheet_version",
    "link_id": "case_link",
    "message_id": "message",
    "notice_id": "notice",
    "passkey_id": "passkey",
    "right_id": "sheet_version",
    "roster_id": "roster",
    "step_id": "certification_step",
    "version_id": "sheet_version",
    "work_id": "long_work",
    "import_id": "long_work",
    "staff_id": "staff",
    "leak_id": "leak",
}
"""Part of an address to the table whose row it names."""

OF_THE_AREA = {
    "organization_id", "district_id", "figure_id", "number", "request_id", "ward_id",
}  # fmt: skip
"""Ids of what belongs to the whole region, or names whom one tells: no other's to be hidden."""

OPEN = {("staff_id", "area_organizations.signing_in")}
"""The region's own list of who works where, behind its own door."""


@dataclass(frozen=True)
class Others:
    """What belongs to the other hospital and the other office alone, by table."""

    rows: dict[str, int]


KIND_OF_FIELD = {
    "center_id": "hospital",
    "contact_staff_id": "staff",
    "next_hospital_id": "office",
    "plan_organization_id": "hospital",
    "substitute_id": "staff",
    "via_center_id": "office",
    "ward_id": "ward",
}
"""Field to whose id is put there: another's, or one of a kind that may not stand there."""


@pytest.fixture(scope="module")
def others(scene: Scene) -> Others:
    """One row of every kind that belongs to the other side alone, put down as it is."""
    lie = next(lie for lie in scene.lies if lie.name == "other hospital")
    nurse = next(one.actor for one in scene.askers if one.name == "other_nurse")
    assert nurse is not None
    made = {
        "stay": lie.stay.id,
        "handoff": lie.handoff.id,
        "organization": lie.hospital,
        "staff": nurse.person_id,
        "hospital": lie.hospital,
        "office": lie.office or 0,
        "ward": lie.stay.ward_id,
    }
    with scene.database.writing() as session:
        for name in dict.fromkeys(TABLE_OF.values()):
            make_row(session.connection(), name, made)
    scene.visits.keep()
    return Others(made)


def _routes(scene: Scene) -> Iterator[tuple[Rule, str, Asker]]:
    """Every route with ids, for each of three whose work opens it."""
    askers = [a for a in scene.askers if a.name in {"ward_nurse", "care_manager+", "center_staff"}]
    for rule in sorted(scene.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in ("GET", "POST"):
            door = DOORS.get((method, rule.endpoint), PUBLIC)
            for asker in askers:
                assert asker.actor is not None
                if door != PUBLIC and door in PERMISSIONS[asker.actor.role]:
                    yield rule, method, asker


def test_every_kind_of_id_in_an_address_is_known_here(scene: Scene) -> None:
    named = {n for rule in scene.app.url_map.iter_rules() for n in rule.arguments}
    ids = {name for name in named if name.endswith("_id") or name == "number"}
    assert ids <= TABLE_OF.keys() | ABOUT_A_STAY | OF_THE_AREA


def test_an_id_of_another_organization_in_an_address_opens_nothing(
    scene: Scene, others: Others
) -> None:
    swaps = 0
    own = next(lie for lie in scene.lies if lie.name == "own")
    copied = next(lie for lie in scene.lies if lie.name == "copied")
    gone = _words(scene.visits.ask(scene.askers[0], "GET", "/stays/99999").text)
    for rule, method, asker in _routes(scene):
        mine = copied if asker.name == "center_staff" else own
        for name in sorted(rule.arguments & (TABLE_OF.keys() | ABOUT_A_STAY)):
            if (name, rule.endpoint) in OPEN:
                continue
            ids = dict(scene.visits.ids)
            ids |= {"stay_id": str(mine.stay.id), "handoff_id": str(mine.handoff.id)}
            table = TABLE_OF.get(name, name.removesuffix("_id"))
            ids[name] = str(others.rows[table])
            swaps += 1
            text = _opens_nothing(scene, asker, method, _filled(rule, ids))
            if _words(text) != gone:
                nothing = _opens_nothing(scene, asker, method, _filled(rule, ids | {name: "99999"}))
                assert _words(text) == _words(nothing), f"{rule.rule} tells them apart"
    assert swaps > 150


def _words(page: str) -> str:
    return tree_of(page).all("main")[0].text


def _filled(rule: Rule, ids: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return ids.get(found.group(1), "1")

    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", value, rule.rule)


def _opens_nothing(
    scene: Scene, asker: Asker, method: str, path: str, fields: dict[str, list[str]] | None = None
) -> str:
    """Ask, and be told that there is no such thing, or for a form what is wrong with it."""
    before = scene.visits.commits
    response = scene.visits.ask(asker, method, path, fields)
    at = f"{asker.name}: {method} {path}: {response.status_code}"
    refusals = {403, 404, 409} if fields is None else {400, 403, 404, 409, 422}
    assert response.status_code in refusals, at
    if scene.visits.commits != before:
        assert rows_of(scene.file) == rows_of(scene.visits.kept), f"{at} changes something"
    if fields is None:
        assert MARK not in response.text, at
    return response.text


def _shown_forms(scene: Scene, name: str) -> Iterator[tuple[Asker, str, Node]]:
    """Every form that posts, on every page that somebody is shown about a stay of their own."""
    asker = next(one for one in scene.askers if one.name == name)
    assert asker.actor is not None
    own = next(lie for lie in scene.lies if lie.name == "own")
    ids = dict(scene.visits.ids)
    ids |= {"stay_id": str(own.stay.id), "handoff_id": str(own.handoff.id)}
    seen: set[str] = set()
    for rule in sorted(scene.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        door = DOORS.get(("GET", rule.endpoint), PUBLIC)
        if door == PUBLIC or door not in PERMISSIONS[asker.actor.role]:
            continue
        if re.search(r"\.(pdf|csv|xlsx)$", rule.rule):
            continue
        response = scene.visits.client(asker).get(_filled(rule, ids))
        if response.status_code != 200 or response.mimetype != "text/html":
            continue
        for form in tree_of(response.text).all("form"):
            action = form.get("action").partition("#")[0] or _filled(rule, ids)
            key = f"{action} {sorted({n.get('name') for n in form.within})}"
            if form.get("method") == "post" and key not in seen:
                seen.add(key)
                yield asker, action, form


def _typed(form: Node) -> dict[str, list[str]]:
    """What a browser would send of a form as it stands."""
    fields: dict[str, list[str]] = {}
    for node in form.all("input", "textarea", "select"):
        name, kind = node.get("name"), node.get("type")
        if node.tag == "select":
            chosen = [one for one in node.all("option") if "selected" in one.attributes]
            values = [one.get("value", one.text) for one in chosen]
        elif kind in {"radio", "checkbox"} and "checked" not in node.attributes:
            values = []
        else:
            values = [node.get("value") if node.tag == "input" else node.text]
        if name and kind not in {"submit", "file"}:
            fields.setdefault(name, []).extend(values)
    return fields


@pytest.mark.parametrize("name", ["ward_nurse", "care_manager"])
def test_an_id_of_another_organization_in_a_field_changes_nothing(
    scene: Scene, others: Others, name: str
) -> None:
    swapped, named = set(), set()
    for asker, action, form in list(_shown_forms(scene, name)):
        fields = _typed(form)
        names = {node.get("name") for node in form.all("input", "select")}
        for field in sorted(one for one in names if one.endswith("_id") and one != "form_id"):
            other = {**fields, field: [str(others.rows[KIND_OF_FIELD[field]])]}
            text = _opens_nothing(scene, asker, "POST", action, other)
            swapped.add(field)
            if f'href="#{field}' in text:
                named.add(field)
    said = {"center_id", "contact_staff_id", "plan_organization_id", "via_center_id", "ward_id"}
    expected = {"ward_nurse": said, "care_manager": set()}[name]
    assert named >= expected, f"the form says nothing beside {expected - named}"
    assert swapped >= {"substitute_id"}
