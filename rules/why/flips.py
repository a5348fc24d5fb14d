"""Find the smallest changes of facts that would give another answer.

A change gives a fact a known value that it does not have now; forgetting an answer is no
change. Every single change is tried first, then, only for answers that no single one
gives, every pair. Values that the edition does not tell apart are one change, so the search
is exhaustive within its bound and always comes out in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rules.alike import alike
from rules.answer import answering, coordination_of
from rules.edition import Edition
from rules.facts import Facts
from rules.kinds import Coordination

MOST_CHANGES = 2
# Above this the pairs are left alone and the explanation says so.
MOST_TRIES = 20_000


@dataclass(frozen=True)
class Change:
    """One fact takes another value: any one of these does the same."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Flip:
    """Changes that together give another answer, and none of which can be left out."""

    becomes: Coordination
    changes: tuple[Change, ...]

    def applied(self, facts: Facts) -> Facts:
        """Make the changes, each with its first value."""
        return Facts({**facts.given, **{each.fact: each.values[0] for each in self.changes}})


@dataclass(frozen=True)
class Flips:
    """What was found. tried: up to how many changes together every combination was tried."""

    found: tuple[Flip, ...]
    tried: int

    def to(self, answer: Coordination) -> tuple[Flip, ...]:
        """Pick those that lead to one answer; they are all of the same size."""
        return tuple(flip for flip in self.found if flip.becomes is answer)


def flips_of(edition: Edition, facts: Facts) -> Flips:
    """Search for the smallest flips to each of the two other answers."""
    now = coordination_of(edition, facts)
    changes = tuple(_changes(edition, facts))
    found: dict[Coordination, list[Flip]] = {}
    singles = tuple((change,) for change in changes)
    _sort(edition, facts, singles, found)
    found.pop(now, None)
    pairs = tuple(pair for pair in combinations(changes, 2) if pair[0].fact != pair[1].fact)
    wanted = [answer for answer in Coordination if answer is not now and answer not in found]
    tried = MOST_CHANGES if len(pairs) <= MOST_TRIES else 1
    if wanted and tried == MOST_CHANGES:
        by_pairs: dict[Coordination, list[Flip]] = {}
        _sort(edition, facts, pairs, by_pairs)
        found.update({answer: by_pairs[answer] for answer in wanted if answer in by_pairs})
    ordered = (flip for answer in Coordination for flip in found.get(answer, ()))
    return Flips(tuple(ordered), tried)


def _changes(edition: Edition, facts: Facts) -> Iterator[Change]:
    """List every change of one fact that some condition of the answer could notice."""
    for fact, groups in alike(answering(edition), edition.vocabulary).items():
        for values in groups:
            if facts[fact] not in values:
                yield Change(fact, values)


def _sort(
    edition: Edition,
    facts: Facts,
    tries: Iterable[tuple[Change, ...]],
    found: dict[Coordination, list[Flip]],
) -> None:
    """Try each combination and keep it under the answer that it gives."""
    for changes in tries:
        # Which answer it becomes is only known afterwards.
        flip = Flip(Coordination.UNDETERMINED, changes)
        answer = coordination_of(edition, flip.applied(facts))
        found.setdefault(answer, []).append(Flip(answer, changes))
