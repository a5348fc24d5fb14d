"""What of a message is still to be said when it is about to leave, and why the rest is not.

Asks the record anew: days lie between the writing of a message and its leaving.
"""

from datetime import datetime

from sqlmodel import Session

from handoffs.handoff import Handoff
from handoffs.parties import Staff
from handoffs.stays.stay import Stay
from handoffs.telling.acknowledgement import acknowledged_until
from handoffs.telling.closure import discharges_meanwhile
from handoffs.telling.ladder import LADDER, Anchor, Whom
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Message, Purpose, Reason, Recipient
from handoffs.telling.quiet import quiet, quiet_towards_others
from handoffs.telling.recipients import recipient_of
from handoffs.telling.reminded import Reminder, reminders_in
from handoffs.telling.reminder import at_once_since
from handoffs.tokyo import day_of

_RUNGS = {rung.step: rung for rung in LADDER}
_MAY_BE_TOLD_YET = {
    Reason.OTHER_RECIPIENT,
    Reason.ON_LEAVE,
    Reason.DIED,
    Reason.CANCELLED_STAY,
    Reason.NO_CONTACT,
    Reason.CONSENT_WITHHELD,
}
"""What ends, or was written down by mistake: the step is free again and is told when it holds."""


def refused_recipient(session: Session, to: Recipient) -> Reason | None:
    """Why a recipient is nobody to be told anything any more; None while they are."""
    if to.staff_id is None:
        return None
    staff = session.get(Staff, to.staff_id)
    if staff is None or not staff.active or staff.organization_id != to.organization_id:
        return Reason.STAFF_LEFT
    return None


def still_standing(
    session: Session, message: Message, *, now: datetime, reach: Reach
) -> tuple[list[int], list[Reason]]:
    """The handoffs of a message of which it is still right to tell, and why the rest is not.

    What somebody else is to be told by now, or may be told again once somebody is back or a
    mistake has been taken back, is set free.
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
            reminder.redirected = reason in _MAY_BE_TOLD_YET
    if not told and message.handoff_id is not None:
        handoff = session.get_one(Handoff, message.handoff_id)
        stay = session.get_one(Stay, handoff.stay_id)
        towards_others = message.purpose in {Purpose.LINK, Purpose.FAX}
        reason = (quiet_towards_others if towards_others else quiet)(session, stay, handoff)
        standing, reasons = ([handoff.id], []) if reason is None else ([], [reason])
    return list(dict.fromkeys(standing)), reasons


def discharges_of(
    session: Session, message: Message, to: Recipient, *, now: datetime, reach: Reach
) -> int:
    """How many planned discharges a message tells of: on the eve of a closure, or in a digest."""
    if message.purpose not in {Purpose.CLOSED_DAYS, Purpose.DIGEST}:
        return 0
    return discharges_meanwhile(session, to, now=now, reach=reach)


def _objection(
    session: Session, reminder: Reminder, *, now: datetime, reach: Reach
) -> Reason | None:
    """Why a step is not to be told any more; None if it is."""
    handoff = session.get_one(Handoff, reminder.handoff_id)
    stay = session.get_one(Stay, handoff.stay_id)
    rung = _RUNGS.get(reminder.step)
    anchor = rung.anchor if rung is not None else Anchor.DUE
    choosing = anchor is Anchor.PROPOSED
    silent = quiet(session, stay, handoff, choosing=choosing)
    if silent is not None:
        return silent
    if anchor not in {Anchor.SENT, Anchor.DECLINED, Anchor.ACKNOWLEDGED} and handoff.sent_at:
        return Reason.NOTHING_LEFT
    if anchor is Anchor.SENT and handoff.declined_at is not None:
        return Reason.NOTHING_LEFT
    moments = {
        Anchor.DUE: handoff.due_at,
        Anchor.AT_ONCE: at_once_since(handoff, now),
        Anchor.SENT: handoff.sent_at,
        Anchor.PROPOSED: handoff.proposed_at,
        Anchor.DECLINED: handoff.declined_at,
        Anchor.ACKNOWLEDGED: reminder.moment,
    }
    if moments[anchor] != reminder.moment:
        return Reason.MOVED
    until = acknowledged_until(session, [handoff]).get(handoff.id)
    if until is not None and now < until:
        return Reason.ACKNOWLEDGED
    whom = rung.whom if rung is not None else Whom.PERSON
    to = recipient_of(
        session, stay, handoff, whom, reach=reach, today=day_of(now), choosing=choosing
    )
    if to is None or to.code != reminder.recipient:
        return Reason.OTHER_RECIPIENT
    return None
