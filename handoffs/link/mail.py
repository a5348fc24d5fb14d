"""The mail that brings a link: its address, its secret and its words, made when it leaves.

A mail that is tried again bears a new secret of the same link, because none is kept. Both open
it, with the same tries and until the same day.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from sqlmodel import Session, select

from handoffs.handoff import Handoff
from handoffs.link.agreement import agreement_with
from handoffs.link.case_link import CaseLink, address_of, new_secret
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import Organization
from handoffs.stays.stay import Stay
from handoffs.telling.letter import Letter, Telephone, link_letter
from handoffs.telling.outbox import Message, Reason
from handoffs.tokyo import TOKYO

PATH = "/l/"
"""Where links lead. Short, because people read them from paper."""


@dataclass(frozen=True)
class LinkMail:
    """A mail with a link, ready to leave."""

    address: str
    link: str
    letter: Letter


def link_mail(session: Session, message: Message, *, site: str, now: datetime) -> LinkMail | Reason:
    """Write the mail of a link, or say why it must not leave any more. `site`: a page of ours."""
    link = session.exec(
        select(CaseLink).where(CaseLink.message_id == message.id).with_for_update()
    ).one_or_none()
    if link is None or not link.works(now) or link.used_at is not None:
        return Reason.NOTHING_LEFT
    stay = session.get_one(Stay, link.stay_id)
    handoff = session.get_one(Handoff, link.handoff_id)
    if handoff.declined_at is not None or not may_be_shown(session, stay, handoff):
        return Reason.NOTHING_LEFT
    to = receiver_of(session, stay, handoff)
    if to is None or to.id != link.organization_id:
        return Reason.OTHER_RECIPIENT
    agreement = agreement_with(session, link.hospital_id, link.organization_id)
    if agreement is None:
        return Reason.CHANNEL_OFF
    address = address_of(session, agreement)
    if not address:
        return Reason.NO_ADDRESS
    hospital = session.get_one(Organization, link.hospital_id)
    there = urljoin(site, f"{PATH.lstrip('/')}{new_secret(session, link.id)}")
    return LinkMail(
        address=address,
        link=there,
        letter=link_letter(
            there,
            until=link.expires_at.astimezone(TOKYO),
            telephone=Telephone(hospital.name, hospital.telephone),
        ),
    )
