"""The mark that a handoff was late from some moment on: one for each missed due moment."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.history import Act, record
from handoffs.parties import Actor

CLOCKS_APART = timedelta(hours=1)
"""How far the clock of the process that sets flags may be ahead of the one that closes them."""


class OverdueFlag(SQLModel, table=True):
    """A handoff was late from `due_at` on. Closed when the due day moved afterwards."""

    __tablename__ = "overdue_flag"
    __table_args__ = (sa.UniqueConstraint("handoff_id", "due_at", name="overdue_once"),)

    id: int = Field(default=None, primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    due_at: datetime
    noticed_at: datetime
    closed_at: datetime | None = None


_OF_HANDOFF = select(OverdueFlag).where(col(OverdueFlag.handoff_id) == sa.bindparam("handoff_id"))
_STANDS = select(OverdueFlag.id).where(
    col(OverdueFlag.handoff_id) == sa.bindparam("handoff_id"),
    col(OverdueFlag.due_at) == sa.bindparam("due_at"),
)
# Built once, because every verb asks them: building a question costs as much as asking it.


def may_be_flagged(due_at: datetime | None, now: datetime) -> bool:
    """Whether a flag can stand for a handoff: not before the day is over, whoever's clock it is.

    An open flag is always for the present due moment, because the others were closed when it
    moved. Spares the question for most of what moves or is passed on.
    """
    return due_at is not None and due_at <= now + CLOCKS_APART


def close_flags(
    session: Session, stay_id: int, handoff_id: int, *, by: Actor | None, now: datetime
) -> None:
    """Close the open flags of a handoff that turns out not to have been missed.

    Its due day moved, or what was written down late took place in time. The flags
    stay, and so does the event that set them.
    """
    # A flag is inserted at once and never pending, so nothing has to be written before asking;
    # whether it is open is asked of the rows, which know what this act has changed already.
    with session.no_autoflush:
        flags = session.exec(_OF_HANDOFF, params={"handoff_id": handoff_id}).all()
    for flag in flags:
        if flag.closed_at is None:
            close_flag(session, stay_id, flag, by=by, now=now)


def was_flagged(session: Session, handoff_id: int, due_at: datetime | None) -> bool:
    """Whether a flag stands for this due moment of a handoff."""
    if due_at is None:
        return False
    with session.no_autoflush:
        asked = {"handoff_id": handoff_id, "due_at": due_at}
        return session.exec(_STANDS, params=asked).first() is not None


def reopen_flags(
    session: Session,
    stay_id: int,
    handoff_id: int,
    due_at: datetime | None,
    *,
    by: Actor | None,
    now: datetime,
) -> None:
    """Let the flag for this due moment stand again: what had closed it was taken back."""
    closed = session.exec(
        select(OverdueFlag).where(
            OverdueFlag.handoff_id == handoff_id,
            OverdueFlag.due_at == due_at,
            col(OverdueFlag.closed_at).is_not(None),
        )
    )
    for flag in closed:
        reopen_flag(session, stay_id, flag, by=by, now=now)


def close_flag(
    session: Session, stay_id: int, flag: OverdueFlag, *, by: Actor | None, now: datetime
) -> None:
    """Close one open flag. It stays, and so does the event that set it."""
    flag.closed_at = now
    _tell(session, stay_id, flag, Act.OVERDUE_CLOSE, by=by, now=now)


def reopen_flag(
    session: Session, stay_id: int, flag: OverdueFlag, *, by: Actor | None, now: datetime
) -> None:
    """Let one closed flag stand again."""
    flag.closed_at = None
    _tell(session, stay_id, flag, Act.OVERDUE_REOPEN, by=by, now=now)


def _tell(
    session: Session,
    stay_id: int,
    flag: OverdueFlag,
    act: Act,
    *,
    by: Actor | None,
    now: datetime,
) -> None:
    record(
        session,
        by,
        act,
        now=now,
        stay_id=stay_id,
        handoff_id=flag.handoff_id,
        detail={"due_at": flag.due_at},
    )
