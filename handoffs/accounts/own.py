"""Changing one's own password."""

from datetime import datetime

from sqlmodel import Session

from handoffs.accounts.account import account_of
from handoffs.accounts.signed_in import Presence, end_sessions
from handoffs.history import Act, record
from handoffs.parties import Staff


def change_password(
    session: Session, presence: Presence, password_hash: str, now: datetime
) -> None:
    """Put a new hash in place of the old one; every other session of the person ends."""
    person = presence.actor.person_id
    session.get_one(Staff, person).password_hash = password_hash
    account_of(session, person).password_set_at = now
    record(session, presence.actor, Act.PASSWORD_CHANGE, now=now)
    end_sessions(session, person, now, by=presence.actor, but=presence.token_digest)
