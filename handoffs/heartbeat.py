"""A sign of life of each process, for the page and for /health."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from handoffs.database import insert_into

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far in the future a beat may lie before the clocks are taken to disagree."""


class Heartbeat(SQLModel, table=True):
    """When a process last said that it runs. One row for each kind of process."""

    __tablename__ = "heartbeat"

    process: str = Field(primary_key=True, max_length=20)
    beat_at: datetime


def beat(session: Session, process: str, now: datetime) -> None:
    """Say that a process is alive at `now`. Two that start together do no harm."""
    session.exec(
        insert_into(session, Heartbeat)
        .values(process=process, beat_at=now)
        .on_conflict_do_update(index_elements=["process"], set_={"beat_at": now})
    )


def age_of(session: Session, process: str, now: datetime) -> timedelta | None:
    """How long ago a process last said so; None if it never did or cannot be believed.

    A beat from the future is left over from before the clock was set back; to take
    it for a sign of life would hide a dead process until the clock has caught up.
    """
    row = session.get(Heartbeat, process)
    if row is None or row.beat_at - now > CLOCK_TOLERANCE:
        return None
    return max(now - row.beat_at, timedelta(0))
