"""A draft of the sample edition that changes many answers, as a council might try one.

The signs of the body are narrowed, one criterion goes and one comes, and an exclusion is
widened: some stays are asked for that were not, and more the other way round. The days of
the sample's newer edition differ from the older one's by themselves.
"""

from __future__ import annotations

from dataclasses import replace

from rules import Edition
from rules.condition import All, AtLeast, Condition, Leaf
from rules.edition import Clause

NARROWED: dict[str, Condition] = {
    "help-to-stand-or-walk": Leaf("mobility", ("partial_help", "full_help")),
    "several-light-signs": AtLeast(
        3,
        (
            Leaf("bathing", ("partial_help", "full_help")),
            Leaf("medication", ("partial_help", "full_help")),
            Leaf("housework", ("partial_help", "full_help")),
            Leaf("falls", ("fell",)),
        ),
    ),
}
DROPPED = "help-to-eat"
ADDED = Clause("fell-at-home", "計測のための基準", Leaf("falls", ("fell",)), "計測", 0)
WIDENED: dict[str, Condition] = {
    "short-examination-stay": All(
        (Leaf("stay_length", ("short",)), Leaf("support_change", ("unchanged",)))
    ),
}


def draft_of(edition: Edition) -> Edition:
    """Change the answers of an edition; its handoffs stay."""
    changed = NARROWED | WIDENED
    criteria = [
        replace(clause, condition=changed.get(clause.id, clause.condition))
        for clause in edition.criteria
        if clause.id != DROPPED
    ]
    exclusions = [
        replace(clause, condition=changed.get(clause.id, clause.condition))
        for clause in edition.exclusions
    ]
    ids = {clause.id for clause in (*edition.criteria, *edition.exclusions)}
    if not {*changed, DROPPED} <= ids:
        message = "the sample edition has other clauses than the draft changes"
        raise ValueError(message)
    return replace(edition, criteria=(*criteria, ADDED), exclusions=tuple(exclusions), examples=())
