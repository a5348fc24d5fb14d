"""Sessions on the server: begun with a new token, ended at once, limited in time.

The browser holds a random token and nothing else; the table holds its digest,
so neither a stolen database nor a log opens a session. Reads no clock.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.accounts.account import Account, standing_of
from handoffs.accounts.digests import digest
from handoffs.accounts.tries import forget_failures
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff, actor_of

FRESH = timedelta(minutes=10)
"""For how long after both factors somebody may change what guards the account."""


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
    confirmed_at: datetime | None = None
    """When the person last showed both factors."""


@dataclass(frozen=True)
class Presence:
    """Somebody who is signed in, as one request sees it.

    `ends_at` is when the account itself ends, for one that was opened in an emergency. `idle` is
    the quiet time after which the session is over.
    """

    actor: Actor
    token_digest: str
    form_token: str
    confirmed_at: datetime | None = None
    ends_at: datetime | None = None
    idle: timedelta | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether both factors were shown a short while ago."""
        return self.confirmed_at is not None and now - self.confirmed_at <= FRESH


def staff_named(session: Session, sign_in_name: str) -> Staff | None:
    """Find an active account by its sign-in name."""
    return session.exec(
        select(Staff).where(Staff.sign_in_name == sign_in_name, col(Staff.active).is_(True))
    ).one_or_none()


def start_session(session: Session, staff: Staff, now: datetime, in_lane: str | None = None) -> str:
    """Begin a session with a new token, which is returned and kept nowhere.

    The failures of the lane in which the person came are forgotten; others are still counted.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            token_digest=digest(token),
            staff_id=staff.id,
            form_token=secrets.token_urlsafe(24),
            started_at=now,
            seen_at=now,
            confirmed_at=now,
        )
    )
    forget_failures(session, staff.sign_in_name if in_lane is None else in_lane)
    record(session, actor_of(session, staff.id), Act.SIGN_IN, now=now)
    return token


def presence_of(
    session: Session, token: str, *, now: datetime, idle: timedelta, absolute: timedelta
) -> Presence | None:
    """Who holds this token, if the session is still good and the account still active.

    `idle` and `absolute` are the site's limits; the person's organization may have shorter ones.
    """
    row = session.get(SignedIn, digest(token))
    if row is None or row.ended_at is not None:
        return None
    actor = actor_of(session, row.staff_id, with_colleagues=row.with_colleagues)
    if actor is None:
        return None
    standing = standing_of(session, row.staff_id)
    quiet, whole = now - row.seen_at, now - row.started_at
    idle = min(idle, standing.idle or idle)
    if quiet > idle:
        return None
    if whole > min(absolute, standing.absolute or absolute):
        return None
    if standing.ends_at is not None and now >= standing.ends_at:
        return None
    return Presence(
        actor,
        row.token_digest,
        row.form_token,
        confirmed_at=row.confirmed_at,
        ends_at=standing.ends_at,
        idle=idle,
    )


def touch(session: Session, token_digest: str, now: datetime) -> None:
    """Note that the session was used."""
    row = session.get(SignedIn, token_digest)
    if row is not None:
        row.seen_at = now


def confirm(session: Session, presence: Presence, now: datetime) -> None:
    """Note that the person has shown both factors once more."""
    session.get_one(SignedIn, presence.token_digest).confirmed_at = now
    record(session, presence.actor, Act.SIGN_IN_CONFIRM, now=now)


def end_session(session: Session, presence: Presence, now: datetime) -> None:
    """End a session at once; the token is worth nothing from here on."""
    session.get_one(SignedIn, presence.token_digest).ended_at = now
    record(session, presence.actor, Act.SIGN_OUT, now=now)


def sessions_of(session: Session, staff_id: int) -> Sequence[SignedIn]:
    """The sessions of a person that nobody ended, newest first; some may have run out."""
    return session.exec(
        select(SignedIn)
        .where(SignedIn.staff_id == staff_id, col(SignedIn.ended_at).is_(None))
        .order_by(col(SignedIn.started_at).desc())
    ).all()


def end_sessions(
    session: Session, staff_id: int, now: datetime, *, by: Actor | None, but: str | None = None
) -> int:
    """End every session of a person, all `but` the one with this digest; how many there were."""
    ended = [row for row in sessions_of(session, staff_id) if row.token_digest != but]
    for row in ended:
        row.ended_at = now
    if ended:
        detail = {"whose": staff_id, "sessions": len(ended)}
        record(session, by, Act.SESSIONS_END, now=now, detail=detail)
    return len(ended)


def is_sample(session: Session, staff_id: int) -> bool:
    """Whether an account belongs to the sample region, whose password and secret are printed."""
    account = session.get(Account, staff_id)
    return account is not None and account.sample


def show_colleagues(session: Session, presence: Presence, now: datetime, *, shown: bool) -> None:
    """Switch the clients of the whole office on or off for this session. Logged."""
    session.get_one(SignedIn, presence.token_digest).with_colleagues = shown
    act = Act.COLLEAGUES_SHOW if shown else Act.COLLEAGUES_HIDE
    record(session, presence.actor, act, now=now)
