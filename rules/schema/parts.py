"""The building blocks of the JSON Schema: words, lists, lines, and the labels they carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rules.kinds import Labelled
from rules.reading.clause_file import CLAUSE_ID
from rules.reading.due_file import UNREAD
from rules.schema.words import DESCRIPTIONS, TITLES

Schema = dict[str, Any]


def lines_of(
    known: Iterable[str],
    required: Iterable[str],
    said: Mapping[str, Any],
    *,
    open_ended: bool = False,
) -> Schema:
    """Describe `key: value` lines, with the Japanese name of each key."""
    properties = {}
    for key in known:
        titled = {"title": TITLES[key]} if key in TITLES else {}
        described = {"description": DESCRIPTIONS[key]} if key in DESCRIPTIONS else {}
        # Beside a reference nothing else is read, so that it is wrapped.
        value = said[key] if "$ref" not in said[key] else {"allOf": [said[key]]}
        properties[key] = {**titled, **described, **value}
    made: Schema = {"type": "object", "properties": properties}
    if list(required):
        made["required"] = list(required)
    if not open_ended:
        made["additionalProperties"] = False
    return made


def word_of(words: type[Labelled], among: Iterable[Labelled] | None = None) -> Schema:
    """Describe a closed list of the field."""
    return one_of({word.value: word.label for word in (among or words)})


def word_or_unread(words: type[Labelled]) -> Schema:
    """Describe a closed list of which a partial edition may say that it could not be read."""
    return one_of({**{word.value: word.label for word in words}, UNREAD: "読めていない"})


def one_of(labels: Mapping[str, str], title: str = "") -> Schema:
    """Describe one word of several, with the labels that people read."""
    titled = {"title": title} if title else {}
    said = "、".join(f"{word}: {label}" for word, label in labels.items() if label)
    return {**titled, "enum": list(labels), **({"description": said} if said else {})}


def some_of(one: Schema) -> Schema:
    """Describe one word, or a list of them."""
    return {"anyOf": [one, list_of(one)]}


def list_of(items: Schema) -> Schema:
    """Describe a list that is not empty."""
    return {"type": "array", "items": items, "minItems": 1}


def words() -> Schema:
    """Describe words of the paper; numbers and days may stand there as they are."""
    return {"type": ["string", "number"], "minLength": 1}


def day() -> Schema:
    """Describe a day written as 2026-11-20."""
    return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def id_of(pattern: str = CLAUSE_ID.pattern) -> Schema:
    """Describe an id."""
    return {"type": "string", "pattern": f"^{pattern}$"}


def part(name: str) -> Schema:
    """Point at a part that is described once."""
    return {"$ref": f"#/definitions/{name}"}
