"""Whether anything may be said about a handoff now, as the record stands at this moment.

Asked when a message is written, when a page without sign-in is opened, and once more when
something is about to leave: `reminder.silence` decides, here is only what it needs to know.
"""

from sqlmodel import Session

from handoffs.handoff import Handoff
from handoffs.parties import Organization
from handoffs.sheets.reservation import is_reserved
from handoffs.stays.consent import ConsentAnswer, consent_of
from handoffs.stays.leave import leave_of
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Reason
from handoffs.telling.recipients import side_of_handoff, turn_of
from handoffs.telling.reminder import silence
from rules import Party


def quiet(
    session: Session, stay: Stay, handoff: Handoff, *, choosing: bool = False
) -> Reason | None:
    """Say why whoever has the turn may be told nothing about a handoff; None if they may."""
    told = turn_of(handoff, choosing=choosing)
    withheld = told is not Party.HOSPITAL and _is_unwanted(session, stay, handoff, told)
    return silence(stay, handoff, away=is_away(session, stay), consent_withheld=withheld)


def quiet_towards_others(session: Session, stay: Stay, handoff: Handoff) -> Reason | None:
    """The same for what goes to another organization whoever has the turn: a link, a FAX."""
    withheld = _is_unwanted(session, stay, handoff, handoff.receiver)
    return silence(stay, handoff, away=is_away(session, stay), consent_withheld=withheld)


def is_away(session: Session, stay: Stay) -> bool:
    """Whether the person is on leave. A handoff that was opened during it may not rest itself."""
    return leave_of(session, stay) is not None


def is_withheld(session: Session, stay: Stay) -> bool:
    """Whether the person refused that others are told."""
    consent = consent_of(session, stay.id)
    return consent is not None and consent.answer is ConsentAnswer.WITHHELD


def may_not_be_told(session: Session, stay: Stay, organization_id: int) -> bool:
    """Whether the person refused that this organization is told: consent, or its kind."""
    if is_withheld(session, stay):
        return True
    told = session.get(Organization, organization_id)
    return told is not None and is_reserved(session, stay.id, told.kind)


def _is_unwanted(session: Session, stay: Stay, handoff: Handoff, told: Party) -> bool:
    place = side_of_handoff(session, stay, handoff, told)
    if place is None:
        return is_withheld(session, stay)
    return may_not_be_told(session, stay, place)
