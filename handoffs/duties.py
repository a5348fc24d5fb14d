"""Bringing the open handoffs of a stay in line with what a decision says.

The only place where handoffs are opened and where their due days move. The old
day stays in the history, and a flag that was set for it is closed.
"""

from datetime import datetime

from sqlmodel import Session

from handoffs.handoff import Handoff, handoffs_of, withdraw
from handoffs.history import Act, record
from handoffs.overdue_flag import close_flags, was_flagged
from handoffs.parties import Actor
from handoffs.stay import Stay
from handoffs.tokyo import late_from
from rules import Duty, Party


def follow(
    session: Session,
    stay: Stay,
    duties: tuple[Duty, ...],
    *,
    receivers: dict[Party, int],
    by: Actor | None,
    now: datetime,
) -> None:
    """Bring the open handoffs of a stay in line with what a decision says.

    Opens what is new, moves what has another due day, withdraws what no longer
    applies. What has been sent or waived is left as it is, unless somebody else
    plans now: whoever plans has to be told. What was not yet due when the person
    left is work for at once and no miss.
    """
    current = {h.rule_id: h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None}
    opened = []
    for duty in duties:
        existing = current.pop(duty.rule_id, None)
        if existing is not None and _is_addressed_to_another(existing, stay, receivers):
            withdraw(session, existing, by=by, now=now)
            session.flush()  # The database allows one standing handoff for each rule.
            existing = None
        if existing is None:
            opened.append(_opened(stay, duty, receivers=receivers, now=now))
        elif existing.sent_at is None and existing.waived_at is None:
            existing.receiver_id = receivers.get(duty.receiver)
            _move(session, stay, existing, duty, by=by, now=now)
    for handoff in current.values():
        if handoff.sent_at is None and handoff.waived_at is None:
            withdraw(session, handoff, by=by, now=now)
    _add(session, opened, by=by, now=now)


def _is_addressed_to_another(handoff: Handoff, stay: Stay, receivers: dict[Party, int]) -> bool:
    """Whether the hospital told an office that no longer plans, while the stay goes on."""
    planner = receivers.get(Party.CARE_MANAGER)
    return (
        stay.is_open
        and handoff.receiver is Party.CARE_MANAGER
        and handoff.sent_at is not None
        and planner is not None
        and handoff.receiver_id not in {None, planner}
    )


def _overtaken_by_leaving(stay: Stay, duty: Duty) -> bool:
    """Whether the person left before the last permitted day."""
    left = stay.discharged_on
    return left is not None and duty.due is not None and duty.due > left


def _opened(stay: Stay, duty: Duty, *, receivers: dict[Party, int], now: datetime) -> Handoff:
    handoff = Handoff(
        stay_id=stay.id,
        rule_id=duty.rule_id,
        kind=duty.kind,
        sender=duty.sender,
        receiver=duty.receiver,
        receiver_id=receivers.get(duty.receiver),
        standing=duty.standing,
        text=duty.text,
        source=duty.source,
        opened_at=now,
    )
    _set_due(stay, handoff, duty, now)
    return handoff


def _add(session: Session, opened: list[Handoff], *, by: Actor | None, now: datetime) -> None:
    if not opened:
        return
    session.add_all(opened)
    session.flush()  # The events name the handoffs' ids.
    for handoff in opened:
        record(
            session,
            by,
            Act.HANDOFF_OPEN,
            now=now,
            stay_id=handoff.stay_id,
            handoff_id=handoff.id,
            detail={
                "kind": handoff.kind.value,
                "due": handoff.due_on,
                "standing": handoff.standing.value,
                "short_notice": handoff.short_notice,
            },
        )


def _set_due(stay: Stay, handoff: Handoff, duty: Duty, now: datetime) -> None:
    handoff.standing = duty.standing
    handoff.waits_for = list(duty.waits_for)
    handoff.counting = duty.counting
    handoff.window_from = duty.window_from
    handoff.preferred_on = duty.preferred
    handoff.due_on = duty.due
    handoff.due_at = late_from(duty.due) if duty.due else None
    already_late = handoff.due_at is not None and handoff.due_at <= now
    handoff.short_notice = already_late or _overtaken_by_leaving(stay, duty)


def _move(
    session: Session, stay: Stay, handoff: Handoff, duty: Duty, *, by: Actor | None, now: datetime
) -> None:
    was = (handoff.due_on, handoff.standing, handoff.short_notice)
    overtaken = _overtaken_by_leaving(stay, duty)
    missed_already = (
        duty.due == handoff.due_on
        and not overtaken
        and was_flagged(session, handoff.id, handoff.due_at)
    )
    if was[:2] == (duty.due, duty.standing) and not (overtaken and not handoff.short_notice):
        handoff.waits_for = list(duty.waits_for)
        return
    if not missed_already:
        close_flags(session, handoff.stay_id, handoff.id, by=by, now=now)
    _set_due(stay, handoff, duty, now)
    if missed_already:
        handoff.short_notice = False  # It was late before; becoming certain again is no news.
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_MOVE,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={
            "from": was[0],
            "to": handoff.due_on,
            "standing": handoff.standing.value,
            "short_notice": handoff.short_notice,
        },
    )
