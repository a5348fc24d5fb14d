"""The next hospital says that somebody announced to it does not come, and takes that back.

It sees nothing of the earlier stay but the line that announced the person. A handoff that told it
of the transfer is declined with it; the earlier hospital puts its discharge right or telephones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, require, visible_stays
from handoffs.errors import NotVisible
from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.stays.transfer import awaited
from handoffs.stays.transfer_answer import TransferAnswer, TransferReason, standing_answer
from rules import Party


@dataclass(frozen=True)
class RefusedTransfer:
    """Somebody of one's own whom the next hospital does not take in as announced."""

    stay_id: int
    code: str
    name: str
    hospital: str
    telephone: str
    reason: TransferReason
    at: datetime


def refuse_transfer(
    session: Session, stay_id: int, reason: TransferReason, *, by: Actor, now: datetime
) -> None:
    """Answer that somebody is not taken in as announced. A second answer changes nothing.

    Raises NotPermitted, or NotVisible where nobody is announced to the actor's hospital.
    """
    stay = announced(session, stay_id, by=by, now=now)
    if standing_answer(session, stay.id) is not None:
        return
    session.add(
        TransferAnswer(
            stay_id=stay.id,
            organization_id=by.organization_id,
            staff_id=by.staff_id,
            reason=reason,
            recorded_at=now,
        )
    )
    _tell(session, stay, Act.STAY_TRANSFER_DECLINE, {"transfer_reason": reason.value}, by, now)
    for handoff in _told(session, stay):
        if handoff.declined_at is None and handoff.confirmed_at is None:
            handoff.declined_at = now
            handoff.version += 1
            detail = {"kind": handoff.kind.value}
            _about(session, handoff, Act.HANDOFF_DECLINE, detail, by, now)


def take_back_refusal(session: Session, stay_id: int, *, by: Actor, now: datetime) -> None:
    """Take that answer back: the person is awaited again. A second time changes nothing.

    Raises as `refuse_transfer`.
    """
    stay = announced(session, stay_id, by=by, now=now)
    answer = standing_answer(session, stay.id)
    if answer is None:
        return
    answer.ended_at = now
    _tell(session, stay, Act.STAY_TRANSFER_UNDECLINE, {}, by, now)
    for handoff in _told(session, stay):
        if handoff.declined_at is not None:
            handoff.declined_at = None
            handoff.version += 1
            detail = {"kind": handoff.kind.value, "what": "decline"}
            _about(session, handoff, Act.HANDOFF_UNDO, detail, by, now)


def refused_transfers(session: Session, actor: Actor) -> tuple[RefusedTransfer, ...]:
    """List whom a next hospital does not take in as announced, oldest first.

    For the earlier hospital, which puts it right, and for whoever plans the care: the person may
    be at home.
    """
    if not (actor.is_hospital or actor.plans_care):
        return ()
    mine = visible_stays(actor).with_only_columns(col(Stay.id))
    rows = session.exec(
        select(TransferAnswer, Stay, Patient, Organization)
        .join(Stay, col(Stay.id) == col(TransferAnswer.stay_id))
        .join(Patient, col(Patient.id) == col(Stay.patient_id))
        .join(Organization, col(Organization.id) == col(TransferAnswer.organization_id))
        .where(col(TransferAnswer.ended_at).is_(None), col(Stay.id).in_(mine))
        .order_by(col(TransferAnswer.id))
    )
    return tuple(
        RefusedTransfer(
            stay_id=stay.id,
            code=stay.code,
            name=patient.name,
            hospital=hospital.name,
            telephone=hospital.telephone,
            reason=answer.reason,
            at=answer.recorded_at,
        )
        for answer, stay, patient, hospital in rows
    )


def announced(session: Session, stay_id: int, *, by: Actor, now: datetime) -> Stay:
    """The stay of somebody who is awaited here, to be written. Raises as `refuse_transfer`."""
    require(by, Permission.STAY_ADMIT)
    query = awaited(by, now).where(Stay.id == stay_id).with_for_update(of=Stay)
    stay = session.exec(query).one_or_none()
    if stay is None:
        raise NotVisible
    return stay


def _told(session: Session, stay: Stay) -> list[Handoff]:
    """What told the next hospital of the transfer and still stands."""
    return [
        handoff
        for handoff in handoffs_of(session, stay.id)
        if handoff.receiver is Party.NEXT_HOSPITAL
        and handoff.withdrawn_at is None
        and handoff.waived_at is None
    ]


def _tell(
    session: Session, stay: Stay, act: Act, detail: Mapping[str, str], by: Actor, now: datetime
) -> None:
    record(session, by, act, now=now, stay_id=stay.id, detail=detail)


def _about(
    session: Session,
    handoff: Handoff,
    act: Act,
    detail: Mapping[str, str],
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        by,
        act,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail=detail,
    )
