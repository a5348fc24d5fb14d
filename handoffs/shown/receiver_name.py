"""By which name a page calls the receiver of a handoff. Read-only."""

from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.shown.dossier import Dossier
from rules import Party


def receiver_name(dossier: Dossier, handoff: Handoff, actor: Actor) -> str:
    """The receiver's name; a centre or town tells where a person lives (所在秘匿)."""
    hidden = dossier.patient.whereabouts_hidden and not actor.is_hospital
    if hidden and handoff.receiver in {Party.COMMUNITY_SUPPORT_CENTER, Party.MUNICIPALITY}:
        return handoff.receiver.label
    return dossier.names.get(handoff.receiver_id or 0, handoff.receiver.label)
