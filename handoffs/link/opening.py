"""Opening a link: a PIN, and then the least that an answer needs.

A try is taken in one transaction, the PIN is compared outside of any, and a second transaction
gives the try back or leaves it spent. So no number of guesses at once gets more than the tries
that a link has. An unknown, expired, revoked, locked or closed link takes as long as any other
and answers with the same word: nothing.

Fetching a page takes no try and changes nothing, so a mail scanner that follows links does no
harm. Whoever entered the PIN is remembered by this browser for a few minutes.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from handoffs.accounts import digest
from handoffs.database import writes
from handoffs.decline import may_decline
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.link.agreement import agreement_with
from handoffs.link.case_link import CaseLink, CaseLinkSecret, LinkAnswer, secret_digest
from handoffs.link.receiver import link_actor, may_be_shown, receiver_of
from handoffs.parties import Organization
from handoffs.sheets.wishes import title_of
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.main_contact import contact_ids, hospital_contact, people_by_id
from handoffs.shown.meeting import Meeting, meeting_of
from handoffs.shown.paste_text import masked_name
from handoffs.stays.stay import Stay
from rules import HandoffKind

OPEN_FOR = timedelta(minutes=15)
"""How long one browser needs no second PIN. As long as a session may lie idle."""


@dataclass(frozen=True)
class Try:
    """A try that was taken. Without a link there is nothing to open, and `pin_hash` is None."""

    link_id: int | None = None
    pin_hash: str | None = None


@dataclass(frozen=True)
class LinkCase:
    """What stands on the page of an opened link, and what was answered already.

    `name` is masked, or whole where the region's policy says so. `reachable`: when the hospital's
    contact answers the telephone. meeting: the times of a conference, None for what is none.
    """

    code: str
    name: str
    hospital: str
    ward: str
    contact: str
    telephone: str
    reachable: str
    kind: HandoffKind
    title: str
    due_on: date | None
    organization: str
    region: str
    organization_id: int
    may_decline: bool
    expires_at: datetime
    answer: LinkAnswer | None
    answered_at: datetime | None
    meeting: Meeting | None = None


def take_try(session: Session, secret: str, *, now: datetime) -> Try:
    """Take one try of the link with this secret, if it can be opened at all."""
    link = _link_of(session, secret)
    if link is None or not link.works(now):
        return Try()
    agreement = agreement_with(session, link.hospital_id, link.organization_id)
    if agreement is None:
        return Try()  # The PIN was ended: locked until a new one is agreed.
    link.tries += 1
    link.tried_at = now
    return Try(link.id, agreement.pin_hash)


def end_try(session: Session, link_id: int, *, fits: bool, now: datetime) -> str | None:
    """Say how a try went; a token for the browser that entered the right PIN, else None.

    Also None where nothing may be shown any more, which costs no try.
    """
    link = session.get_one(CaseLink, link_id, with_for_update=True)
    if not fits:
        if link.is_closed:
            _record(session, link, Act.LINK_CLOSE, now=now)
        return None
    link.tries -= 1
    if link.used_at is None and not _stands(session, link):
        return None
    token = secrets.token_urlsafe(24)
    link.opening_digest, link.opening_until = digest(token), now + OPEN_FOR
    link.opened_at = link.opened_at or now
    _record(session, link, Act.LINK_OPEN, now=now)
    return token


def opened_link(session: Session, secret: str, token: str, *, now: datetime) -> CaseLink | None:
    """The link that this browser has opened; None if it has not, or may see nothing any more."""
    link = _link_of(session, secret)
    if link is None or not link.works(now) or not token:
        return None
    if link.opening_until is None or now >= link.opening_until:
        return None
    if not secrets.compare_digest(link.opening_digest or "", digest(token)):
        return None
    if agreement_with(session, link.hospital_id, link.organization_id) is None:
        return None
    return link if link.used_at is not None or _stands(session, link) else None


def case_of(session: Session, link: CaseLink, *, masked: bool) -> LinkCase:
    """What the page of an opened link says. Of an answered one it names nobody."""
    stay = session.get_one(Stay, link.stay_id)
    handoff = session.get_one(Handoff, link.handoff_id)
    (dossier,) = dossiers_of(session, [stay])
    contact = hospital_contact(dossier, people_by_id(session, contact_ids(dossier)))
    name = dossier.patient.name
    office = session.get_one(Organization, link.organization_id)
    return LinkCase(
        code=stay.code,
        name="" if link.used_at else masked_name(name) if masked else name,
        hospital=dossier.hospital.name,
        ward=dossier.ward.name,
        contact=contact.name,
        telephone=contact.telephone,
        reachable=contact.reachable,
        kind=handoff.kind,
        title=title_of(handoff),
        due_on=handoff.due_on,
        organization=office.name,
        region=office.region,
        organization_id=office.id,
        may_decline=may_decline(handoff),
        expires_at=link.expires_at,
        answer=link.answer,
        answered_at=link.used_at,
        meeting=meeting_of(
            handoff,
            [slot for slot in dossier.slots if slot.handoff_id == handoff.id],
            stay,
            link_actor(office),
        ),
    )


def _link_of(session: Session, secret: str) -> CaseLink | None:
    row = session.get(CaseLinkSecret, secret_digest(secret))
    if row is None:
        return None
    query = select(CaseLink).where(CaseLink.id == row.link_id)
    return session.exec(query.with_for_update() if writes(session) else query).one_or_none()


def _stands(session: Session, link: CaseLink) -> bool:
    """Whether the handoff still asks this very organization, and may be shown to it."""
    stay = session.get_one(Stay, link.stay_id)
    handoff = session.get_one(Handoff, link.handoff_id, populate_existing=True)
    receiver = receiver_of(session, stay, handoff)
    if receiver is None or receiver.id != link.organization_id:
        return False
    return handoff.declined_at is None and may_be_shown(session, stay, handoff)


def _record(session: Session, link: CaseLink, act: Act, *, now: datetime) -> None:
    office = session.get_one(Organization, link.organization_id)
    record(
        session,
        link_actor(office) if act is Act.LINK_OPEN else None,
        act,
        now=now,
        stay_id=link.stay_id,
        handoff_id=link.handoff_id,
    )
