"""Read the answer from the condition trees alone, without asking durable-rules.

For searching: what would change an answer, and which patient shows a fault, take thousands
of tries, and the engine is too dear for them. What is found is always one of the three
answers of `decide`, which stays the only way to decide for a patient; the tests hold the
two together.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.condition import Condition, weigh
from rules.edition import Edition
from rules.facts import Facts
from rules.kinds import Coordination, Truth


def coordination_of(edition: Edition, facts: Facts) -> Coordination:
    """Say whether coordination is needed, as `decide` would."""
    criteria = _truths((clause.condition for clause in edition.criteria), facts)
    against = _truths((clause.condition for clause in edition.grounds_against), facts)
    if Truth.MET in against or not criteria & {Truth.MET, Truth.OPEN}:
        unread = _truths((part.condition for part in edition.holding_back), facts)
        if unread <= {Truth.CLOSED}:
            return Coordination.NOT_REQUIRED
        return Coordination.UNDETERMINED
    if Truth.MET in criteria and Truth.OPEN not in against:
        doubts = _truths((part.condition for part in edition.unread_exclusions), facts)
        if doubts <= {Truth.CLOSED}:
            return Coordination.REQUIRED
    return Coordination.UNDETERMINED


def answering(edition: Edition) -> tuple[Condition, ...]:
    """List the conditions that the answer hangs on: criteria, grounds against, unread parts."""
    clauses = (*edition.criteria, *edition.grounds_against)
    return (
        *(clause.condition for clause in clauses),
        *(part.condition for part in (*edition.holding_back, *edition.unread_exclusions)),
    )


def _truths(conditions: Iterable[Condition], facts: Facts) -> set[Truth]:
    """Collect how these conditions stand."""
    return {weigh(condition, facts).truth for condition in conditions}
