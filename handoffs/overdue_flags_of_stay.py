"""The marks of a whole stay, closed and opened again where an act on it was a mistake.

Those of one handoff are `handoffs.overdue_flag`, which this rests on.
"""

from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.handoff import Handoff
from handoffs.overdue_flag import OverdueFlag, close_flag, reopen_flag
from handoffs.parties import Actor


def close_flags_after(
    session: Session, stay_id: int, since: datetime, *, by: Actor | None, now: datetime
) -> None:
    """Close what was flagged for a moment at which the stay was wrongly something else."""
    still_open = col(OverdueFlag.closed_at).is_(None)
    for flag in session.exec(_of_stay(stay_id).where(OverdueFlag.due_at > since, still_open)):
        close_flag(session, stay_id, flag, by=by, now=now)


def reopen_flags_closed_from(
    session: Session, stay_id: int, closed_from: datetime, *, by: Actor | None, now: datetime
) -> None:
    """Open the flags that a mistake closed: of what was late before it and is still to do."""
    for flag in session.exec(
        _of_stay(stay_id).where(
            OverdueFlag.due_at == Handoff.due_at,
            OverdueFlag.due_at <= closed_from,
            col(OverdueFlag.closed_at) >= closed_from,
            col(Handoff.sent_at).is_(None),
            col(Handoff.waived_at).is_(None),
            col(Handoff.withdrawn_at).is_(None),
            col(Handoff.short_notice).is_(False),
        )
    ):
        reopen_flag(session, stay_id, flag, by=by, now=now)


def _of_stay(stay_id: int) -> SelectOfScalar[OverdueFlag]:
    """Start a query over the flags of every handoff of a stay."""
    return (
        select(OverdueFlag)
        .join(Handoff, col(Handoff.id) == col(OverdueFlag.handoff_id))
        .where(Handoff.stay_id == stay_id)
    )
