"""Find an imagined patient for whom conditions hold, or prove that there is none.

The values of every fact are a closed list, so the question can be settled by trying. What
is tried is kept small: only facts of these conditions, only one of the values that they do
not tell apart, and never further once a condition cannot hold any more. Where even that
would take too long nothing is guessed: TooLarge is raised and the caller says so.
"""

from __future__ import annotations

from rules.alike import Alike, alike
from rules.condition import ALWAYS, All, Condition, opposite, weigh
from rules.facts import Facts, Vocabulary
from rules.kinds import Truth

MOST_TRIES = 20_000


class TooLarge(Exception):
    """The question was given up: it would take more tries than are allowed."""


def somebody(
    conditions: tuple[Condition, ...], vocabulary: Vocabulary, most_tries: int = MOST_TRIES
) -> Facts | None:
    """Find a patient for whom every condition holds; None where there can be none.

    Only the facts that it takes are given, and always the same patient is found. Raises
    TooLarge.
    """
    return _Search(conditions, vocabulary, most_tries).found(Facts())


def whole(facts: Facts, conditions: tuple[Condition, ...], vocabulary: Vocabulary) -> Facts:
    """Give a patient also the other facts of these conditions, so that nothing is open."""
    given = dict(facts.given)
    for fact, groups in alike(conditions, vocabulary).items():
        given.setdefault(fact, groups[-1][-1])
    return Facts(given)


def never(condition: Condition, vocabulary: Vocabulary) -> Condition:
    """Say that a condition does not hold."""
    return opposite(condition, vocabulary)


class _Search:
    """One question, with what it has cost so far."""

    def __init__(
        self, conditions: tuple[Condition, ...], vocabulary: Vocabulary, most_tries: int
    ) -> None:
        self._condition = All(tuple(each for each in conditions if each != ALWAYS))
        self._groups: Alike = alike(conditions, vocabulary)
        self._left = most_tries

    def found(self, facts: Facts) -> Facts | None:
        """Go on from what is given so far, one fact at a time."""
        self._left -= 1
        if self._left < 0:
            raise TooLarge
        weighing = weigh(self._condition, facts)
        if weighing.truth is Truth.MET:
            return facts
        if weighing.truth is Truth.CLOSED:
            return None
        fact = weighing.waits_for[0]
        for group in self._groups[fact]:
            found = self.found(Facts({**facts.given, fact: group[0]}))
            if found is not None:
                return found
        return None
