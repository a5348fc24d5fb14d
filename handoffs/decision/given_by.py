"""Who gave each value that a decision rests on, and when.

Read from the decisions of a stay, which are never rewritten: a value was given by whoever made
the first decision of the latest run that held it, and came from the record where the record knew
it then, whatever it knows now. For the hospital's own staff alone, because a
value says what was observed of the person. Read-only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, find_stay, require
from handoffs.decision.assessment import Assessment, filled_facts
from handoffs.parties import Actor, Staff
from handoffs.shown.account import CLOCK
from rules import VOCABULARY

ALWAYS_RECORDED = frozenset(fact for fact in VOCABULARY if VOCABULARY[fact].derived)
"""What nobody is asked for: of a decision that did not keep what the record knew."""


@dataclass(frozen=True)
class Given:
    """One value's origin. from_record: the record knows it by itself; nobody ticked it."""

    by: str
    at: datetime
    from_record: bool


@dataclass(frozen=True)
class Basis:
    """What the latest decision of a stay was made from.

    in_force and digest name the edition; digest differs from the one on disk where the file was
    corrected since.
    """

    region: str
    in_force: date
    digest: str
    facts: Mapping[str, str]
    given: Mapping[str, Given]


def basis_of(session: Session, actor: Actor, stay_id: int) -> Basis | None:
    """Say what a stay's latest decision rests on; None while nothing was decided.

    Raises NotPermitted for whoever does not assess, and NotVisible.
    """
    require(actor, Permission.STAY_ASSESS)
    stay = find_stay(session, actor, stay_id)
    made = session.exec(
        select(Assessment).where(Assessment.stay_id == stay.id).order_by(col(Assessment.id))
    ).all()
    if not made:
        return None
    people = {
        staff.id: staff.name
        for staff in session.exec(
            select(Staff).where(col(Staff.id).in_({row.judged_by for row in made} - {None}))
        )
    }
    latest = made[-1]
    first = {fact: _first_of_run(made, fact) for fact in latest.facts}
    return Basis(
        region=latest.region,
        in_force=date.fromisoformat(latest.edition_in_force),
        digest=latest.edition_digest,
        facts=dict(latest.facts),
        given={
            fact: Given(
                people.get(row.judged_by or 0, CLOCK), row.made_at, fact in _not_ticked(row)
            )
            for fact, row in first.items()
        },
    )


def _not_ticked(made: Assessment) -> frozenset[str]:
    """The facts of a decision that nobody ticked: the record knew them, or earlier stays did.

    Of a decision from before these were kept, what nobody is ever asked for stands in.
    """
    kept = made.outcome.get("recorded")
    recorded = frozenset(kept) if isinstance(kept, list) else ALWAYS_RECORDED
    return filled_facts(made) | recorded


def _first_of_run(made: Sequence[Assessment], fact: str) -> Assessment:
    """The decision from which on a fact has had its present value without a break."""
    value, first = made[-1].facts[fact], made[-1]
    for row in reversed(made):
        if row.facts.get(fact) != value:
            break
        first = row
    return first
