"""One condition tree per clause: what must hold, in words of the paper.

The same tree is compiled for the engine (`terms`), read for the facts that are
still to be asked (`weigh`) and can be shown leaf by leaf. Its leaves say "this fact
has one of these values"; there is no negation, because the opposite of a leaf
is a leaf with the other values (`opposite`). So learning a fact can settle a
condition but never unsettle it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from rules.facts import UNKNOWN, Facts, Vocabulary
from rules.kinds import Truth
from rules.wording import without_repeats


@dataclass(frozen=True)
class Leaf:
    """One fact has one of the listed values. Unknown is never among them."""

    fact: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class All:
    """Every part must hold; with no parts it always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AtLeast:
    """At least `count` of the parts must hold; with count 1 any one of them.

    A part may stand several times and counts each time: that is how a score is said.
    """

    count: int
    parts: tuple[Condition, ...]


Condition = Leaf | All | AtLeast
ALWAYS = All(())
NEVER = AtLeast(1, ())
Term = tuple[Leaf, ...]


class Weighing(NamedTuple):
    """How a condition stands, and the unknown facts that could still move it, in order."""

    truth: Truth
    waits_for: tuple[str, ...] = ()


HOLDS = Weighing(Truth.MET)
CANNOT_HOLD = Weighing(Truth.CLOSED)


def any_of(parts: tuple[Condition, ...]) -> AtLeast:
    """Any one of the parts suffices."""
    return AtLeast(1, parts)


def together(*conditions: Condition) -> Condition:
    """All of these hold; conditions that always hold are left out."""
    parts = tuple(condition for condition in conditions if condition != ALWAYS)
    return parts[0] if len(parts) == 1 else All(parts)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """List the facts that a condition speaks of, in order, each once."""
    if isinstance(condition, Leaf):
        return (condition.fact,)
    return without_repeats(fact for part in condition.parts for fact in facts_of(part))


def opposite(condition: Condition, vocabulary: Vocabulary) -> Condition:
    """Say when a condition cannot hold any more, without a word for "not".

    At least n of m fail to hold exactly when at least m - n + 1 of the opposites hold.
    """
    if condition == NEVER:
        return ALWAYS
    if isinstance(condition, Leaf):
        known = vocabulary[condition.fact].known_values
        return Leaf(condition.fact, tuple(v for v in known if v not in condition.allowed))
    parts = tuple(opposite(part, vocabulary) for part in condition.parts)
    if isinstance(condition, All):
        return any_of(parts)
    return AtLeast(len(parts) - condition.count + 1, parts)


def terms(condition: Condition) -> tuple[Term, ...]:
    """Spell a condition out as alternatives, each a plain list of leaves that must all hold.

    The condition holds, or could still hold, exactly when one of the alternatives does.
    """
    if isinstance(condition, Leaf):
        return ((condition,),)
    if isinstance(condition, All):
        return _joined(condition.parts)
    return without_repeats(
        term
        for chosen in _choices(_counted(condition), condition.count)
        for term in _joined(chosen)
    )


def size(condition: Condition) -> int:
    """Count the alternatives that `terms` may spell out, without spelling them out."""
    if isinstance(condition, Leaf):
        return 1
    if isinstance(condition, All):
        return prod(size(part) for part in condition.parts)
    # ways[n]: how many alternatives reach exactly n so far; a choice ends where it is enough.
    ways = [1] + [0] * (condition.count - 1)
    enough = 0
    for part, counts in _counted(condition):
        each = size(part)
        for reached in range(condition.count - 1, -1, -1):
            if reached + counts < condition.count:
                ways[reached + counts] += ways[reached] * each
            else:
                enough += ways[reached] * each
    return enough


def _counted(condition: AtLeast) -> list[tuple[Condition, int]]:
    """List the parts with how often each stands there, the heaviest first.

    In this order a choice that has just become enough would not be enough without any
    one of its parts, because the last is the lightest.
    """
    times = Counter(condition.parts)
    return sorted(times.items(), key=lambda part: -part[1])


def _choices(parts: list[tuple[Condition, int]], wanted: int) -> Iterator[tuple[Condition, ...]]:
    """Choose parts that are together enough, and none that is not needed for it."""
    for place, (part, counts) in enumerate(parts):
        if counts >= wanted:
            yield (part,)
        else:
            for rest in _choices(parts[place + 1 :], wanted - counts):
                yield (part, *rest)


def _joined(parts: tuple[Condition, ...]) -> tuple[Term, ...]:
    """Spell out that all of these parts hold together."""
    choices = product(*(terms(part) for part in parts))
    return without_repeats(
        without_repeats(leaf for term in choice for leaf in term) for choice in choices
    )


def weigh(condition: Condition, facts: Facts) -> Weighing:
    """Read a condition against facts, in three values, and say what it waits for.

    A part that is settled waits for nothing; a condition that is settled waits for nothing
    either, whatever its parts wait for.
    """
    if isinstance(condition, Leaf):
        value = facts[condition.fact]
        if value == UNKNOWN:
            return Weighing(Truth.OPEN, (condition.fact,))
        return HOLDS if value in condition.allowed else CANNOT_HOLD
    needed = len(condition.parts) if isinstance(condition, All) else condition.count
    weighings = [weigh(part, facts) for part in condition.parts]
    met = sum(each.truth is Truth.MET for each in weighings)
    still_open = sum(each.truth is Truth.OPEN for each in weighings)
    if met >= needed:
        return HOLDS
    if met + still_open < needed:
        return CANNOT_HOLD
    return Weighing(
        Truth.OPEN, without_repeats(fact for each in weighings for fact in each.waits_for)
    )
