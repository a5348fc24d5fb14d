"""Two people's changes to one record, brought together field by field.

A field that only one of the two changed takes that change; a field that both changed
differently is a conflict and is decided by a person, never here. Pure: knows no form, no
database and no meaning of a field. No value of either side is ever lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Conflict:
    """One field that both changed differently. `before` is None where nobody knows it."""

    field: str
    before: str | None
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merge:
    """Every field stands either in `merged` or among the conflicts, never in both."""

    merged: Mapping[str, str]
    conflicts: tuple[Conflict, ...]


def merge(before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merge:
    """Bring two changed copies of a record together.

    A field that one side does not have stands as the other has it. A field that `before` does
    not have counts as changed by both: what cannot be told apart is asked.
    """
    merged: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for field in dict.fromkeys((*theirs, *mine)):
        was = before.get(field)
        own, other = mine.get(field), theirs.get(field)
        if own is None or own in {other, was}:
            merged[field] = theirs[field] if field in theirs else mine[field]
        elif other is None or other == was:
            merged[field] = own
        else:
            conflicts.append(Conflict(field, was, own, other))
    return Merge(merged, tuple(conflicts))
