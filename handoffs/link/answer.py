"""Answering through a link: received, or 担当ではない and who is, by the verbs that everybody uses.

One link is answered once. A second post finds the first answer and changes nothing. Choosing a
time of a conference is no answer of that kind: nobody has met yet, and the link stays open.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.conference import choose, none_fits
from handoffs.decline import DeclineEntry, decline
from handoffs.errors import NotVisible
from handoffs.handoff import Handoff
from handoffs.link.case_link import CaseLink, CaseLinkSecret, LinkAnswer, secret_digest
from handoffs.link.opening import opened_link
from handoffs.link.receiver import link_actor
from handoffs.parties import Organization
from handoffs.passing import confirm
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of

LONGEST_NAME = 60


def confirm_by_link(
    session: Session, secret: str, token: str, *, answered_by: str, now: datetime
) -> None:
    """Write down that the office has it. Raises NotVisible where this browser opened no link."""
    link = _opened(session, secret, token, now=now)
    if link.used_at is not None:
        return
    stay, handoff, office = _about(session, link)
    confirm(session, stay, handoff, received_on=day_of(now), by=link_actor(office), now=now)
    _use(link, LinkAnswer.CONFIRMED, answered_by, now=now)


def decline_by_link(
    session: Session,
    secret: str,
    token: str,
    entry: DeclineEntry,
    *,
    answered_by: str,
    now: datetime,
) -> None:
    """Write down that the office does not take it, and who does, as far as it knows.

    Raises NotVisible where this browser opened no link, BadEntry as `decline` does.
    """
    link = _opened(session, secret, token, now=now)
    if link.used_at is not None:
        return
    stay, handoff, office = _about(session, link)
    decline(session, stay, handoff, entry, by=link_actor(office), now=now)
    _use(link, LinkAnswer.DECLINED, answered_by, now=now)


def choose_by_link(
    session: Session, secret: str, token: str, slot_id: int | None, words: str, *, now: datetime
) -> None:
    """Take one of the times that the hospital proposed, or say without one that none fits.

    Raises NotVisible where this browser opened no link, Overtaken where it is offered no longer.
    """
    link = _opened(session, secret, token, now=now)
    if link.used_at is not None:
        return
    stay, handoff, office = _about(session, link)
    by = link_actor(office)
    if slot_id is None:
        none_fits(session, stay, handoff, words, by=by, now=now)
    else:
        choose(session, stay, handoff, slot_id, by=by, now=now)


def _opened(session: Session, secret: str, token: str, *, now: datetime) -> CaseLink:
    # The stay first, as every other act locks it: two acts never wait for each other.
    found = session.exec(
        select(CaseLink.stay_id)
        .join(CaseLinkSecret, col(CaseLinkSecret.link_id) == col(CaseLink.id))
        .where(CaseLinkSecret.digest == secret_digest(secret))
    ).first()
    if found is not None:
        session.exec(select(Stay).where(Stay.id == found).with_for_update()).one()
    link = opened_link(session, secret, token, now=now)
    if link is None:
        raise NotVisible
    return link


def _about(session: Session, link: CaseLink) -> tuple[Stay, Handoff, Organization]:
    stay = session.get_one(Stay, link.stay_id)
    handoff = session.get_one(Handoff, link.handoff_id, populate_existing=True)
    return stay, handoff, session.get_one(Organization, link.organization_id)


def _use(link: CaseLink, answer: LinkAnswer, answered_by: str, *, now: datetime) -> None:
    link.used_at, link.answer = now, answer
    link.answered_by = answered_by[:LONGEST_NAME]
