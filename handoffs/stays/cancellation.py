"""A registration that should never have been: the wrong person, day surgery, entered twice.

The stay leaves every list, count and rate as if it had never been registered, and whoever saw it
is told in neutral words. Its history remains, the person can be registered again, and a
cancellation that was itself a mistake can be undone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, require
from handoffs.database import writes
from handoffs.decision.assessment import reassess
from handoffs.errors import NotPermitted, NotVisible, Overtaken
from handoffs.handoff import handoffs_of, withdraw
from handoffs.history import Act, Event, record
from handoffs.notice import Notice, NoticeKind, take_back, tell
from handoffs.overdue_flag import close_flags
from handoffs.parties import Actor, Staff, Ward
from handoffs.plan_office import plan_office_of
from handoffs.stays.patients import Patient
from handoffs.stays.restoring import latest_event, restore
from handoffs.stays.stay import Stay, is_registered, overlapping
from handoffs.wall import Crossing, crossing
from rules import Library
from rules.kinds import Labelled


class CancelReason(Labelled):
    """Why a registration should never have been."""

    WRONG_PERSON = "wrong_person", "別の方を登録した"
    NO_STAY = "no_stay", "日帰り・外来での経過観察など、入院ではなかった"
    NEVER_CAME = "never_came", "入院が取りやめになった"
    TWICE = "twice", "二重に登録した"
    OTHER = "other", "そのほか"


@dataclass(frozen=True)
class Cancelled:
    """One cancelled registration, as the hospital's own list names it."""

    stay_id: int
    code: str
    name: str
    kana: str
    ward: str
    admitted_on: date
    cancelled_at: datetime
    reason: CancelReason
    by: str
    version: int


def cancel(
    session: Session,
    stay: Stay,
    reason: CancelReason,
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> None:
    """Cancel a registration. Raises NotPermitted, or Overtaken if the stay changed."""
    require(by, Permission.STAY_ADMIT)
    if stay.version != version:
        raise Overtaken
    goes_on = select(Stay.id).where(is_registered(), Stay.continues_id == stay.id)
    with crossing(session, Crossing.TRANSFER):
        taken_over = session.exec(goes_on).first() is not None
    if taken_over:
        raise NotPermitted(
            "転院先の病院が受け入れを登録しているため、取り消せません。先に転院先に連絡してください。"
        )
    saw = _who_saw(session, stay, by)
    stay.cancelled_at = now
    stay.version += 1
    detail = {"cancel_reason": reason.value}
    record(session, by, Act.STAY_CANCEL, now=now, stay_id=stay.id, detail=detail)
    for handoff in handoffs_of(session, stay.id):
        if handoff.withdrawn_at is None and handoff.confirmed_at is None:
            close_flags(session, stay.id, handoff.id, by=by, now=now)
            withdraw(session, handoff, by=by, now=now)
    take_back(session, stay.id, NoticeKind.REINSTATED, now=now)
    for organization_id, staff_id in saw:
        tell(session, stay, NoticeKind.CANCELLED, organization_id, staff_id=staff_id, now=now)


def reinstate(
    session: Session, stay: Stay, *, version: int, library: Library, by: Actor, now: datetime
) -> None:
    """Undo a cancellation: the stay is on every list again, and its handoffs as they were.

    Raises NotPermitted where the person was registered again meanwhile, or Overtaken.
    """
    require(by, Permission.STAY_ADMIT)
    if stay.version != version:
        raise Overtaken
    if overlapping(session, stay.patient_id, stay.admitted_on, stay.discharged_on):
        raise NotPermitted(
            "同じ方の入院が、この期間にもう登録されています。一覧で確かめてください。"
        )
    cancelled = latest_event(session, stay.id, Act.STAY_CANCEL)
    stay.cancelled_at = None
    stay.version += 1
    record(session, by, Act.STAY_REINSTATE, now=now, stay_id=stay.id)
    if cancelled is not None:
        restore(session, stay, cancelled, by=by, now=now)
    told = session.exec(
        select(Notice.organization_id, Notice.staff_id).where(
            Notice.stay_id == stay.id,
            Notice.kind == NoticeKind.CANCELLED,
            col(Notice.withdrawn_at).is_(None),
        )
    ).all()
    take_back(session, stay.id, NoticeKind.CANCELLED, now=now)
    for organization_id, staff_id in dict.fromkeys(told):
        tell(session, stay, NoticeKind.REINSTATED, organization_id, staff_id=staff_id, now=now)
    reassess(session, stay, library=library, by=by, now=now)


def cancelled_of(session: Session, actor: Actor) -> tuple[Cancelled, ...]:
    """The registrations that the actor's own hospital cancelled, the latest first."""
    require(actor, Permission.STAY_ADMIT)
    rows = session.exec(
        select(Stay, Patient, Ward, Event)
        .join(Patient, col(Patient.id) == col(Stay.patient_id))
        .join(Ward, col(Ward.id) == col(Stay.ward_id))
        .join(Event, col(Event.stay_id) == col(Stay.id))
        .where(
            Stay.hospital_id == actor.organization_id,
            ~is_registered(),
            col(Stay.erased_at).is_(None),
            Event.act == Act.STAY_CANCEL,
            Event.at == Stay.cancelled_at,
        )
        .order_by(col(Stay.cancelled_at).desc(), col(Stay.id))
    )
    by = {
        staff.id: staff.name
        for staff in session.exec(
            select(Staff).where(Staff.organization_id == actor.organization_id)
        )
    }
    return tuple(
        Cancelled(
            stay_id=stay.id,
            code=stay.code,
            name=patient.name,
            kana=patient.kana,
            ward=ward.name,
            admitted_on=stay.admitted_on,
            cancelled_at=event.at,
            reason=CancelReason(str(event.detail["cancel_reason"])),
            by=by.get(event.staff_id or 0, ""),
            version=stay.version,
        )
        for stay, patient, ward, event in rows
    )


def find_cancelled(session: Session, actor: Actor, stay_id: int) -> Stay:
    """Find a registration that the actor's own hospital cancelled, locked if the session writes.

    Raises NotVisible.
    """
    query = select(Stay).where(
        ~is_registered(),
        Stay.id == stay_id,
        Stay.hospital_id == actor.organization_id,
        col(Stay.erased_at).is_(None),
    )
    if writes(session):
        query = query.with_for_update(of=Stay)
    stay = session.exec(query).one_or_none()
    if stay is None:
        raise NotVisible
    return stay


def _who_saw(session: Session, stay: Stay, by: Actor) -> list[tuple[int, int | None]]:
    """Everybody who has to hear of it: of the hospital who saw it, of each office once.

    An office's line goes to whoever is in charge of the client, else to the whole office.
    """
    seen = session.exec(
        select(Event.organization_id, Event.staff_id)
        .where(Event.stay_id == stay.id, col(Event.staff_id).is_not(None))
        .distinct()
        .order_by(col(Event.organization_id), col(Event.staff_id))
    ).all()
    plan = plan_office_of(session, stay.id)
    planner_id = plan.organization_id if plan and not stay.wants_no_contact else None
    told: dict[tuple[int, int | None], None] = {}
    for organization_id, staff_id in seen:
        if organization_id == stay.hospital_id and staff_id != by.staff_id:
            told[organization_id, staff_id] = None
        elif organization_id not in {None, stay.hospital_id, planner_id}:
            told[organization_id or 0, None] = None
    if planner_id is not None and plan is not None:
        told[planner_id, plan.care_manager_id] = None
    return list(told)
