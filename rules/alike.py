"""Gather the values of a fact that no condition at hand tells apart.

Seven levels of care are one and the same to a condition that only asks whether somebody is
certified. Whoever tries one value of each group has tried them all: that is what makes
an exhaustive search over closed lists short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules.condition import Condition, Leaf
from rules.facts import Vocabulary

Alike = Mapping[str, tuple[tuple[str, ...], ...]]


def alike(conditions: Iterable[Condition], vocabulary: Vocabulary) -> Alike:
    """Group the known values of every fact that these conditions speak of.

    Facts stand in the order of the vocabulary; groups and values in that of the fact.
    """
    asked: dict[str, set[tuple[str, ...]]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            asked.setdefault(leaf.fact, set()).add(leaf.allowed)
    return {
        fact: _groups(vocabulary[fact].known_values, asked[fact])
        for fact in vocabulary
        if fact in asked
    }


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Walk over the leaves of a condition, from left to right."""
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts:
            yield from leaves(part)


def _groups(values: tuple[str, ...], asked: set[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Put values together that stand in the same lists."""
    groups: dict[frozenset[tuple[str, ...]], list[str]] = {}
    for value in values:
        lists = frozenset(allowed for allowed in asked if value in allowed)
        groups.setdefault(lists, []).append(value)
    return tuple(tuple(group) for group in groups.values())
