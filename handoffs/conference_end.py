"""Proposed times of a conference that end by themselves: passed, after leaving, or left already.

Nobody can choose a day that is over, and no conference before a discharge is held after it. What
both sides had agreed on stays when the date moves, because the two of them have to speak; it ends
when the person has left. Never commits.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.conference import ConferenceSlot, SlotEnd, open_slots, slots_of
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of

BATCH = 200
"""How many slots one sweep ends."""


def end_after(session: Session, stay: Stay, day: date, *, by: Actor, now: datetime) -> int:
    """End what is proposed for later than the day on which the person is to leave; how many."""
    late = [s for s in _open(session, stay.id) if s.chosen_at is None and s.day > day]
    return _end(session, late, SlotEnd.MOVED, by=by, now=now)


def end_on_leaving(session: Session, stay: Stay, left_on: date, *, by: Actor, now: datetime) -> int:
    """End what is proposed, and what was agreed on for after the discharge; how many."""
    over = [s for s in _open(session, stay.id) if s.chosen_at is None or s.day > left_on]
    return _end(session, over, SlotEnd.LEFT, by=by, now=now)


def has_passed_slots(session: Session, now: datetime) -> bool:
    """Whether a day that somebody proposed is over and still stands."""
    return bool(_passed(session, now, 1))


def end_passed(session: Session, now: datetime) -> int:
    """End what was proposed for a day that is over and nobody chose; how many."""
    return _end(session, _passed(session, now, BATCH), SlotEnd.PASSED, by=None, now=now)


def _passed(session: Session, now: datetime, most: int) -> list[ConferenceSlot]:
    return list(
        session.exec(
            select(ConferenceSlot)
            .where(
                col(ConferenceSlot.closed_at).is_(None),
                col(ConferenceSlot.chosen_at).is_(None),
                ConferenceSlot.day < day_of(now),
            )
            .order_by(col(ConferenceSlot.id))
            .limit(most)
        )
    )


def _open(session: Session, stay_id: int) -> list[ConferenceSlot]:
    return list(
        session.exec(
            select(ConferenceSlot)
            .where(ConferenceSlot.stay_id == stay_id, col(ConferenceSlot.closed_at).is_(None))
            .order_by(col(ConferenceSlot.id))
        )
    )


def _end(
    session: Session,
    slots: Iterable[ConferenceSlot],
    why: SlotEnd,
    *,
    by: Actor | None,
    now: datetime,
) -> int:
    ended: dict[int, int] = {}
    for slot in slots:
        slot.closed_at, slot.closed_why = now, why
        ended[slot.handoff_id] = ended.get(slot.handoff_id, 0) + 1
    if ended:
        session.flush()
    for handoff_id, count in ended.items():
        handoff = session.get_one(Handoff, handoff_id)
        still = [s for s in open_slots(slots_of(session, handoff_id)) if s.chosen_at is None]
        if not still:
            # Nothing is left to choose from: nobody is reminded of a choice any more.
            handoff.proposed_at = handoff.choice_of = None
        record(
            session,
            by,
            Act.CONFERENCE_CLOSE,
            now=now,
            stay_id=handoff.stay_id,
            handoff_id=handoff_id,
            detail={"slots": count, "slot_end": why.value},
        )
    return sum(ended.values())
