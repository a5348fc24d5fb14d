"""A made month whose counts are planted while it is made. Imports nothing of rules or rates.

Every stay is one of a few kinds; each kind says by plain words what it adds to which count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True)
class Kind:
    """What is said of such a stay, and where it counts: missed, met, unknown, or out."""

    hospital: str | None
    office: str | None
    level: str
    destination: str
    counts_as: str


KINDS = (
    Kind("talked", "talked", "care_2", "home", "met"),
    Kind("talked", None, "support_1", "home", "met"),
    Kind("not_contacted", "nothing_heard", "care_4", "nursing_home", "missed"),
    Kind("absent", None, "support_2", "home", "missed"),
    Kind(None, "through_family", "care_1", "group_home", "missed"),
    Kind("talked", "nothing_heard", "care_3", "home", "unknown"),
    Kind(None, None, "care_5", "home", "unknown"),
    Kind("talked", "talked", "care_2", "death", "out"),
    Kind(None, None, "care_2", "other_hospital", "out"),
    Kind("talked", None, "none", "home", "out"),
)


@dataclass
class Planted:
    """The stays in order, each with its kind and its hospital, and what must be counted."""

    stays: list[tuple[Kind, int]] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def figure(self, line: str) -> tuple[int, int, int]:
        """Missed, everybody in the denominator, unknown: of the whole or of one line."""
        missed, met, unknown = (self.counts[line, word] for word in ("missed", "met", "unknown"))
        return missed, missed + met + unknown, unknown


def planted(seed: int, stays: int = 160) -> Planted:
    """Make a month; hospitals are 0 and 1."""
    random, made = Random(seed), Planted()
    for _ in range(stays):
        kind, hospital = random.choice(KINDS), random.randrange(2)
        made.stays.append((kind, hospital))
        group = "要支援" if kind.level.startswith("support") else "要介護"
        for line in ("合計", group, f"hospital {hospital}", kind.destination):
            made.counts[line, kind.counts_as] += 1
    return made
