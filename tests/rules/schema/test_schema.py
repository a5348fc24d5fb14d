"""The generated schema lets every shipped edition through and stops what is written wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from rules import HandoffKind, Library
from rules.__main__ import main
from rules.schema import schema
from rules.schema.words import TITLES
from tests.rules.plain_schema import Json, faults

BROKEN = Path(__file__).parents[1] / "broken"
SCHEMA = schema()
# Mistakes that one can see in one place, without reading the rest of the file.
STRUCTURAL = (
    "condition-as-a-word",
    "criteria-as-a-mapping",
    "date-in-another-form",
    "deadline-before-the-admission",
    "empty-condition",
    "empty-list",
    "id-in-capitals",
    "no-anchor",
    "no-counting-convention",
    "no-number-of-days",
)


class Words(yaml.SafeLoader):
    """Reads days as the words that are written, as an editor does."""


Words.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def page(file: Path) -> Json:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=Words)  # noqa: S506 -- a safe one


@pytest.mark.parametrize("file", [e.file for e in Library.load().editions], ids=lambda f: f.stem)
def test_every_shipped_edition_fits(file: Path) -> None:
    assert faults(SCHEMA, page(file), SCHEMA) == []


@pytest.mark.parametrize("name", STRUCTURAL)
def test_structural_mistakes_are_refused(name: str) -> None:
    assert faults(SCHEMA, page(BROKEN / f"{name}.yaml"), SCHEMA)


def test_a_slip_of_the_pen_is_refused(tmp_path: Path) -> None:
    text = (BROKEN.parent / "sound.yaml").read_text(encoding="utf-8")
    for before, after in (
        ("mobility: [partial_help", "mobility: [partial_halp"),
        ("kind: admission_information", "kind: admission_informations"),
        ("criteria:", "criterias:"),
        ("coordination: required", "coordination: yess"),
    ):
        file = tmp_path / "slip.yaml"
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        assert faults(SCHEMA, page(file), SCHEMA), after


def test_the_schema_is_printed_with_japanese_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == SCHEMA
    kind = printed["properties"]["handoffs"]["items"]["properties"]["kind"]
    assert (kind["title"], kind["enum"]) == ("引継ぎの種類", [k.value for k in HandoffKind])
    assert "入院時情報提供" in kind["description"]
    assert all(key in TITLES for key in printed["properties"])
