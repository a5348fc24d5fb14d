"""Putting what is to be said into the outbox: grouped, five a day, and the rest in one digest.

The database holds the limits: each step once (`reminded`), and each of a person's five pushes of
a day once, because its number stands in the key. What is over five waits for the day's digest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from handoffs.parties import Organization
from handoffs.telling.ladder import Step
from handoffs.telling.mailbox import Reach, way_to
from handoffs.telling.outbox import Channel, Draft, Message, Purpose, Recipient, enqueue
from handoffs.telling.reminded import NOBODY, put_into, remember
from handoffs.telling.working_hours import Hours
from handoffs.tokyo import TOKYO, day_of, start_of

PUSHES_A_DAY = 5
"""So many messages a recipient gets in a day, beside one digest."""

DIGEST_AT = time(16)
"""When the day's digest leaves: late enough to gather, early enough to act on the same day."""


@dataclass(frozen=True)
class Saying:
    """One step to be told. `sender_id` is whose work it is if it does not arrive."""

    handoff_id: int
    moment: datetime
    step: Step
    to: Recipient | None
    purpose: Purpose
    sender_id: int | None
    hours: Hours


def tell(session: Session, sayings: Iterable[Saying], *, now: datetime, reach: Reach) -> int:
    """Write steps down and put what is new of each recipient into one message; how many were new.

    In one order for every process, so that two of them never wait for each other.
    """
    groups: dict[tuple[str, str, int], list[Saying]] = defaultdict(list)
    for saying in sayings:
        code = saying.to.code if saying.to is not None else NOBODY
        groups[code, saying.purpose.value, saying.sender_id or 0].append(saying)
    new = 0
    for (code, _, _), group in sorted(groups.items()):
        made = [
            made_id
            for one in sorted(group, key=lambda s: (s.handoff_id, s.step))
            if (
                made_id := remember(
                    session,
                    one.handoff_id,
                    one.moment,
                    one.step,
                    code,
                    sender_id=one.sender_id,
                    now=now,
                )
            )
        ]
        new += len(made)
        if made and group[0].to is not None:
            put_into(session, made, _message_for(session, group[0], now=now, reach=reach))
    return new


def announce(
    session: Session,
    to: Recipient,
    purpose: Purpose,
    *,
    hours: Hours,
    now: datetime,
    reach: Reach,
) -> bool:
    """Let a recipient have a message of a purpose today, within the day's limits.

    For what is counted when it leaves and belongs to no single handoff. One that is there
    already, or the day's digest, says it too. Returns whether one was added.
    """
    # Held until the message stands, or two processes would each add one.
    session.exec(
        select(Organization.id).where(Organization.id == to.organization_id).with_for_update()
    ).one()
    at = hours.next_open(now)
    today = start_of(day_of(at))
    standing = session.exec(
        select(Message.id).where(
            Message.organization_id == to.organization_id,
            Message.staff_id == to.staff_id,
            col(Message.purpose).in_([purpose, Purpose.DIGEST]),
            col(Message.not_before) >= today,
            col(Message.not_before) < today + timedelta(days=1),
        )
    ).first()
    way = way_to(session, to, reach)
    if standing is not None or way is None:
        return False
    _push(session, _draft(to, purpose, way[0], at, to.organization_id), hours, now=now)
    return True


def _message_for(session: Session, saying: Saying, *, now: datetime, reach: Reach) -> int:
    """Find or make the message that tells a recipient next: one that waits, a push, the digest."""
    to = saying.to
    way = way_to(session, to, reach) if to is not None else None
    if to is None or way is None:
        raise LookupError("A step that nobody can be told of has no message.")
    at = saying.hours.next_open(now)
    waiting = _waiting(session, saying, to, now, at)
    if waiting is not None:
        return waiting
    draft = _draft(to, saying.purpose, way[0], at, saying.sender_id)
    return _push(session, draft, saying.hours, now=now)


def _draft(
    to: Recipient, purpose: Purpose, channel: Channel, at: datetime, sender_id: int | None
) -> Draft:
    return Draft(
        to=to, purpose=purpose, key="", channel=channel, not_before=at, sender_id=sender_id
    )


def _push(session: Session, draft: Draft, hours: Hours, *, now: datetime) -> int:
    """Take one of the recipient's pushes of the day, or the day's digest."""
    for number in range(1, PUSHES_A_DAY + 1):
        key = f"push/{draft.to.code}/{day_of(draft.not_before)}/{number}"
        made = enqueue(session, replace(draft, key=key), now=now)
        if made is not None:
            return made
    return _digest(session, draft, hours, now=now)


def _waiting(
    session: Session, saying: Saying, to: Recipient, now: datetime, at: datetime
) -> int | None:
    """A message of the same kind to the same recipient that leaves when this one would."""
    return session.exec(
        select(Message.id)
        .where(
            Message.organization_id == to.organization_id,
            Message.staff_id == to.staff_id,
            Message.purpose == saying.purpose,
            Message.sender_id == saying.sender_id,
            col(Message.ended_at).is_(None),
            Message.tries == 0,
            col(Message.handoff_id).is_(None),
            col(Message.not_before) > now,
            col(Message.not_before) <= at,
        )
        .order_by(col(Message.id))
        .limit(1)
        .with_for_update()
    ).first()


def _digest(session: Session, draft: Draft, hours: Hours, *, now: datetime) -> int:
    """The digest that leaves next; one a day. A failure of it is the recipient's own work."""
    at = draft.not_before
    while True:
        leaves = hours.next_open(max(at, datetime.combine(day_of(at), DIGEST_AT, tzinfo=TOKYO)))
        digest = replace(
            draft,
            purpose=Purpose.DIGEST,
            key=f"digest/{draft.to.code}/{day_of(leaves)}",
            not_before=leaves,
            sender_id=draft.to.organization_id,
        )
        made = enqueue(session, digest, now=now)
        if made is not None:
            return made
        standing = session.exec(
            select(Message).where(Message.key == digest.key).with_for_update()
        ).one()
        if standing.ended_at is None and standing.tries == 0:
            return standing.id
        at = hours.next_open(start_of(day_of(leaves) + timedelta(days=1)))
