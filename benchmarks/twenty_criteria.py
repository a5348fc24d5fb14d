"""An edition of twenty criteria, made of the shipped sample edition, and people for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from rules import Edition, Facts, Library
from rules.alike import leaves
from rules.condition import All, AtLeast, Condition, Leaf, any_of
from rules.edition import Clause

CRITERIA = 20
# Eight more, of the forms that published papers use: one box, two boxes, some of several.
MORE: tuple[Condition, ...] = (
    Leaf("care_service_before", ("used",)),
    Leaf("care_service_wish", ("wanted",)),
    Leaf("medication", ("full_help",)),
    All((Leaf("bathing", ("full_help",)), Leaf("living", ("alone",)))),
    All((Leaf("bladder_catheter_now", ("in_use",)), Leaf("bladder_catheter_before", ("none",)))),
    All((Leaf("tube_feeding_now", ("in_use",)), Leaf("tube_feeding_before", ("none",)))),
    any_of((Leaf("suction_now", ("in_use",)), Leaf("cancer", ("terminal",)))),
    AtLeast(
        2,
        (
            Leaf("toileting", ("full_help",)),
            Leaf("eating", ("full_help",)),
            Leaf("mobility", ("full_help",)),
        ),
    ),
)
# Most boxes of most people speak for nothing: 2.8 criteria hold for one person, as measured
# on papers, not ten.
QUIET = 0.88
UNKNOWN = 0.05


def twenty_criteria() -> Edition:
    """Make the edition; everything but its criteria is that of the sample region."""
    sample = Library.load().in_force("mihon", date(2026, 11, 1))
    more = tuple(
        Clause(f"more-{number}", "計測のための基準", condition, "計測", 0)
        for number, condition in enumerate(MORE)
    )
    edition = replace(sample, criteria=(*sample.criteria, *more)[:CRITERIA], examples=())
    if len(edition.criteria) != CRITERIA:
        message = "the sample edition has too few criteria"
        raise ValueError(message)
    return edition


def people(
    edition: Edition, number: int, unknown: float = UNKNOWN, seed: int = 20261122
) -> list[Facts]:
    """Draw the facts of some people; a quiet value is one that no criterion asks for."""
    random = Random(seed)
    spoken_of = {leaf for clause in edition.criteria for leaf in leaves(clause.condition)}
    loud = {(leaf.fact, value) for leaf in spoken_of for value in leaf.allowed}
    calm = {
        fact.id: [v for v in fact.known_values if (fact.id, v) not in loud] or fact.known_values
        for fact in edition.vocabulary.values()
    }
    drawn = []
    for _ in range(number):
        given = {}
        for fact in edition.vocabulary.values():
            if random.random() >= unknown:
                quiet = random.random() < QUIET
                values = calm[fact.id] if quiet else fact.known_values
                given[fact.id] = random.choice(values)
        drawn.append(Facts(given))
    return drawn
