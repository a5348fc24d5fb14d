"""A small checker for the part of JSON Schema that the generated schema uses.

A keyword that it does not know is an error, so that nothing is silently taken for checked.
"""

from __future__ import annotations

import re
from typing import Any

Json = Any
SAID = {"$schema", "title", "description", "definitions"}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
}


def faults(schema: dict[str, Json], value: Json, root: dict[str, Json], at: str = "") -> list[str]:
    """Say everything that is wrong with a value, each with its place."""
    found: list[str] = []
    for keyword, wanted in schema.items():
        if keyword in SAID | {"patternProperties"}:
            continue
        found += CHECKS[keyword](schema, wanted, value, root, at)
    return found


def _type(_s: Json, wanted: Json, value: Json, _r: Json, at: str) -> list[str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    fits = any(isinstance(value, TYPES[name]) for name in names) and not isinstance(value, bool)
    return [] if fits else [f"{at}: {names}"]


def _properties(_s: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [
        f for k, v in value.items() if k in wanted for f in faults(wanted[k], v, root, f"{at}.{k}")
    ]


def _additional(schema: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    patterns = schema.get("patternProperties", {})
    found: list[str] = []
    for key, each in value.items():
        if key in schema.get("properties", {}):
            continue
        fits = [s for pattern, s in patterns.items() if re.search(pattern, key)]
        for one in fits:
            found += faults(one, each, root, f"{at}.{key}")
        if not fits and wanted is False:
            found.append(f"{at}.{key}: no such key")
        elif not fits:
            found += faults(wanted, each, root, f"{at}.{key}")
    return found


def _required(_s: Json, wanted: Json, value: Json, _r: Json, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [f"{at}: {key} is missing" for key in wanted if key not in value]


def _items(_s: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [f for n, each in enumerate(value) for f in faults(wanted, each, root, f"{at}[{n}]")]


def _ref(_s: Json, wanted: str, value: Json, root: Json, at: str) -> list[str]:
    return faults(root["definitions"][wanted.rpartition("/")[2]], value, root, at)


def _any(_s: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    ways = [faults(each, value, root, at) for each in wanted]
    return [] if [] in ways else min(ways, key=len)


def _one(_s: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    fits = sum(not faults(each, value, root, at) for each in wanted)
    return [] if fits == 1 else [f"{at}: {fits} of the ways fit, not one"]


def _all(_s: Json, wanted: Json, value: Json, root: Json, at: str) -> list[str]:
    return [f for each in wanted for f in faults(each, value, root, at)]


def _pattern(_s: Json, wanted: str, value: Json, _r: Json, at: str) -> list[str]:
    if not isinstance(value, str) or re.search(wanted, value):
        return []
    return [f"{at}: {value!r} is not {wanted}"]


def _enum(_s: Json, wanted: Json, value: Json, _r: Json, at: str) -> list[str]:
    return [] if value in wanted else [f"{at}: {value!r} is none of {wanted}"]


def _bound(kind: type | tuple[type, ...], measure: Json, *, least: bool) -> Json:
    def check(_s: Json, wanted: int, value: Json, _r: Json, at: str) -> list[str]:
        if not isinstance(value, kind) or isinstance(value, bool):
            return []
        found = measure(value)
        return [] if (found >= wanted if least else found <= wanted) else [f"{at}: {found}"]

    return check


CHECKS: dict[str, Json] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "items": _items,
    "$ref": _ref,
    "anyOf": _any,
    "oneOf": _one,
    "allOf": _all,
    "pattern": _pattern,
    "enum": _enum,
    "minLength": _bound(str, len, least=True),
    "minItems": _bound(list, len, least=True),
    "minProperties": _bound(dict, len, least=True),
    "minimum": _bound(int, int, least=True),
    "maximum": _bound(int, int, least=False),
}
