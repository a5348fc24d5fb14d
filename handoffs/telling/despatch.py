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
from handoffs.parties import Organization, Staff
from handoffs.stays.stay import Stay
from handoffs.telling.acknowledgement import acknowledged_until
from handoffs.telling.ladder import LADDER, Anchor, Whom
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
from handoffs.telling.recipients import recipient_of
from handoffs.telling.reminded import Reminder, reminders_in
from handoffs.telling.reminder import silence
from handoffs.telling.reminding import is_withheld
from handoffs.telling.working_hours import hours_of
from handoffs.tokyo import day_of

_RUNGS = {rung.step: rung for rung in LADDER}


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
    refused = _refused_recipient(session, to)
    standing, reasons = _standing(session, message, now=now, reach=reach)
    if refused is None and not standing:
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
    )
    return Parcel(
        message_id=message.id,
        key=message.key,
        purpose=message.purpose.value,
        count=len(standing),
        channel=way[0],
        address=way[1],
        letter=letter,
        link=link,
        made_at=message.created_at,
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
    return Parcel(
        message_id=message.id,
        key=message.key,
        purpose=message.purpose.value,
        count=1,
        channel=Channel.MAIL,
        address=mail.address,
        letter=mail.letter,
        link=mail.link,
        made_at=message.created_at,
    )


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
    return Parcel(
        message_id=message.id,
        key=message.key,
        purpose=message.purpose.value,
        count=1,
        channel=Channel.FAX,
        address=job.number,
        letter=Letter("", ""),
        link="",
        made_at=message.created_at,
        fax=job,
    )


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


def _refused_recipient(session: Session, to: Recipient) -> Reason | None:
    """Why a recipient is nobody to be told anything any more; None while they are."""
    if to.staff_id is None:
        return None
    staff = session.get(Staff, to.staff_id)
    if staff is None or not staff.active or staff.organization_id != to.organization_id:
        return Reason.STAFF_LEFT
    return None


def _standing(
    session: Session, message: Message, *, now: datetime, reach: Reach
) -> tuple[list[int], list[Reason]]:
    """The handoffs of a message of which it is still right to tell, and why the rest is not.

    A handoff that somebody else is to be told of by now is set free for them.
    """
    standing: list[int] = []
    reasons: list[Reason] = []
    told = reminders_in(session, message.id)
    for reminder in told:
        reason = _objection(session, reminder, now=now, reach=reach)
        if reason is None:
            standing.append(reminder.handoff_id)
        else:
            reasons.append(reason)
            reminder.redirected = reason is Reason.OTHER_RECIPIENT
    if not told and message.handoff_id is not None:
        handoff = session.get_one(Handoff, message.handoff_id)
        stay = session.get_one(Stay, handoff.stay_id)
        withheld = is_withheld(session, stay, handoff)
        reason = silence(stay, handoff, consent_withheld=withheld)
        standing, reasons = ([handoff.id], []) if reason is None else ([], [reason])
    return list(dict.fromkeys(standing)), reasons


def _objection(
    session: Session, reminder: Reminder, *, now: datetime, reach: Reach
) -> Reason | None:
    """Why a step is not to be told any more; None if it is."""
    handoff = session.get_one(Handoff, reminder.handoff_id)
    stay = session.get_one(Stay, handoff.stay_id)
    silent = silence(stay, handoff, consent_withheld=is_withheld(session, stay, handoff))
    if silent is not None:
        return silent
    rung = _RUNGS.get(reminder.step)
    anchor = rung.anchor if rung is not None else Anchor.DUE
    if anchor in {Anchor.DUE, Anchor.AT_ONCE} and handoff.sent_at is not None:
        return Reason.NOTHING_LEFT
    if anchor is Anchor.SENT and handoff.declined_at is not None:
        return Reason.NOTHING_LEFT
    moments = {
        Anchor.DUE: handoff.due_at,
        Anchor.AT_ONCE: handoff.opened_at,
        Anchor.SENT: handoff.sent_at,
        Anchor.DECLINED: handoff.declined_at,
        Anchor.ACKNOWLEDGED: reminder.moment,
    }
    if moments[anchor] != reminder.moment:
        return Reason.MOVED
    until = acknowledged_until(session, [handoff]).get(handoff.id)
    if until is not None and now < until:
        return Reason.ACKNOWLEDGED
    whom = rung.whom if rung is not None else Whom.PERSON
    to = recipient_of(session, stay, handoff, whom, reach=reach, today=day_of(now))
    if to is None or to.code != reminder.recipient:
        return Reason.OTHER_RECIPIENT
    return None


def _waits_for_receipt(session: Session, handoff_id: int) -> bool:
    handoff = session.get_one(Handoff, handoff_id)
    return handoff.sent_at is not None and handoff.declined_at is None


def _telephone(session: Session, message: Message) -> Telephone | None:
    """The number of the other side; nobody's where it comes from several, or from one's own."""
    if message.sender_id in {None, message.organization_id}:
        return None
    sender = session.get(Organization, message.sender_id)
    return Telephone(sender.name, sender.telephone) if sender is not None else None
