"""Failed sign-ins: a wait that grows, counted so that nobody can lock somebody else out.

Whoever knows a sign-in name can fail with it as often as they like. What they fill is the count
of strange browsers. A browser in which this person has signed in before is told by a cookie of its
own and has a count of its own: there the person gets in while others guess elsewhere. Nothing is
locked for longer than a quarter of an hour, and no passkey is ever made to wait.
"""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, delete

from handoffs.accounts.digests import digest
from handoffs.database import insert_into
from handoffs.history import Act, record

_FEW_TRIES, _MANY_TRIES = 5, 10
LONG_WAIT = timedelta(minutes=15)


class SignInTry(SQLModel, table=True):
    """Failed tries in one lane, forgotten after a success or a quarter of an hour.

    Names nobody has are kept by digest only, so that the table says nothing and
    cannot be filled with other people's typing.
    """

    __tablename__ = "sign_in_try"

    name_digest: str = Field(primary_key=True, max_length=64)
    failures: int = Field(default=0)
    last_at: datetime = Field(index=True)


class KnownBrowser(SQLModel, table=True):
    """A browser in which a person has signed in. It opens nothing; it has a lane of its own."""

    __tablename__ = "known_browser"

    browser_digest: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    seen_at: datetime


def new_browser() -> str:
    """Draw the mark of a browser."""
    return secrets.token_urlsafe(24)


def lane(session: Session, sign_in_name: str, staff_id: int | None, browser: str | None) -> str:
    """Where failures with a name are counted: by the name, or by it and a browser it knows."""
    if browser is None:
        return sign_in_name
    known = session.get(KnownBrowser, (digest(browser), staff_id or 0))
    return sign_in_name if known is None else f"{sign_in_name}\n{digest(browser)}"


def know_browser(session: Session, browser: str, staff_id: int, now: datetime) -> None:
    """Remember that a person has signed in here."""
    session.exec(
        insert_into(session, KnownBrowser)
        .values(browser_digest=digest(browser), staff_id=staff_id, seen_at=now)
        .on_conflict_do_update(index_elements=["browser_digest", "staff_id"], set_={"seen_at": now})
    )


def wait_for(session: Session, in_lane: str, now: datetime) -> timedelta:
    """How long a lane has to wait before the next try; grows after five, 15 min after ten.

    The number of tries and the times are ours: the guideline names none.
    """
    row = session.get(SignInTry, digest(in_lane))
    if row is None or row.failures < _FEW_TRIES:
        return timedelta(0)
    pause = (
        LONG_WAIT
        if row.failures >= _MANY_TRIES
        else timedelta(seconds=2 ** (row.failures - _FEW_TRIES + 1))
    )
    return max(row.last_at + pause - now, timedelta(0))


def note_failure(session: Session, in_lane: str, now: datetime) -> None:
    """Remember a failed try, and forget those of long ago: the table cannot be filled."""
    long_ago = col(SignInTry.last_at) < now - LONG_WAIT
    session.exec(delete(SignInTry).where(long_ago, col(SignInTry.name_digest) != digest(in_lane)))
    failures = sa.case((long_ago, 1), else_=col(SignInTry.failures) + 1)
    session.exec(
        insert_into(session, SignInTry)
        .values(name_digest=digest(in_lane), failures=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["name_digest"], set_={"failures": failures, "last_at": now}
        )
    )
    record(session, None, Act.SIGN_IN_FAILED, now=now)


def forget_failures(session: Session, in_lane: str) -> None:
    """Begin a lane anew, after somebody got in there. Other lanes keep their count."""
    row = session.get(SignInTry, digest(in_lane))
    if row is not None:
        session.delete(row)
