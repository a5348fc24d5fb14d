"""A value of the record as a cell of CSV, and the closed lists with their meanings."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import sqlalchemy as sa

from handoffs.tokyo import TOKYO
from rules.kinds import Labelled


def cell(value: Any, place: str) -> str | int | float:  # noqa: ANN401 - whatever a column holds.
    """Write a value: moments of Tokyo, days in ISO, codes of lists, `place` for a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return place
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value if isinstance(value, int | float) else str(value)


def codes_of(table: sa.Table) -> Iterator[tuple[str, str, str, str]]:
    """Each code of each closed list of a table, with what it means."""
    for column in table.columns:
        kind = getattr(column.type, "impl_instance", column.type)
        if not isinstance(kind, sa.Enum):
            continue
        for member in kind.enum_class or ():
            label = member.label if isinstance(member, Labelled) else ""
            yield table.name, column.name, str(member.value), label
