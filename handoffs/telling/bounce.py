"""A mail that the site's server took and that came back later: it becomes work like any other.

The mail is found by what its Message-ID holds, the digest of its message's key; no address and no
word of what came back is kept. A second report of the same mail changes nothing.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handoffs.telling.outbox import Channel, Message, Outcome, Reason, mail_digest

LOOKED_BACK = timedelta(days=30)
"""Mail servers give up within five days; a mailbox that nobody emptied is allowed for."""


def take_bounce(session: Session, digests: frozenset[str], *, now: datetime) -> bool:
    """Let the message of one of these digests count as refused; whether there is such a message.

    One that is still to be tried again ends: its address takes nothing.
    """
    written = session.exec(
        select(Message.id, Message.key)
        .where(Message.channel == Channel.MAIL, col(Message.created_at) > now - LOOKED_BACK)
        .order_by(col(Message.id).desc())
    )
    found = next((id_ for id_, key in written if mail_digest(key) in digests), None)
    if found is None:
        return False
    message = session.get_one(Message, found, with_for_update=True)
    if message.outcome in {None, Outcome.DELIVERED}:
        message.ended_at, message.outcome = now, Outcome.REFUSED
        message.reason = Reason.BOUNCED
        message.claimed_by, message.lease_until = "", None
    return True
