"""Undoing a discharge that was registered by mistake, or correcting its day or destination.

Nothing is deleted: the undoing is an event of its own, and what was handed over since stays
handed over. The handoffs come back as they were; what became late while the stay was wrongly
closed is work for at once, and nobody's miss.
"""

from datetime import datetime

from sqlmodel import Session, select

from handoffs.access import Permission, require
from handoffs.decision.assessment import reassess
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act, Event, record
from handoffs.notice import NoticeKind, take_back, tell_planner
from handoffs.parties import Actor
from handoffs.statement import Side, Statement, Topic, standing
from handoffs.stays.discharge import DischargeEntry, check_discharge, write_discharge
from handoffs.stays.leave import open_leave, rest
from handoffs.stays.moved_on import take_back_transfer, tell_of_transfer
from handoffs.stays.restoring import latest_event, restore
from handoffs.stays.stay import Destination, Stay, is_registered, overlapping
from handoffs.stays.transfer_answer import end_answer
from handoffs.wall import Crossing, crossing
from rules import Library


def undo_discharge(
    session: Session, stay: Stay, *, version: int, library: Library, by: Actor, now: datetime
) -> None:
    """Take a discharge back: the person is still in hospital, and everything as it was.

    The answer about a contact that was typed with the discharge is taken back too. Raises
    NotPermitted where a later stay stands in the way, or Overtaken if the stay changed since
    it was shown.
    """
    require(by, Permission.STAY_DISCHARGE)
    if overlapping(session, stay.patient_id, stay.admitted_on, None, but=stay.id) is not None:
        raise NotPermitted(
            "この方には、この後の入院が登録されています。"
            "そちらを確かめてから、退院日だけを直してください。"
        )
    expected = _undo(session, stay, version=version, by=by, now=now)
    stay.discharged_on = stay.discharged_time = stay.destination = stay.next_hospital_id = None
    reassess(session, stay, library=library, by=by, now=now, instead=_to(expected))
    tell_planner(session, stay, NoticeKind.DISCHARGE_UNDONE, now=now)


def correct_discharge(
    session: Session,
    stay: Stay,
    entry: DischargeEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> None:
    """Put day, time, destination or contact of a discharge right.

    As if the wrong one had never been written down. Raises NotPermitted, BadEntry, or
    Overtaken if the stay changed since it was shown.
    """
    require(by, Permission.STAY_DISCHARGE)
    left_on = entry.discharged_on
    if overlapping(session, stay.patient_id, stay.admitted_on, left_on, but=stay.id) is not None:
        raise BadEntry({"discharged_on": "この後の入院と重なります。日付を確かめてください。"})
    was = (stay.discharged_on, stay.destination, stay.next_hospital_id)
    expected = _undo(session, stay, version=entry.version, by=by, now=now)
    leave = open_leave(session, stay.id)
    if leave is not None:
        rest(session, stay, leave, by=by, now=now)
    check_discharge(session, stay, entry, now)
    write_discharge(session, stay, entry, expected=expected, by=by, now=now)
    reassess(session, stay, library=library, by=by, now=now, instead=_to(expected))
    tell_of_transfer(session, stay, by=by, now=now)
    now_so = (stay.discharged_on, stay.destination, stay.next_hospital_id)
    if now_so != was and stay.destination is not Destination.DEATH:
        tell_planner(session, stay, NoticeKind.DISCHARGE_CORRECTED, now=now)


def _to(expected: str) -> dict[str, str]:
    """Where the person is to go, as it was said before the discharge."""
    return {"destination": expected or "unknown"}


def _undo(session: Session, stay: Stay, *, version: int, by: Actor, now: datetime) -> str:
    """Undo everything but the end of the stay itself; say where the person was to go before."""
    if stay.version != version:
        raise Overtaken
    if stay.is_open:
        raise NotPermitted("退院は登録されていません。最新の画面を開いてください。")
    _refuse_if_taken_over(session, stay)
    left = latest_event(session, stay.id, Act.STAY_DISCHARGE)
    detail = {"on": stay.discharged_on, "destination": stay.destination or ""}
    stay.version += 1
    record(session, by, Act.STAY_DISCHARGE_UNDO, now=now, stay_id=stay.id, detail=detail)
    take_back(session, stay.id, NoticeKind.DEATH, now=now)
    end_answer(session, stay.id, now=now)
    take_back_transfer(session, stay, by=by, now=now)
    if left is None:
        return ""
    _retract_answer(session, stay, left, by=by, now=now)
    restore(session, stay, left, by=by, now=now)
    return str(left.detail.get("expected") or "")


def _refuse_if_taken_over(session: Session, stay: Stay) -> None:
    goes_on = select(Stay.id).where(is_registered(), Stay.continues_id == stay.id)
    with crossing(session, Crossing.TRANSFER):
        taken_over = session.exec(goes_on).first() is not None
    if taken_over:
        raise NotPermitted(
            "転院先の病院が、すでに受け入れを登録しています。"
            "先に転院先に連絡し、受け入れの登録を取り消してもらってください。"
        )


def _retract_answer(session: Session, stay: Stay, left: Event, *, by: Actor, now: datetime) -> None:
    """Take back what was said of a contact as part of a discharge that was none."""
    said = standing(session.exec(select(Statement).where(Statement.stay_id == stay.id)))
    for statement in said:
        if (
            statement.handoff_id is None
            and statement.side is Side.HOSPITAL
            and statement.topic is Topic.DISCHARGE
            and statement.recorded_at == left.recorded_at
            and statement.staff_id == left.staff_id
        ):
            same = {"stay_id", "side", "topic", "means", "result", "happened_on"}
            session.add(
                Statement(
                    **statement.model_dump(include=same),
                    retracts_id=statement.id,
                    organization_id=by.organization_id,
                    staff_id=by.staff_id,
                    recorded_at=now,
                )
            )
            record(
                session,
                by,
                Act.STATEMENT_RETRACT,
                now=now,
                stay_id=stay.id,
                detail={"topic": statement.topic.value, "result": statement.result.value},
            )
