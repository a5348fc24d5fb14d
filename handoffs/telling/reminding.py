"""Finding what should be said now and was not: the steps of the ladder.

Runs as often as it likes and in as many processes as it likes: the database takes each step
once. The cost follows what is due, not what is stored: each step asks by an index for what came
about within `STALE`. Sends nothing; `saying` writes the rows.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.parties import Organization
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.telling.acknowledgement import Acknowledgement, acknowledged_until
from handoffs.telling.ladder import LADDER, STALE, Anchor, Rung
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Purpose
from handoffs.telling.quiet import quiet
from handoffs.telling.recipients import recipient_of, side_of_handoff, turn_of
from handoffs.telling.reminded import Reminder
from handoffs.telling.reminder import due_now
from handoffs.telling.saying import Saying, tell
from handoffs.telling.working_hours import hours_of
from handoffs.tokyo import day_of
from rules import Standing

BATCH = 200
"""How many handoffs one transaction looks at."""


def remind(database: Database, now: datetime, reach: Reach) -> int:
    """Write everything that should be said at `now` and was not; how many steps were new.

    A handoff that cannot be judged stops nobody else's: it is left out and the error is raised
    at the end.
    """
    new, failures = 0, []
    for rung in reversed(LADDER):
        if rung.by_council and not reach.beyond_office:
            continue
        after = 0
        while True:
            # Looked for without the write lock: mostly there is nothing to write.
            with database.reading() as session:
                batch = [found.id for found in session.exec(_open_for(rung, now, after))]
                sayings, wrong = _sayings(session, batch, rung, now, reach)
            failures += wrong
            if sayings:
                with database.writing() as session:
                    # Once more, with the lock: meanwhile somebody may have sent it.
                    said_of = [one.handoff_id for one in sayings]
                    sayings, _ = _sayings(session, said_of, rung, now, reach)
                    new += tell(session, sayings, now=now, reach=reach)
            if len(batch) < BATCH:
                break
            after = batch[-1]
    if failures:
        raise ExceptionGroup("判定できない引継ぎがあります。", failures)
    return new


def _sayings(
    session: Session, handoff_ids: list[int], rung: Rung, now: datetime, reach: Reach
) -> tuple[list[Saying], list[Exception]]:
    """Judge some handoffs as they are now; apart from them, what could not be judged."""
    sayings: list[Saying] = []
    failures: list[Exception] = []
    for handoff_id in handoff_ids:
        try:
            handoff = session.get_one(Handoff, handoff_id)
            saying = _saying(session, handoff, rung, now, reach)
        except (ValueError, LookupError) as error:
            failures.append(error)
            continue
        if saying is not None:
            sayings.append(saying)
    return sayings, failures


def _open_for(rung: Rung, now: datetime, after: int) -> SelectOfScalar[Handoff]:
    """The handoffs that may have reached a step and were not told of it or a later one."""
    moment = _moment(rung.anchor, now)
    later = [r.step for r in LADDER if r.anchor is rung.anchor]
    later = later[later.index(rung.step) :]
    told = select(Reminder.id).where(
        Reminder.handoff_id == Handoff.id,
        Reminder.moment == moment,
        col(Reminder.step).in_(later),
        col(Reminder.redirected).is_(False),
    )
    query = (
        select(Handoff)
        .join(Stay, col(Stay.id) == col(Handoff.stay_id))
        .where(
            moment <= now - rung.earliest,
            moment > now - STALE,
            col(Handoff.waived_at).is_(None),
            col(Handoff.withdrawn_at).is_(None),
            col(Handoff.confirmed_at).is_(None),
            col(Handoff.paused_at).is_(None),
            Handoff.standing == Standing.REQUIRED,
            is_registered(),
            col(Stay.wants_no_contact).is_(False),
            sa.or_(col(Stay.destination).is_(None), col(Stay.destination) != Destination.DEATH),
            col(Handoff.id) > after,
            ~told.exists(),
        )
        .order_by(col(Handoff.id))
        .limit(BATCH)
    )
    if rung.anchor is Anchor.ACKNOWLEDGED:
        return query.join(
            Acknowledgement, col(Acknowledgement.handoff_id) == col(Handoff.id)
        ).where(~_TAKEN_UP_AGAIN)
    if rung.anchor is Anchor.DECLINED:
        return query
    query = query.where(col(Handoff.declined_at).is_(None))
    if rung.anchor is Anchor.SENT:
        return query
    query = query.where(col(Handoff.sent_at).is_(None), col(Handoff.before_notice).is_(False))
    if rung.anchor is Anchor.PROPOSED:
        return query
    if rung.anchor is Anchor.AT_ONCE:
        # Asked by the day too, which has the index; short notice always has one.
        return query.where(
            col(Handoff.short_notice).is_(True),
            col(Handoff.due_at) > now - 2 * STALE,
            col(Handoff.due_at) < now + 2 * STALE,
        )
    return query.where(col(Handoff.short_notice).is_(False))


_Later = aliased(Acknowledgement)
_TAKEN_UP_AGAIN = (
    select(_Later.id)
    .where(
        _Later.handoff_id == Acknowledgement.handoff_id,
        col(_Later.id) > col(Acknowledgement.id),
    )
    .exists()
)
_MOMENTS: dict[Anchor, Any] = {
    Anchor.DUE: col(Handoff.due_at),
    Anchor.SENT: col(Handoff.sent_at),
    Anchor.PROPOSED: col(Handoff.proposed_at),
    Anchor.DECLINED: col(Handoff.declined_at),
    Anchor.ACKNOWLEDGED: col(Acknowledgement.until),
}


def _moment(anchor: Anchor, now: datetime) -> Any:  # noqa: ANN401 - a column, or a choice of two.
    """What a step counts from, for the database; of what is for at once as `at_once_since`."""
    if anchor is not Anchor.AT_ONCE:
        return _MOMENTS[anchor]
    opened, due = col(Handoff.opened_at), col(Handoff.due_at)
    return sa.case((sa.and_(opened < due, due <= now), due), else_=opened)


def _saying(
    session: Session, handoff: Handoff, rung: Rung, now: datetime, reach: Reach
) -> Saying | None:
    """Judge one handoff; None if it has not reached this step, or nothing may be said."""
    stay = session.get_one(Stay, handoff.stay_id)
    choosing = rung.anchor is Anchor.PROPOSED
    side = side_of_handoff(session, stay, handoff, turn_of(handoff, choosing=choosing))
    organization = session.get(Organization, side) if side is not None else None
    hours = hours_of(organization, day_of(now))
    due = due_now(
        handoff,
        now=now,
        hours=hours,
        acknowledged_until=acknowledged_until(session, [handoff]).get(handoff.id),
        beyond_office=reach.beyond_office,
    )
    if due is None or due.rung is not rung:
        return None
    if quiet(session, stay, handoff, choosing=choosing) is not None:
        return None
    to = recipient_of(
        session, stay, handoff, rung.whom, reach=reach, today=day_of(now), choosing=choosing
    )
    return Saying(
        handoff_id=handoff.id,
        moment=due.moment,
        step=rung.step,
        to=to,
        purpose=Purpose.BEYOND_OFFICE if rung.by_council else Purpose.REMINDER,
        sender_id=side_of_handoff(session, stay, handoff, handoff.sender),
        hours=hours,
    )
