"""The mark that a handoff was late from some moment on: one for each missed due moment."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.history import Act, record
from handoffs.parties import Actor


class OverdueFlag(SQLModel, table=True):
    """A handoff was late from `due_at` on. Closed when the due day moved afterwards."""

    __tablename__ = "overdue_flag"
    __table_args__ = (sa.UniqueConstraint("handoff_id", "due_at", name="overdue_once"),)

    id: int = Field(default=None, primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    due_at: datetime
    noticed_at: datetime
    closed_at: datetime | None = None


def close_flags(
    session: Session, stay_id: int, handoff_id: int, *, by: Actor | None, now: datetime
) -> None:
    """Close the open flags of a handoff that turns out not to have been missed.

    Its due day moved, or what was written down late took place in time. The flags
    stay, and so does the event that set them.
    """
    open_flags = session.exec(
        select(OverdueFlag).where(
            OverdueFlag.handoff_id == handoff_id, col(OverdueFlag.closed_at).is_(None)
        )
    )
    for flag in open_flags:
        flag.closed_at = now
        record(
            session,
            by,
            Act.OVERDUE_CLOSE,
            now=now,
            stay_id=stay_id,
            handoff_id=handoff_id,
            detail={"due_at": flag.due_at},
        )


def was_flagged(session: Session, handoff_id: int, due_at: datetime | None) -> bool:
    """Whether a flag stands for this due moment of a handoff."""
    return (
        session.exec(
            select(OverdueFlag.id).where(
                OverdueFlag.handoff_id == handoff_id, OverdueFlag.due_at == due_at
            )
        ).first()
        is not None
    )
