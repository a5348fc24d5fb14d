"""Imagined patients for the differential tests, drawn so that every answer comes up.

Drawn evenly, nearly everybody meets some criterion of a long list, and hardly anybody all of
a narrow scope; so each patient gets a temper: how much is unknown, how much of what is
known speaks for nothing at all, and how much of the rest is a word that the file asks for.
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
        self.asked_for = {fact: sorted(words) for fact, words in used.items()}
        self.quiet = {
            fact: [value for value in values if value not in used[fact]] or list(values)
            for fact, values in self.values.items()
        }

    def draw(self, random: Random) -> dict[str, str]:
        unknown = random.choice((0.0, 0.05, 0.2, 0.6))
        quiet = random.choice((0.0, 0.0, 0.5, 0.9, 1.0))
        eager = random.choice((0.0, 0.9))
        known = {}
        for fact, values in self.values.items():
            if random.random() >= unknown:
                calm, keen = random.random() < quiet, random.random() < eager
                words = self.asked_for[fact] if keen else values
                known[fact] = random.choice(self.quiet[fact] if calm else words)
        return known
