"""The moment of sending: whether a message may still be said, to whom and where, in what words.

Delivering to the outside is three commits: claim, send, mark. This module is the first and the
third; the second lies outside any transaction. Between them a process may die: the lease ends,
the message is taken up again and leaves once more with the same key.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handoffs.fax.despatch import FaxJob, fax_job, follow
from handoffs.handoff import Handoff
from handoffs.link.mail import link_mail
from handoffs.parties import Organization
from handoffs.telling.letter import Letter, Telephone, letter_of
from handoffs.telling.mailbox import Reach, way_to
from handoffs.telling.outbox import (
    Channel,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    claim,
    delay,
    end,
    put_off,
)
from handoffs.telling.standing import discharges_of, refused_recipient, still_standing
from handoffs.telling.working_hours import hours_of
from handoffs.tokyo import day_of


@dataclass(frozen=True)
class Parcel:
    """A claimed message, ready to leave. `key` is the same at every repeat."""

    message_id: int
    key: str
    purpose: str
    count: int
    channel: Channel
    address: str
    letter: Letter
    link: str
    made_at: datetime
    fax: FaxJob | None = None


@dataclass(frozen=True)
class Answer:
    """What the other machine said: taken (no reason), not now, or never (`final`)."""

    reason: Reason | None = None
    final: bool = False


@dataclass(frozen=True)
class Nothing:
    """A message was looked at and is not to leave now; there may be more."""


def next_parcel(
    session: Session, *, by: str, now: datetime, reach: Reach, link: str
) -> Parcel | Nothing | None:
    """Claim the next message and look once more whether it may leave; None when none is due.

    Whatever must not be said any more is cancelled with its reason. Outside the recipient's
    hours it waits: a server that was down must not ring at night. One that cannot be judged
    waits as after a failed try, and keeps no other from leaving.
    """
    message = claim(session, by=by, now=now)
    if message is None:
        return None
    try:
        with session.begin_nested():
            parcel = _looked_at(session, message, now=now, reach=reach, link=link)
    except (ValueError, LookupError):
        put_off(message, Reason.NOT_JUDGED, by=by, now=now)
        parcel = Nothing()
    follow(session, message, now=now)
    return parcel


def _looked_at(
    session: Session, message: Message, *, now: datetime, reach: Reach, link: str
) -> Parcel | Nothing:
    """Look whether a claimed message may leave; make it ready, cancel it or let it wait."""
    to = Recipient(message.organization_id, message.staff_id)
    opens = hours_of(session.get(Organization, to.organization_id), day_of(now)).next_open(now)
    if opens > now and message.purpose is not Purpose.FAX:  # Papers ring nobody up.
        delay(message, opens)
        return Nothing()
    refused = refused_recipient(session, to)
    standing, reasons = still_standing(session, message, now=now, reach=reach)
    discharges = discharges_of(session, message, to, now=now, reach=reach)
    if refused is None and not standing and not discharges:
        refused = reasons[0] if reasons else Reason.NOTHING_LEFT
    if refused is not None:
        end(message, Outcome.CANCELLED, refused, now=now)
        return Nothing()
    if message.purpose is Purpose.LINK:
        return _with_link(session, message, now=now, reach=reach, site=link)
    if message.purpose is Purpose.FAX:
        return _with_fax(session, message, now=now, reach=reach)
    way = way_to(session, to, reach)
    if way is None:
        end(message, Outcome.REFUSED, Reason.NO_ADDRESS, now=now)
        return Nothing()
    message.channel = way[0]
    letter = letter_of(
        message.purpose,
        len(standing),
        link=link,
        telephone=_telephone(session, message),
        arrived=all(_waits_for_receipt(session, one) for one in standing),
        discharges=discharges,
    )
    return _parcel(message, *way, letter=letter, link=link, count=len(standing) + discharges)


def _parcel(
    message: Message,
    channel: Channel,
    address: str,
    *,
    letter: Letter,
    link: str,
    count: int = 1,
    fax: FaxJob | None = None,
) -> Parcel:
    """Make a message ready to leave. `count`: how many handoffs and days it tells of."""
    return Parcel(
        message_id=message.id,
        key=message.key,
        purpose=message.purpose.value,
        count=count,
        channel=channel,
        address=address,
        letter=letter,
        link=link,
        made_at=message.created_at,
        fax=fax,
    )


def _with_link(
    session: Session, message: Message, *, now: datetime, reach: Reach, site: str
) -> Parcel | Nothing:
    """A message that brings a link without sign-in. It goes by mail or not at all."""
    mail = link_mail(session, message, site=site, now=now) if reach.mail else Reason.CHANNEL_OFF
    if isinstance(mail, Reason):
        lost = mail in {Reason.NO_ADDRESS, Reason.CHANNEL_OFF}
        end(message, Outcome.REFUSED if lost else Outcome.CANCELLED, mail, now=now)
        return Nothing()
    return _parcel(message, Channel.MAIL, mail.address, letter=mail.letter, link=mail.link)


def _with_fax(
    session: Session, message: Message, *, now: datetime, reach: Reach
) -> Parcel | Nothing:
    """A FAX for the server. It goes by FAX or not at all."""
    job = (
        fax_job(session, message, second_person=reach.fax_second_person, now=now)
        if reach.fax
        else Reason.CHANNEL_OFF
    )
    if isinstance(job, Reason):
        lost = job is not Reason.NOTHING_LEFT
        end(message, Outcome.REFUSED if lost else Outcome.CANCELLED, job, now=now)
        return Nothing()
    return _parcel(message, Channel.FAX, job.number, letter=Letter("", ""), link="", fax=job)


def mark(session: Session, message_id: int, answer: Answer, *, by: str, now: datetime) -> None:
    """Write down how a sending went. What arrived has arrived, whoever holds the lease by now."""
    message = session.get_one(Message, message_id, with_for_update=True)
    if answer.reason is None:
        end(message, Outcome.DELIVERED, None, now=now)
    elif answer.final:
        if message.claimed_by == by:
            end(message, Outcome.REFUSED, answer.reason, now=now)
    else:
        put_off(message, answer.reason, by=by, now=now)
    follow(session, message, now=now)


def _waits_for_receipt(session: Session, handoff_id: int) -> bool:
    handoff = session.get_one(Handoff, handoff_id)
    return handoff.sent_at is not None and handoff.declined_at is None


def _telephone(session: Session, message: Message) -> Telephone | None:
    """The number of the other side; nobody's where it comes from several, or from one's own."""
    if message.sender_id in {None, message.organization_id}:
        return None
    sender = session.get(Organization, message.sender_id)
    return Telephone(sender.name, sender.telephone) if sender is not None else None
