"""Passing a handoff on: sent and confirmed, each by the side whose turn it is.

"Sent" proves nothing; only the receiver's own confirmation closes a handoff. What
was entered by mistake is taken back by `handoffs.retraction`, never overwritten; what is not
needed in a case is waived by `handoffs.waiving`.
"""

from datetime import date, datetime

from sqlmodel import Session

from handoffs.before_notice import follow_notice
from handoffs.errors import NotPermitted, Overtaken
from handoffs.handoff import PASSED_ON, Handoff
from handoffs.history import Act, record
from handoffs.overdue_flag import close_flags, may_be_flagged
from handoffs.parties import Actor
from handoffs.sides import speaks_for
from handoffs.statement import Means, Result, Statement, StatementEntry, Topic, state_contact
from handoffs.stays.stay import Stay
from rules import Party


def send(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    entry: StatementEntry,
    *,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Statement:
    """Write down that a handoff was passed on, or that somebody tried to.

    不在 and 伝言 are kept as attempts and leave the handoff open, and so does every
    result that says that this side passed nothing on. Advice to the person or the
    family is done when it is given: nobody else can confirm it.
    Raises NotPermitted on the wrong side, BadEntry for an impossible day, and Overtaken
    if the handoff is no longer what the screen showed as `version`.
    """
    if not speaks_for(session, by, stay, handoff.sender):
        raise NotPermitted("送付の記録は、送る側の方が行います。")
    refuse_if_over(handoff)
    if version is not None and version != handoff.version:
        raise Overtaken
    said = state_contact(
        session, stay, entry, topic=handoff.topic, by=by, now=now, handoff_id=handoff.id
    )
    if entry.result not in PASSED_ON:
        return said
    if handoff.sent_at is None:
        handoff.sent_at, handoff.sent_by = now, by.staff_id
    handoff.declined_at = None  # Whoever sends it again asks again.
    _took_place(session, stay, handoff, entry.happened_on, by=by, now=now)
    if handoff.receiver is Party.PERSON_OR_FAMILY:
        handoff.confirmed_at, handoff.confirmed_by = now, by.staff_id
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_SEND,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={
            "kind": handoff.kind.value,
            "means": entry.means.value,
            "on": entry.happened_on,
            "sheet": entry.sheet_digest,
        },
    )
    if handoff.topic is Topic.ADMISSION:
        follow_notice(session, stay, by=by, now=now)
    return said


def confirm(
    session: Session, stay: Stay, handoff: Handoff, *, received_on: date, by: Actor, now: datetime
) -> None:
    """Write down that the receiving side has it. A second time changes nothing.

    What arrived without the sender writing it down counts as sent.
    Raises NotPermitted on the wrong side, BadEntry for an impossible day.
    """
    if not speaks_for(session, by, stay, handoff.receiver):
        raise NotPermitted("受領の確認は、受け取る側の方が行います。")
    take_receipt(
        session, stay, handoff, means=Means.TSUNAGI, received_on=received_on, by=by, now=now
    )


def take_receipt(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    *,
    means: Means,
    received_on: date,
    by: Actor,
    now: datetime,
) -> None:
    """Write a receipt down, whoever writes it: the receiver, or a sender who holds their slip.

    What is said stays the word of the writer's own side. A second time changes nothing.
    Raises NotPermitted for what is over, BadEntry for an impossible day.
    """
    if handoff.confirmed_at is not None:
        return
    refuse_if_over(handoff)
    entry = StatementEntry(means=means, result=Result.RECEIVED, happened_on=received_on)
    state_contact(session, stay, entry, topic=handoff.topic, by=by, now=now, handoff_id=handoff.id)
    handoff.sent_at = handoff.sent_at or now
    handoff.declined_at = None
    _took_place(session, stay, handoff, received_on, by=by, now=now)
    handoff.confirmed_at, handoff.confirmed_by = now, by.staff_id
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_CONFIRM,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "on": received_on},
    )
    if handoff.topic is Topic.ADMISSION:
        follow_notice(session, stay, by=by, now=now)


def note_delivered(session: Session, handoff: Handoff, *, at: datetime, now: datetime) -> None:
    """Write down that the channel reports it as delivered. Nobody has confirmed it by that.

    For channels that can tell (`at` is the moment that they report); a second report, and
    one about what nobody sent, changes nothing.
    """
    if handoff.delivered_at is not None or handoff.sent_at is None:
        return
    handoff.delivered_at = at
    handoff.version += 1
    record(
        session,
        None,
        Act.HANDOFF_DELIVER,
        now=now,
        at=at,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value},
    )


def _took_place(
    session: Session, stay: Stay, handoff: Handoff, on: date, *, by: Actor, now: datetime
) -> None:
    """Keep the first day on which it was passed on; in time, it was never missed."""
    handoff.passed_on = min(on, handoff.passed_on or on)
    in_time = handoff.due_on is not None and on <= handoff.due_on
    if in_time and may_be_flagged(handoff.due_at, now):
        # Written down later is normal, and nothing punishes it.
        close_flags(session, stay.id, handoff.id, by=by, now=now)


def refuse_if_over(handoff: Handoff) -> None:
    """Refuse an act on what was taken back or is not needed. Raises NotPermitted."""
    if handoff.withdrawn_at is not None or handoff.waived_at is not None:
        raise NotPermitted(
            "この引継ぎは取下げまたは不要になっています。最新の画面を開いてください。"
        )
