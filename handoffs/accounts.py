"""Signing in: passwords, sessions on the server, and what was typed when one ran out.

The browser holds a random token and nothing else; the table holds its digest,
so neither a stolen database nor a log opens a session. Reads no clock.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import insert_into
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff, actor_of

_HASHER = PasswordHasher()
_FEW_TRIES, _MANY_TRIES = 5, 10
_LONG_WAIT = timedelta(minutes=15)


class SignedIn(SQLModel, table=True):
    """A session of one person. Ended sessions stay for the account of who was there when."""

    __tablename__ = "signed_in"

    token_digest: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    form_token: str = Field(max_length=64)
    """What every form of this session carries (CSRF)."""
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    with_colleagues: bool = Field(default=False)


class SignInTry(SQLModel, table=True):
    """Failed tries for one sign-in name, forgotten after a success. One row for each name.

    Names nobody has are kept by digest only, so that the table says nothing and
    cannot be filled with other people's typing.
    """

    __tablename__ = "sign_in_try"

    name_digest: str = Field(primary_key=True, max_length=64)
    failures: int = Field(default=0)
    last_at: datetime


class Draft(SQLModel, table=True):
    """A form that was sent after the session had run out, kept for its writer alone."""

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("staff_id", "path", name="draft_once"),)

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    path: str = Field(max_length=200)
    fields: dict[str, list[str]] = Field(default_factory=dict, sa_type=sa.JSON)
    kept_at: datetime


class PostedForm(SQLModel, table=True):
    """A form that has been taken in once; posting it again leads to the same page."""

    __tablename__ = "posted_form"

    form_id: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id")
    location: str = Field(max_length=200)
    posted_at: datetime


@dataclass(frozen=True)
class Presence:
    """Somebody who is signed in, as one request sees it."""

    actor: Actor
    token_digest: str
    form_token: str


def hash_password(password: str) -> str:
    """Turn a password into its argon2id hash. Slow on purpose: never inside a transaction."""
    return _HASHER.hash(password)


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(16))


def password_fits(password_hash: str | None, password: str) -> bool:
    """Compare; takes as long for a name that nobody has. Never inside a transaction."""
    try:
        _HASHER.verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def digest(secret: str) -> str:
    """The form in which a token or a typed name is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def staff_named(session: Session, sign_in_name: str) -> Staff | None:
    """Find an active account by its sign-in name."""
    return session.exec(
        select(Staff).where(Staff.sign_in_name == sign_in_name, col(Staff.active).is_(True))
    ).one_or_none()


def wait_for(session: Session, sign_in_name: str, now: datetime) -> timedelta:
    """How long this name has to wait before the next try; grows after five, 15 min after ten.

    The number of tries and the times are ours: the guideline names none.
    """
    row = session.get(SignInTry, digest(sign_in_name))
    if row is None or row.failures < _FEW_TRIES:
        return timedelta(0)
    pause = (
        _LONG_WAIT
        if row.failures >= _MANY_TRIES
        else timedelta(seconds=2 ** (row.failures - _FEW_TRIES + 1))
    )
    return max(row.last_at + pause - now, timedelta(0))


def note_failure(session: Session, sign_in_name: str, now: datetime) -> None:
    """Remember a failed try."""
    long_ago = col(SignInTry.last_at) < now - _LONG_WAIT
    failures = sa.case((long_ago, 1), else_=col(SignInTry.failures) + 1)
    session.exec(
        insert_into(session, SignInTry)
        .values(name_digest=digest(sign_in_name), failures=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["name_digest"], set_={"failures": failures, "last_at": now}
        )
    )
    record(session, None, Act.SIGN_IN_FAILED, now=now)


def start_session(session: Session, staff: Staff, now: datetime) -> str:
    """Begin a session with a new token, which is returned and kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            token_digest=digest(token),
            staff_id=staff.id,
            form_token=secrets.token_urlsafe(24),
            started_at=now,
            seen_at=now,
        )
    )
    tries = session.get(SignInTry, digest(staff.sign_in_name))
    if tries is not None:
        session.delete(tries)
    record(session, actor_of(session, staff.id), Act.SIGN_IN, now=now)
    return token


def presence_of(
    session: Session, token: str, *, now: datetime, idle: timedelta, absolute: timedelta
) -> Presence | None:
    """Who holds this token, if the session is still good and the account still active."""
    row = session.get(SignedIn, digest(token))
    if row is None or row.ended_at is not None:
        return None
    if now - row.seen_at > idle or now - row.started_at > absolute:
        return None
    actor = actor_of(session, row.staff_id, with_colleagues=row.with_colleagues)
    return None if actor is None else Presence(actor, row.token_digest, row.form_token)


def touch(session: Session, token_digest: str, now: datetime) -> None:
    """Note that the session was used."""
    row = session.get(SignedIn, token_digest)
    if row is not None:
        row.seen_at = now


def end_session(session: Session, presence: Presence, now: datetime) -> None:
    """End a session at once; the token is worth nothing from here on."""
    session.get_one(SignedIn, presence.token_digest).ended_at = now
    record(session, presence.actor, Act.SIGN_OUT, now=now)


def show_colleagues(session: Session, presence: Presence, now: datetime, *, shown: bool) -> None:
    """Switch the clients of the whole office on or off for this session. Logged."""
    session.get_one(SignedIn, presence.token_digest).with_colleagues = shown
    act = Act.COLLEAGUES_SHOW if shown else Act.COLLEAGUES_HIDE
    record(session, presence.actor, act, now=now)


def keep_draft(
    session: Session, token: str, *, path: str, fields: dict[str, list[str]], now: datetime
) -> None:
    """Keep what was typed in a session that had run out, for the person whose session it was."""
    row = session.get(SignedIn, digest(token))
    if row is None or row.ended_at is not None:
        return
    old = session.exec(
        select(Draft).where(Draft.staff_id == row.staff_id, Draft.path == path)
    ).one_or_none()
    if old is not None:
        session.delete(old)
        session.flush()  # One draft for each page.
    session.add(Draft(staff_id=row.staff_id, path=path, fields=fields, kept_at=now))


def draft_paths(session: Session, staff_id: int) -> list[str]:
    """The pages for which a person has a kept draft."""
    return list(session.exec(select(Draft.path).where(Draft.staff_id == staff_id)))


def take_draft(session: Session, staff_id: int, path: str) -> dict[str, list[str]] | None:
    """Hand a kept draft back to its writer, once."""
    row = session.exec(
        select(Draft).where(Draft.staff_id == staff_id, Draft.path == path)
    ).one_or_none()
    if row is None:
        return None
    session.delete(row)
    return row.fields
