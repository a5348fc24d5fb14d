"""Read every condition of an edition at once, in marks: one bit for each condition.

What `weigh` says of one condition and one patient, `Reading` says of all of them in one
walk over the facts and one over the joined conditions, each part before the whole. It
follows the trees themselves and not their spelled-out alternatives, so that it shares
nothing with what the engine is asked. Which facts an open condition waits for, `Waits` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import repeat
from operator import getitem, or_
from typing import NamedTuple

from rules.condition import All, Condition, Leaf
from rules.facts import UNKNOWN, Facts, Vocabulary


class Marks(NamedTuple):
    """How numbered conditions stand; bit n speaks of condition n, higher ones of their parts.

    met: those that hold. could: those that hold or could still hold.
    """

    met: int
    could: int


class Reading:
    """The conditions of one edition, laid out once and read for one patient after the other."""

    def __init__(self, conditions: tuple[Condition, ...], vocabulary: Vocabulary) -> None:
        """Number the conditions in their order; no condition may stand there twice."""
        self.asked = (1 << len(conditions)) - 1
        nodes = tuple(dict.fromkeys(n for each in conditions for n in _parts_first(each)))
        bits = self._bits = _bits(conditions, nodes)
        self._joined = tuple(
            (_mask(bits, node), _needed(node), sum(bits[node]))
            for node in nodes
            if not isinstance(node, Leaf)
        )
        # Both marks of a value stand in one number, those that could above those that hold.
        self._width = sum(len(own) for own in bits.values())
        of_fact: dict[str, list[Leaf]] = {}
        for node in nodes:
            if isinstance(node, Leaf):
                of_fact.setdefault(node.fact, []).append(node)
        self._facts = tuple(of_fact)
        self._of_value = tuple(
            {
                value: _holding(bits, leaves, value) | _possible(bits, leaves, value) << self._width
                for value in (*vocabulary[fact].known_values, UNKNOWN)
            }
            for fact, leaves in of_fact.items()
        )

    def marks(self, facts: Facts) -> Marks:
        """Say of every condition, and of their parts, whether it holds and whether it could.

        Every fact must have a word of the vocabulary, or none; KeyError otherwise.
        """
        values = map(facts.given.get, self._facts, repeat(UNKNOWN))
        both = reduce(or_, map(getitem, self._of_value, values), 0)
        could = both >> self._width
        met = both & ((1 << self._width) - 1)
        for mask, needed, bits in self._joined:
            if (could & mask).bit_count() >= needed:
                could |= bits
                if (met & mask).bit_count() >= needed:
                    met |= bits
        return Marks(met, could)

    def bit(self, condition: Condition) -> int:
        """Find the bit by which marks speak of a condition; KeyError where it was not read."""
        return self._bits[condition][0]

    def waits(self, condition: Condition) -> Waits:
        """Prepare to say what a condition waits for; KeyError where it was not read."""
        return Waits(self._paths(condition))

    def _paths(self, condition: Condition) -> Iterator[tuple[str, int]]:
        """Walk over the leaves, each with the bits of itself and of all that it is part of."""
        bit = self.bit(condition)
        if isinstance(condition, Leaf):
            yield condition.fact, bit
        else:
            for part in condition.parts:
                for fact, path in self._paths(part):
                    yield fact, path | bit


class Waits:
    """The facts that one condition waits for while it is open."""

    def __init__(self, paths: Iterable[tuple[str, int]]) -> None:
        """Take the leaves; one that stands twice in the same places counts once."""
        self._paths = tuple(dict.fromkeys(paths))

    def of(self, still_open: int) -> tuple[str, ...]:
        """List, each once, the facts of the leaves that are open in all that they are part of.

        A part that is settled waits for nothing, whatever its own parts wait for.
        """
        return tuple(
            dict.fromkeys([fact for fact, path in self._paths if still_open & path == path])
        )


def _parts_first(condition: Condition) -> Iterator[Condition]:
    """Walk over a tree so that every part comes before the whole."""
    if not isinstance(condition, Leaf):
        for part in condition.parts:
            yield from _parts_first(part)
    yield condition


def _bits(
    conditions: tuple[Condition, ...], nodes: tuple[Condition, ...]
) -> dict[Condition, list[int]]:
    """Give every node its bits: a condition that of its number first, a part of a score several.

    A part that stands three times in a score counts three points, so it has three bits.
    """
    bits = {condition: [1 << number] for number, condition in enumerate(conditions)}
    free = len(conditions)
    times = Counter(nodes)
    for node in nodes:
        if not isinstance(node, Leaf):
            times |= Counter(node.parts)
    for node in nodes:
        own = bits.setdefault(node, [])
        while len(own) < times[node]:
            own.append(1 << free)
            free += 1
    return bits


def _mask(bits: dict[Condition, list[int]], node: Condition) -> int:
    """Join the bits of the parts, each part as often as it stands there."""
    if isinstance(node, Leaf):
        return 0
    return sum(sum(bits[part][:times]) for part, times in Counter(node.parts).items())


def _needed(node: Condition) -> int:
    """Count how many of the parts must hold."""
    if isinstance(node, Leaf):
        return 0
    return len(node.parts) if isinstance(node, All) else node.count


def _holding(bits: dict[Condition, list[int]], leaves: list[Leaf], value: str) -> int:
    """Mark the leaves of one fact that hold for one of its values."""
    return sum(sum(bits[leaf]) for leaf in leaves if value in leaf.allowed)


def _possible(bits: dict[Condition, list[int]], leaves: list[Leaf], value: str) -> int:
    """Mark the leaves of one fact that hold for a value, or could where it is unknown."""
    return sum(sum(bits[leaf]) for leaf in leaves if value == UNKNOWN or value in leaf.allowed)
