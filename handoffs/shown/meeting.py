"""The time of a conference as somebody sees it: what is offered, what is chosen, whose turn it is.

Worked out from the slots so that a page only shows it. Changes nothing, reads no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from handoffs.conference import ConferenceSlot, SlotEnd, is_conference, open_slots
from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.statement import Side, side_of
from handoffs.stays.stay import Stay


@dataclass(frozen=True)
class SlotShown:
    """One slot."""

    id: int
    day: date
    starts_at: time
    ends_at: time
    place: str


@dataclass(frozen=True)
class Meeting:
    """Where the agreement on a time stands.

    offered: slots that wait for an answer, and who proposed them. appointment: the slot
    that was chosen. no_fit: what the other side said when none fitted, None where nobody
    said so since the last proposal. may_propose, may_choose: what this person can do now.
    """

    offered: tuple[SlotShown, ...]
    offered_by: Side | None
    appointment: SlotShown | None
    no_fit: str | None
    no_fit_at: datetime | None
    may_propose: bool
    may_choose: bool


def meeting_of(
    handoff: Handoff, slots: Sequence[ConferenceSlot], stay: Stay, actor: Actor
) -> Meeting | None:
    """Say where the agreement stands; None for what is no conference."""
    if not is_conference(handoff):
        return None
    standing = open_slots(slots)
    chosen = next((slot for slot in standing if slot.chosen_at is not None), None)
    offered = [slot for slot in standing if slot.chosen_at is None]
    last = max(slots, key=lambda slot: slot.id, default=None)
    no_fit = last if last is not None and last.closed_why is SlotEnd.NO_FIT else None
    over = (
        handoff.waived_at is not None
        or handoff.withdrawn_at is not None
        or handoff.confirmed_at is not None
        or not stay.is_open
    )
    return Meeting(
        offered=tuple(_shown(slot) for slot in offered),
        offered_by=offered[0].side if offered else None,
        appointment=_shown(chosen) if chosen else None,
        no_fit=no_fit.answer if no_fit else None,
        no_fit_at=no_fit.closed_at if no_fit else None,
        may_propose=not over,
        may_choose=not over and bool(offered) and offered[0].side is not side_of(actor),
    )


def _shown(slot: ConferenceSlot) -> SlotShown:
    return SlotShown(slot.id, slot.day, slot.starts_at, slot.ends_at, slot.place)
