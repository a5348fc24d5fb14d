"""Bringing the handoffs of a stay back to where they stood before an act that was a mistake.

Where they stood is read from their own history, so that nothing has to be kept for the case that
somebody erred. What became late while the mistake stood is work for at once: nobody was asked
for it, so nobody missed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Act, Event, record
from handoffs.overdue_flags_of_stay import close_flags_after, reopen_flags_closed_from
from handoffs.parties import Actor
from handoffs.stays.stay import Stay
from handoffs.tokyo import late_from
from rules import Standing


@dataclass(frozen=True)
class _Stand:
    """Where a handoff stood at one moment of its history."""

    withdrawn: bool
    due_on: date | None
    standing: Standing
    short_notice: bool


def latest_event(session: Session, stay_id: int, act: Act) -> Event | None:
    """The last time that something was done to a stay; None if it never was."""
    return session.exec(
        select(Event)
        .where(Event.stay_id == stay_id, Event.act == act)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()


def restore(session: Session, stay: Stay, since: Event, *, by: Actor | None, now: datetime) -> None:
    """Bring the handoffs of a stay back to where they stood before `since`.

    What was opened since is left to the next decision. What was passed on since stays passed
    on.
    """
    session.flush()  # Everything that happened so far has its place in the history.
    told: dict[int, list[Event]] = {}
    for event in session.exec(
        select(Event)
        .where(Event.stay_id == stay.id, col(Event.handoff_id).is_not(None))
        .order_by(col(Event.id))
    ):
        told.setdefault(event.handoff_id or 0, []).append(event)
    for handoff in handoffs_of(session, stay.id):
        events = told.get(handoff.id, [])
        if not any(e.act is Act.HANDOFF_OPEN and e.id > since.id for e in events):
            was = _stand([e for e in events if e.id < since.id], handoff)
            _bring_back(session, handoff, was, since, by=by, now=now)
    session.flush()  # The flags are asked for by where the handoffs stand now.
    close_flags_after(session, stay.id, since.recorded_at, by=by, now=now)
    reopen_flags_closed_from(session, stay.id, since.recorded_at, by=by, now=now)


def _stand(events: Sequence[Event], handoff: Handoff) -> _Stand:
    """Read where a handoff stood after some events; as it is now where they do not say."""
    withdrawn, due_on = False, handoff.due_on
    standing, short = handoff.standing, handoff.short_notice
    for event in events:
        if event.act is Act.HANDOFF_WITHDRAW:
            withdrawn = True
        elif event.act in {Act.HANDOFF_OPEN, Act.HANDOFF_RESTORE}:
            withdrawn = False
        for key in ("due", "to"):
            if key in event.detail and event.act is not Act.HANDOFF_OVERDUE:
                text = event.detail[key]
                due_on = date.fromisoformat(text) if isinstance(text, str) else None
        if "standing" in event.detail:
            standing = Standing(str(event.detail["standing"]))
        if "short_notice" in event.detail:
            short = bool(event.detail["short_notice"])
    return _Stand(withdrawn, due_on, standing, short)


def _bring_back(
    session: Session,
    handoff: Handoff,
    was: _Stand,
    since: Event,
    *,
    by: Actor | None,
    now: datetime,
) -> None:
    if handoff.withdrawn_at is not None and (was.withdrawn or not _has_room(session, handoff)):
        return
    before = _stand_of(handoff)
    handoff.withdrawn_at = None
    if handoff.sent_at is None and handoff.waived_at is None:
        handoff.due_on, handoff.standing = was.due_on, was.standing
        handoff.due_at = late_from(was.due_on) if was.due_on else None
        overtaken = handoff.due_at is not None and since.recorded_at < handoff.due_at <= now
        handoff.short_notice = was.short_notice or overtaken
    if _stand_of(handoff) == before:
        return
    handoff.version += 1
    session.flush()  # Two handoffs of one rule can come back; the index must see each.
    record(
        session,
        by,
        Act.HANDOFF_RESTORE,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={
            "due": handoff.due_on,
            "standing": handoff.standing.value,
            "short_notice": handoff.short_notice,
        },
    )


def _stand_of(handoff: Handoff) -> _Stand:
    return _Stand(
        handoff.withdrawn_at is not None, handoff.due_on, handoff.standing, handoff.short_notice
    )


def _has_room(session: Session, handoff: Handoff) -> bool:
    """Whether no other handoff of the same rule stands meanwhile; the database allows one."""
    other = select(Handoff.id).where(
        Handoff.stay_id == handoff.stay_id,
        Handoff.rule_id == handoff.rule_id,
        Handoff.id != handoff.id,
        col(Handoff.withdrawn_at).is_(None),
    )
    return session.exec(other).first() is None
