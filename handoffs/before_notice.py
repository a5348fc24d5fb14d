"""お知らせ前: admission information that waits because nobody told of the admission.

It is no duty of the office until the hospital says that it told, and never the care
manager's miss. When the notice comes, the rest of the window is left; after the
window it is work for at once.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.sides import PLANNERS
from handoffs.statement import statements_of, told_of_admission
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party


def needs_notice(handoff: Handoff) -> bool:
    """Whether an office can pass this on only once it knows of the admission."""
    return (
        handoff.kind is HandoffKind.ADMISSION_INFORMATION
        and handoff.sender in PLANNERS
        and handoff.receiver is Party.HOSPITAL
        and not handoff.is_by_hand
    )


_INFORMATION = (
    select(Handoff)
    .where(
        col(Handoff.stay_id) == sa.bindparam("stay_id"),
        col(Handoff.kind) == HandoffKind.ADMISSION_INFORMATION,
    )
    .order_by(col(Handoff.due_on).is_(None), col(Handoff.due_on), col(Handoff.id))
)
# Built once: building a question costs as much as asking it.


def _waits(handoff: Handoff) -> bool:
    """Whether the notice of admission still matters to a handoff."""
    open_still = handoff.withdrawn_at is None and handoff.sent_at is None
    return open_still and needs_notice(handoff)


def follow_notice(session: Session, stay: Stay, *, by: Actor | None, now: datetime) -> None:
    """Let what waits for the notice of admission follow what is said of it now.

    Called after every statement that can be about the admission, and after one was
    taken back.
    """
    with session.no_autoflush:
        asked = {"stay_id": stay.id}
        waiting = [h for h in session.exec(_INFORMATION, params=asked) if _waits(h)]
    if not waiting:
        return
    session.flush()  # The statement that was just made counts.
    told = told_of_admission(statements_of(session, stay.id))
    for handoff in waiting:
        if handoff.before_notice is not told:
            continue
        handoff.before_notice = not told
        if told and handoff.due_at is not None and handoff.due_at <= now:
            handoff.short_notice = True
        handoff.version += 1
        record(
            session,
            by,
            Act.HANDOFF_NOTICE,
            now=now,
            stay_id=stay.id,
            handoff_id=handoff.id,
            detail={"told": told, "short_notice": handoff.short_notice},
        )


def mark_before_notice(session: Session, stay: Stay, opened: Iterable[Handoff]) -> None:
    """Mark what is just being opened and waits for the notice of admission."""
    waiting = [handoff for handoff in opened if needs_notice(handoff)]
    if waiting and not told_of_admission(statements_of(session, stay.id)):
        for handoff in waiting:
            handoff.before_notice = True
