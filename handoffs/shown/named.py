"""Which handoff of whom an act was about, for the words above a list of many people.

Only for whoever may see the stay; the number of a handoff in an address opens nothing. Read-only.
"""

from dataclasses import dataclass

from sqlmodel import Session

from handoffs.access import find_handoff
from handoffs.errors import NotVisible
from handoffs.parties import Actor
from handoffs.sheets.wishes import title_of
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.receiver_name import receiver_name


@dataclass(frozen=True)
class Named:
    """One handoff and the person whom it is about."""

    stay_id: int
    handoff_id: int
    name: str
    title: str
    sender: str
    receiver: str


def named(session: Session, actor: Actor, handoff_id: int | None) -> Named | None:
    """Name a handoff; None for none and for one that this person may not know of."""
    if handoff_id is None:
        return None
    try:
        stay, handoff = find_handoff(session, actor, handoff_id)
    except NotVisible:
        return None
    (dossier,) = dossiers_of(session, [stay])
    return Named(
        stay_id=stay.id,
        handoff_id=handoff.id,
        name=dossier.patient.name,
        title=title_of(handoff),
        sender=handoff.sender.label,
        receiver=receiver_name(dossier, handoff, actor),
    )
