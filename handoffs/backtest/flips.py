"""Which clause of a draft flipped a stay, compared with the edition in force.

A clause flipped a stay if undoing its change alone would not give the draft's answer. Where
no single clause did it, all the changes that pull the same way did it together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules import Coordination, Edition, Facts, Truth
from rules.answer import coordination_of
from rules.condition import Condition, weigh
from rules.edition import Clause, Unverified

ORDER = (Coordination.NOT_REQUIRED, Coordination.UNDETERMINED, Coordination.REQUIRED)
UNVERIFIED = "unverified"
"""Stands for the parts of either paper that could not be read."""


@dataclass(frozen=True)
class Flip:
    """One stay with another answer. clauses: the ids of what flipped it, as in the editions."""

    code: str
    hospital_id: int
    was: Coordination
    would_be: Coordination
    clauses: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Lay it out for JSON; the code names nobody."""
        return {
            "code": self.code,
            "in_force": self.was.value,
            "draft": self.would_be.value,
            "clauses": list(self.clauses),
        }


@dataclass(frozen=True)
class _Change:
    """One clause that differs: the draft with this change alone undone."""

    clause: str
    without: Edition
    pulls_up: bool


def flipping_clauses(in_force: Edition, draft: Edition, facts: Facts) -> tuple[str, ...]:
    """Name the clauses by which the draft answers otherwise; none where it does not."""
    was, would_be = coordination_of(in_force, facts), coordination_of(draft, facts)
    if was is would_be:
        return ()
    changes = list(_changes(in_force, draft, facts))
    alone = [
        each.clause for each in changes if coordination_of(each.without, facts) is not would_be
    ]
    if alone:
        return tuple(dict.fromkeys(alone))
    up = ORDER.index(would_be) > ORDER.index(was)
    together = [each.clause for each in changes if each.pulls_up is up]
    return tuple(dict.fromkeys(together)) or (UNVERIFIED,)


def _changes(in_force: Edition, draft: Edition, facts: Facts) -> Iterable[_Change]:
    """Walk over everything that stands otherwise for this person in the two editions."""
    for clause_id, older, newer in _pairs(in_force.criteria, draft.criteria):
        if _rank(older, facts) != _rank(newer, facts):
            without = replace(draft, criteria=_undone(draft.criteria, clause_id, older))
            yield _Change(clause_id, without, _rank(newer, facts) > _rank(older, facts))
    for clause_id, older, newer in _pairs(in_force.exclusions, draft.exclusions):
        if _rank(older, facts) != _rank(newer, facts):
            without = replace(draft, exclusions=_undone(draft.exclusions, clause_id, older))
            yield _Change(clause_id, without, _rank(newer, facts) < _rank(older, facts))
    older, newer = in_force.out_of_scope, draft.out_of_scope
    if _rank(older, facts) != _rank(newer, facts):
        named = newer or older
        yield _Change(
            "" if named is None else named.id,
            replace(draft, out_of_scope=older),
            _rank(newer, facts) < _rank(older, facts),
        )
    if draft.unverified != in_force.unverified:
        without = replace(draft, unverified=in_force.unverified)
        yield _Change(UNVERIFIED, without, pulls_up=_pull(draft, facts) > _pull(in_force, facts))


def _pull(edition: Edition, facts: Facts) -> int:
    """Weigh what is unread: scope and criteria hold 不要 back, exclusions hold 要 back."""

    def rank(parts: tuple[Unverified, ...]) -> int:
        return max((_standing(part.condition, facts) for part in parts), default=0)

    return rank(edition.holding_back) - rank(edition.unread_exclusions)


def _pairs(
    older: tuple[Clause, ...], newer: tuple[Clause, ...]
) -> Iterable[tuple[str, Clause | None, Clause | None]]:
    """Pair clauses by their id; one that the other edition lacks stands alone."""
    before = {clause.id: clause for clause in older}
    after = {clause.id: clause for clause in newer}
    for clause_id in dict.fromkeys((*before, *after)):
        yield clause_id, before.get(clause_id), after.get(clause_id)


def _undone(
    clauses: tuple[Clause, ...], clause_id: str, older: Clause | None
) -> tuple[Clause, ...]:
    """Put one clause back as it was: changed back, taken out, or put in again."""
    kept = tuple(clause for clause in clauses if clause.id != clause_id)
    return kept if older is None else (*kept, older)


def _rank(clause: Clause | None, facts: Facts) -> int:
    """Order how a clause stands; one that is not there cannot hold."""
    return 0 if clause is None else _standing(clause.condition, facts)


def _standing(condition: Condition, facts: Facts) -> int:
    """Order how a condition stands."""
    return (Truth.CLOSED, Truth.OPEN, Truth.MET).index(weigh(condition, facts).truth)
