"""Taking back what was entered by mistake: an event of its own, never an overwriting.

Whoever's organization entered it takes it back, within the same stay. What was said and
what took it back both stay; contact, rates and the state of the handoff then read as if it
had not been said. A handoff that is open again is brought in line with the rules of now.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from handoffs.before_notice import follow_notice
from handoffs.decision.assessment import assessment_of, reassess
from handoffs.decline import decline_of
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import PASSED_ON, Handoff
from handoffs.history import Act, record
from handoffs.overdue_flag import reopen_flags
from handoffs.parties import Actor
from handoffs.sides import side_of_party, speaks_for
from handoffs.statement import Result, Statement, side_of, statements_of
from handoffs.stays.stay import Stay
from rules import Library, Party

_COPIED = ("side", "topic", "means", "result", "happened_on", "happened_time")
"""What the row that takes back repeats; the words stay in the row that is taken back."""


def retract(
    session: Session,
    stay: Stay,
    statement_id: int,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> Statement:
    """Take back one statement. A second time changes nothing and finds the first.

    A handoff that it had sent or confirmed is open again unless another statement still
    says so. Raises NotVisible for a statement of another stay, NotPermitted for one of
    another organization.
    """
    said = session.get(Statement, statement_id)
    if said is None or said.stay_id != stay.id or said.retracts_id is not None:
        raise NotVisible
    if said.side is not side_of(by) or said.organization_id != by.organization_id:
        raise NotPermitted("取り消せるのは、記録した側の方だけです。")
    before = session.exec(select(Statement).where(Statement.retracts_id == said.id)).first()
    if before is not None:
        return before
    row = Statement(
        stay_id=stay.id,
        handoff_id=said.handoff_id,
        organization_id=by.organization_id,
        staff_id=by.staff_id,
        recorded_at=now,
        retracts_id=said.id,
        **{name: getattr(said, name) for name in _COPIED},
    )
    session.add(row)
    record(
        session,
        by,
        Act.STATEMENT_RETRACT,
        now=now,
        stay_id=stay.id,
        handoff_id=said.handoff_id,
        detail={
            "topic": said.topic.value,
            "result": said.result.value,
            "on": said.happened_on,
            "statement": said.id,
        },
    )
    session.flush()
    follow_notice(session, stay, by=by, now=now)
    if said.handoff_id is not None:
        handoff = session.get_one(Handoff, said.handoff_id)
        if _work_out_again(session, handoff, by=by, now=now):
            _bring_in_line(session, stay, library=library, by=by, now=now)
    return row


def unwaive(
    session: Session, stay: Stay, handoff: Handoff, *, library: Library, by: Actor, now: datetime
) -> None:
    """Take back that a handoff is not needed. A second time changes nothing.

    Raises NotPermitted on the wrong side.
    """
    if not speaks_for(session, by, stay, handoff.sender):
        raise NotPermitted("不要の取り消しは、送る側の方が行います。")
    if handoff.waived_at is None or handoff.withdrawn_at is not None:
        return
    handoff.waived_at = None
    _undone(session, handoff, "waive", by=by, now=now)
    _bring_in_line(session, stay, library=library, by=by, now=now)


def undecline(session: Session, stay: Stay, handoff: Handoff, *, by: Actor, now: datetime) -> None:
    """Take back 担当ではない before the hospital sent it elsewhere. A second time changes nothing.

    Raises NotPermitted on the wrong side.
    """
    answer = decline_of(session, handoff.id)
    ours = answer is not None and answer.organization_id == by.organization_id
    if not ours or not speaks_for(session, by, stay, handoff.receiver):
        raise NotPermitted("返事を取り消せるのは、返事をした側の方だけです。")
    if handoff.declined_at is None or handoff.withdrawn_at is not None:
        return
    handoff.declined_at = None
    _undone(session, handoff, "decline", by=by, now=now)


def _work_out_again(session: Session, handoff: Handoff, *, by: Actor, now: datetime) -> bool:
    """Work out anew from what still stands whether a handoff was sent and confirmed.

    Says whether it has to be sent again.
    """
    said = [s for s in statements_of(session, handoff.stay_id) if s.handoff_id == handoff.id]
    passed = sorted((s for s in said if s.result in PASSED_ON), key=lambda s: s.id)
    sends = [s for s in passed if not _is_receipt(s, handoff)]
    receipts = sends if handoff.receiver is Party.PERSON_OR_FAMILY else _receipts(passed, handoff)
    was_sent = handoff.sent_at is not None
    handoff.sent_at = passed[0].recorded_at if passed else None
    handoff.sent_by = sends[0].staff_id if sends else None
    handoff.confirmed_at = receipts[0].recorded_at if receipts else None
    handoff.confirmed_by = receipts[0].staff_id if receipts else None
    handoff.passed_on = min((s.happened_on for s in passed), default=None)
    handoff.version += 1
    in_time = handoff.passed_on and handoff.due_on and handoff.passed_on <= handoff.due_on
    if not in_time and not handoff.short_notice:
        reopen_flags(session, handoff.stay_id, handoff.id, handoff.due_at, by=by, now=now)
    if passed:
        return False
    handoff.delivered_at = handoff.declined_at = None
    return was_sent


def _is_receipt(said: Statement, handoff: Handoff) -> bool:
    return said.result is Result.RECEIVED and said.side is side_of_party(handoff.receiver)


def _receipts(passed: Sequence[Statement], handoff: Handoff) -> list[Statement]:
    return [s for s in passed if _is_receipt(s, handoff)]


def _undone(session: Session, handoff: Handoff, what: str, *, by: Actor, now: datetime) -> None:
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_UNDO,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "what": what},
    )


def _bring_in_line(
    session: Session, stay: Stay, *, library: Library, by: Actor, now: datetime
) -> None:
    """Ask the rules again: while it was done, its day may have moved or its reason gone."""
    if assessment_of(session, stay.id) is not None:
        reassess(session, stay, library=library, by=by, now=now)
