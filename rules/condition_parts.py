"""Take a condition tree apart: its lines, its leaves by fact, and itself without one part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.condition import ALWAYS, All, AtLeast, Condition, Leaf
from rules.facts import Facts


def exactly(patient: Facts) -> tuple[Condition, ...]:
    """Say that somebody is this patient."""
    return tuple(Leaf(fact, (value,)) for fact, value in patient.given.items())


def lines_of(condition: Condition) -> tuple[Condition, ...]:
    """Take apart what must hold together."""
    return condition.parts if isinstance(condition, All) else (condition,)


def by_fact(condition: Condition) -> dict[str, Leaf]:
    """List the lines that speak of one fact, by the fact."""
    return {line.fact: line for line in lines_of(condition) if isinstance(line, Leaf)}


def without_one_part(condition: Condition) -> Iterator[Condition]:
    """Leave out one part of one choice at a time, wherever a choice stands in the tree."""
    if isinstance(condition, Leaf) or condition == ALWAYS:
        return
    parts = condition.parts
    if isinstance(condition, AtLeast):
        for place, part in enumerate(parts):
            # In a score a part stands once for each of its points and goes as a whole.
            rest = (
                (*parts[:place], *parts[place + 1 :])
                if condition.count == 1
                else tuple(each for each in parts if each != part)
            )
            if len(rest) >= condition.count:
                yield AtLeast(condition.count, rest)
    for place, part in enumerate(parts):
        for smaller in without_one_part(part):
            changed = (*parts[:place], smaller, *parts[place + 1 :])
            yield replace(condition, parts=changed)
