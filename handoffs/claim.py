"""What one side says apart from any handoff: 連絡はなかった, 家族を通じて知った, 話せた.

A word about the admission starts or stops what waits for it (`handoffs.before_notice`).
"""

from datetime import datetime

from sqlmodel import Session

from handoffs.before_notice import follow_notice
from handoffs.parties import Actor
from handoffs.statement import Statement, StatementEntry, Topic, state_contact
from handoffs.stays.stay import Stay


def claim(
    session: Session, stay: Stay, entry: StatementEntry, *, topic: Topic, by: Actor, now: datetime
) -> Statement:
    """Write down what one side says. Raises as `state_contact` does."""
    said = state_contact(session, stay, entry, topic=topic, by=by, now=now)
    if topic is Topic.ADMISSION:
        follow_notice(session, stay, by=by, now=now)
    return said
