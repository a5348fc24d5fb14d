"""Messages that did not arrive: work for whoever wanted the other side to know. 届かなかった連絡.

A failed delivery stands on the list of the organization whose handoff it was, until somebody
says that they told the recipient otherwise, or nothing of it is left to be told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from handoffs.errors import NotVisible
from handoffs.handoff import Handoff, unsettled
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, Staff
from handoffs.telling.outbox import Channel, Message, Outcome, Purpose, Reason
from handoffs.telling.reminded import Reminder, reminders_in

_LOST = (Outcome.REFUSED, Outcome.GAVE_UP)


@dataclass(frozen=True)
class Undelivered:
    """One message that did not arrive. `may_settle`: this organization can say it is settled."""

    message_id: int
    to: str
    telephone: str
    purpose: Purpose
    channel: Channel
    reason: Reason | None
    since: datetime
    count: int
    may_settle: bool


def undelivered_of(session: Session, actor: Actor) -> tuple[Undelivered, ...]:
    """What did not arrive and is still to be told, the oldest first."""
    mine = select(Reminder.message_id).where(Reminder.sender_id == actor.organization_id)
    found = session.exec(
        select(Message, Organization)
        .join(Organization, col(Organization.id) == col(Message.organization_id))
        .where(
            col(Message.outcome).in_(_LOST),
            Message.purpose != Purpose.FAX,  # A list of its own: `fax_shown`.
            col(Message.handled_at).is_(None),
            or_(Message.sender_id == actor.organization_id, col(Message.id).in_(mine)),
        )
        .order_by(col(Message.ended_at), col(Message.id))
    ).all()
    shown = []
    for message, organization in found:
        open_still = _open_still(session, message, actor.organization_id)
        if open_still == 0:
            continue
        staff = session.get(Staff, message.staff_id) if message.staff_id is not None else None
        named = f"{organization.name}　{staff.name}" if staff is not None else organization.name
        shown.append(
            Undelivered(
                message_id=message.id,
                to=named,
                telephone=organization.telephone,
                purpose=message.purpose,
                channel=message.channel,
                reason=message.reason,
                since=message.ended_at or message.created_at,
                count=open_still,
                may_settle=message.sender_id == actor.organization_id,
            )
        )
    return tuple(shown)


def settle_undelivered(session: Session, message_id: int, *, by: Actor, now: datetime) -> None:
    """Say that the recipient was told otherwise. A second time changes nothing.

    Raises NotVisible for another organization's message.
    """
    message = session.get(Message, message_id)
    if message is None or message.sender_id != by.organization_id or message.outcome not in _LOST:
        raise NotVisible
    if message.handled_at is not None:
        return
    message.handled_at, message.handled_by = now, by.staff_id
    record(session, by, Act.MESSAGE_SETTLE, now=now, detail={"purpose": message.purpose.value})


def _open_still(session: Session, message: Message, organization_id: int) -> int:
    """How many handoffs of a message are still to be told of, seen from one organization."""
    query = select(Handoff.id).where(*unsettled())
    told = select(Reminder.handoff_id).where(Reminder.message_id == message.id)
    if message.sender_id != organization_id:
        told = told.where(Reminder.sender_id == organization_id)
    if message.handoff_id is None and not reminders_in(session, message.id):
        return 1  # It told of days ahead and of no handoff: settled by hand alone.
    about = or_(col(Handoff.id).in_(told), Handoff.id == message.handoff_id)
    return len(session.exec(query.where(about)).all())
