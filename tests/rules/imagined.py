"""Imagined patients for the differential tests, drawn so that every answer comes up.

Drawn evenly, nearly everybody meets some criterion; so each patient gets a temper: how
much is unknown, and how much of what is known speaks for nothing at all.
"""

from __future__ import annotations

from random import Random

from rules import Edition
from tests.rules.plain_reading import paper, words_used


class Crowd:
    """Draws patients for one edition, in the words that its file uses."""

    def __init__(self, edition: Edition) -> None:
        used = words_used(paper(edition.file))
        self.values = {fact: edition.vocabulary[fact].known_values for fact in used}
        self.quiet = {
            fact: [value for value in values if value not in used[fact]] or list(values)
            for fact, values in self.values.items()
        }

    def draw(self, random: Random) -> dict[str, str]:
        unknown = random.choice((0.0, 0.05, 0.2, 0.6))
        quiet = random.choice((0.0, 0.5, 0.9, 1.0))
        known = {}
        for fact, values in self.values.items():
            if random.random() >= unknown:
                calm = random.random() < quiet
                known[fact] = random.choice(self.quiet[fact] if calm else values)
        return known
