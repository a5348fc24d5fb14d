"""Away for a while, not gone: a night at home (外泊) or a temporary discharge (一時退院).

The stay goes on. While somebody is away nothing falls due: what is still to be passed on rests
(`Handoff.paused_at`), so that no list, sweep or reminder has to ask about leaves itself. What
came due meanwhile is work for at once on the return, and nobody's miss.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Act, record
from handoffs.overdue_flag import close_flags
from handoffs.parties import Actor
from handoffs.stays.stay import Stay
from rules.kinds import Labelled


class LeaveKind(Labelled):
    """How somebody is away."""

    OVERNIGHT = "overnight", "外泊"
    TEMPORARY_DISCHARGE = "temporary_discharge", "一時退院"


class Leave(SQLModel, table=True):
    """One time away. It ends with the return; one that never was is taken back."""

    __tablename__ = "leave"
    __table_args__ = (
        sa.CheckConstraint("returned_on IS NULL OR returned_on >= left_on", name="leave_order"),
        sa.CheckConstraint(
            "back_planned_on IS NULL OR back_planned_on >= left_on", name="leave_planned_order"
        ),
        sa.Index(
            "leave_open_once",
            "stay_id",
            unique=True,
            sqlite_where=sa.text("returned_on IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL AND taken_back_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    kind: LeaveKind = Field(sa_type=coded(LeaveKind, "leave_kind"))
    left_on: date
    back_planned_on: date | None = None
    returned_on: date | None = None
    taken_back_at: datetime | None = None
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")


_OPEN = select(Leave).where(
    col(Leave.stay_id) == sa.bindparam("stay_id"),
    col(Leave.returned_on).is_(None),
    col(Leave.taken_back_at).is_(None),
)


def leave_of(session: Session, stay: Stay) -> Leave | None:
    """The leave that somebody is on now; None for somebody in hospital, or gone."""
    return open_leave(session, stay.id) if stay.is_open else None


def open_leave(session: Session, stay_id: int) -> Leave | None:
    """The leave from which nobody came back: still away, or gone for good from there."""
    return session.exec(_OPEN, params={"stay_id": stay_id}).one_or_none()


def ongoing(stay: Stay, leaves: Sequence[Leave]) -> Leave | None:
    """The same as `leave_of`, from the rows of the stay."""
    still = [one for one in leaves if one.returned_on is None and one.taken_back_at is None]
    return still[-1] if still and stay.is_open else None


def rest_if_away(session: Session, stay: Stay, *, by: Actor | None, now: datetime) -> None:
    """Let everything rest that is still to be passed on or confirmed, if the person is away."""
    leave = leave_of(session, stay)
    if leave is not None:
        rest(session, stay, leave, by=by, now=now)


def rest(session: Session, stay: Stay, leave: Leave, *, by: Actor | None, now: datetime) -> None:
    """Let everything rest that is still to be passed on or confirmed."""
    for handoff in handoffs_of(session, stay.id):
        if handoff.paused_at is None and _is_to_do(handoff):
            _rest(session, handoff, leave, by=by, now=now)


def _is_to_do(handoff: Handoff) -> bool:
    over = (handoff.confirmed_at, handoff.waived_at, handoff.withdrawn_at)
    return all(moment is None for moment in over)


def _rest(
    session: Session, handoff: Handoff, leave: Leave, *, by: Actor | None, now: datetime
) -> None:
    handoff.paused_at = now
    handoff.version += 1
    falls_in_it = handoff.due_on is not None and handoff.due_on >= leave.left_on
    if handoff.sent_at is None and falls_in_it:
        # Written down late: what was flagged since the person left was nobody's omission.
        close_flags(session, handoff.stay_id, handoff.id, by=by, now=now)
    _tell(session, handoff, Act.HANDOFF_PAUSE, by=by, now=now)


def go_on(
    session: Session, stay: Stay, *, away_since: date, by: Actor | None, now: datetime
) -> None:
    """Let everything that rests be due again.

    What came due from `away_since` on is work for at once; what was late before is still late.
    """
    for handoff in handoffs_of(session, stay.id):
        if handoff.paused_at is None:
            continue
        over = handoff.due_at is not None and handoff.due_at <= now and handoff.sent_at is None
        if over and handoff.due_on is not None and handoff.due_on >= away_since:
            handoff.short_notice = True
        handoff.paused_at = None
        handoff.version += 1
        _tell(session, handoff, Act.HANDOFF_RESUME, by=by, now=now)


def _tell(session: Session, handoff: Handoff, act: Act, *, by: Actor | None, now: datetime) -> None:
    record(
        session,
        by,
        act,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"due": handoff.due_on, "short_notice": handoff.short_notice},
    )
