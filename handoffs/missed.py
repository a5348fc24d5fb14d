"""What should have happened by now and did not: one flag for each missed due moment.

The sweep may run as often as it likes and in as many processes as it likes: the
database takes one flag for a handoff and a due moment. The flag is stamped with
the moment at which it became true, not with the moment it was noticed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.database import insert_into
from handoffs.handoff import Handoff, State, state
from handoffs.history import Act, record
from handoffs.overdue_flag import OverdueFlag
from handoffs.stays.stay import Stay
from rules import Standing

BATCH = 200
"""How many handoffs one transaction of the sweep takes."""


def flag_overdue(writing: Callable[[], AbstractContextManager[Session]], now: datetime) -> int:
    """Flag everything that is late at `now` and has no flag yet; say how many were new.

    `writing` opens one committed transaction at a time, so that a sweep after a
    long standstill holds no lock for long. A row that cannot be judged stops
    nobody else's: it is left out and the error is raised at the end.
    """
    flagged, after, failures = 0, 0, []
    while True:
        with writing() as session:
            batch = _late(session, now, after)
            for handoff_id in batch:
                try:
                    flagged += _flag(session, handoff_id, now)
                except (ValueError, LookupError) as error:
                    failures.append(error)
        if len(batch) < BATCH:
            break
        after = batch[-1]
    if failures:
        raise ExceptionGroup("判定できない引継ぎがあります。", failures)
    return flagged


_PLACE = col(Handoff.id) + 0
# Not the bare id: to walk the whole table along its key would spare the sorting of a few rows,
# and both databases would rather do that.
_LATE = (
    select(Handoff.id)
    .where(
        col(Handoff.due_at) <= sa.bindparam("now"),
        # From here to the last but one as the index handoff_to_flag says it, word for word. In one
        # condition, or PostgreSQL takes the index of all that is open, missed long ago included.
        sa.func.coalesce(
            col(Handoff.sent_at),
            col(Handoff.waived_at),
            col(Handoff.withdrawn_at),
            col(Handoff.paused_at),
        ).is_(None),
        col(Handoff.short_notice).is_(False),
        col(Handoff.before_notice).is_(False),
        col(Handoff.standing) == sa.literal_column(f"'{Standing.REQUIRED.value}'"),
        col(Handoff.flagged_for).is_distinct_from(col(Handoff.due_at)),
        sa.bindparam("after", type_=sa.Integer) < _PLACE,
    )
    .order_by(_PLACE)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
# Built once, because the sweep asks it without end: building it costs as much as asking it.


def _late(session: Session, now: datetime, after: int) -> list[int]:
    """List the next handoffs to flag. Ids only: reading a row is what can fail."""
    return list(session.exec(_LATE, params={"now": now, "after": after, "most": BATCH}))


def _flag(session: Session, handoff_id: int, now: datetime) -> int:
    """Set one flag unless it stands already. The count says whether it was new."""
    # Held until the flag stands, or a planned date that is moving right now would leave
    # a flag for the day it moved away from.
    session.exec(
        select(Stay.id)
        .join(Handoff, col(Handoff.stay_id) == col(Stay.id))
        .where(Handoff.id == handoff_id)
        .with_for_update(read=True, of=Stay)
    ).one()
    handoff = session.get_one(Handoff, handoff_id)
    if state(handoff, now) is not State.MISSED or handoff.due_at is None:
        return 0
    done = session.exec(
        insert_into(session, OverdueFlag)
        .values(handoff_id=handoff.id, due_at=handoff.due_at, noticed_at=now)
        .on_conflict_do_nothing(index_elements=["handoff_id", "due_at"])
        .returning(col(OverdueFlag.id))
    ).all()
    handoff.flagged_for = handoff.due_at
    if not done:
        return 0
    record(
        session,
        None,
        Act.HANDOFF_OVERDUE,
        now=now,
        at=handoff.due_at,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"due": handoff.due_on},
    )
    return 1


def flags_of(session: Session, stay_id: int) -> list[OverdueFlag]:
    """The flags of a stay's handoffs, in the order in which they became true."""
    return list(
        session.exec(
            select(OverdueFlag)
            .join(Handoff, col(Handoff.id) == col(OverdueFlag.handoff_id))
            .where(Handoff.stay_id == stay_id)
            .order_by(col(OverdueFlag.due_at), col(OverdueFlag.id))
        )
    )
