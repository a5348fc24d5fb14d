"""Counting what is due anew when nothing but a calendar moved: office hours or closed days.

A stay whose days stay as they are is left alone, so that its history tells only of what moved.
"""

from datetime import datetime

from sqlmodel import Session

from handoffs.decision.assessment import (
    Assessment,
    decided_before,
    earlier_answers,
    filled_facts,
    reassess,
)
from handoffs.decision.circumstances import circumstances_of
from handoffs.decision.standpoint import answered, standpoint, words_asked
from handoffs.stays.respite import is_respite
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Duty, Library, NoEdition


def recount(session: Session, stay: Stay, *, library: Library, now: datetime) -> bool:
    """Decide again about a stay if some day would come out otherwise; say whether one did.

    Nobody is named as the one who judged: only days moved.
    """
    before = decided_before(session, stay.id)
    last = before.last
    if last is None:
        return False
    try:
        known = circumstances_of(session, stay)
        words = words_asked(stay, known, library)
    except NoEdition:
        return False
    filled = filled_facts(last)
    given = {f: v for f, v in last.facts.items() if f in words and f not in filled}
    here = standpoint(
        stay,
        given,
        known,
        earlier=earlier_answers(session, stay) if is_respite(given) else (),
        required_at=before.required_at,
        library=library,
        now=now,
    )
    decision = answered(stay, here, known, on=day_of(now)).decision
    if {duty.rule_id: _days(duty) for duty in decision.handoffs} == _kept(last):
        return False
    reassess(session, stay, library=library, by=None, now=now)
    return True


def _days(duty: Duty) -> tuple[object, object]:
    laid_out = duty.as_json()
    return laid_out["due"], laid_out["preferred"]


def _kept(last: Assessment) -> dict[str, tuple[object, object]]:
    """The days of the last decision as they were kept."""
    rows = last.outcome.get("handoffs")
    return {
        str(row["rule_id"]): (row.get("due"), row.get("preferred"))
        for row in (rows if isinstance(rows, list) else [])
    }
