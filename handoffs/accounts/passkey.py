"""Passkeys: a key pair in somebody's own device, opened there by a finger, a face or a PIN.

A passkey with user verification is two factors of different kinds in one act, so it stands beside
password and code and asks for neither. A challenge is drawn for one act, kept on the server for
five minutes and taken once. Here is the record; what a browser sends is verified in web.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, delete, select

from handoffs.errors import NotPermitted, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor

CHALLENGE_LIFETIME = timedelta(minutes=5)
LONGEST_LABEL = 40
MOST = 5
"""Passkeys of one person."""


class Passkey(SQLModel, table=True):
    """A registered key. `credential` is what the authenticator said of it, base64; no secret."""

    __tablename__ = "passkey"

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    credential_id: str = Field(max_length=1400, unique=True)
    credential: str = Field(max_length=4000)
    sign_count: int = Field(default=0, sa_type=sa.BigInteger)
    label: str = Field(max_length=LONGEST_LABEL)
    made_at: datetime
    used_at: datetime | None = None


class PasskeyChallenge(SQLModel, table=True):
    """A challenge that waits for its answer. `staff_id` is who asked to register, None to enter."""

    __tablename__ = "passkey_challenge"

    challenge: str = Field(primary_key=True, max_length=64)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    made_at: datetime


def keep_challenge(
    session: Session, challenge: str, now: datetime, staff_id: int | None = None
) -> None:
    """Keep a challenge until it is answered, and forget those that nobody answered."""
    old = col(PasskeyChallenge.made_at) < now - CHALLENGE_LIFETIME
    session.exec(delete(PasskeyChallenge).where(old))
    session.add(PasskeyChallenge(challenge=challenge, staff_id=staff_id, made_at=now))


def take_challenge(
    session: Session, challenge: str, now: datetime, staff_id: int | None = None
) -> bool:
    """Take a challenge away; false where it was never drawn for this, is old or was answered."""
    row = session.get(PasskeyChallenge, challenge)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return row.staff_id == staff_id and now - row.made_at <= CHALLENGE_LIFETIME


def passkeys_of(session: Session, staff_id: int) -> Sequence[Passkey]:
    """The passkeys of a person, oldest first."""
    return session.exec(
        select(Passkey).where(Passkey.staff_id == staff_id).order_by(col(Passkey.id))
    ).all()


def passkey_called(session: Session, credential_id: str) -> Passkey | None:
    """The passkey with this id; None where nobody has it."""
    return session.exec(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def add_passkey(
    session: Session,
    actor: Actor,
    *,
    credential_id: str,
    credential: str,
    label: str,
    now: datetime,
) -> None:
    """Write down a key that was proved. Raises NotPermitted where there are as many as may be."""
    if len(passkeys_of(session, actor.person_id)) >= MOST:
        raise NotPermitted(f"パスキーは{MOST}つまでです。使わないものを外してください。")
    session.add(
        Passkey(
            staff_id=actor.person_id,
            credential_id=credential_id,
            credential=credential,
            label=label,
            made_at=now,
        )
    )
    record(session, actor, Act.PASSKEY_ADD, now=now)


def remove_passkey(session: Session, actor: Actor, passkey_id: int, now: datetime) -> None:
    """Take one's own key off the account. Raises NotVisible for anybody else's."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.staff_id != actor.person_id:
        raise NotVisible
    session.delete(row)
    record(session, actor, Act.PASSKEY_REMOVE, now=now)
