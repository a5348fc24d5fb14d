"""From hospital to hospital (転院): one episode, two stays, and the next hospital told.

The next hospital sees who is coming only because the earlier one named it at the discharge, and
with the person's consent; it takes the person over by its own act. What goes along is what its
ward would type: name, certification, plan office, contacts. It never sees the earlier stay.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.access import Permission, require
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import handoffs_of
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, OrganizationKind
from handoffs.plan_office import PlanStatus, plan_office_of
from handoffs.planning import PlanEntry
from handoffs.sheets.reservation import is_reserved
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    InsuredCategory,
    certification_of,
)
from handoffs.stays.consent import ConsentAnswer, ConsentGround, consent_of
from handoffs.stays.contacts import ContactPerson, contacts_of
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.stays.transfer_answer import TransferReason, standing_answer
from handoffs.tokyo import day_of
from handoffs.wall import Crossing, crossing
from rules import Library, Party

LOOK_BACK = timedelta(days=31)
"""How long after the transfer somebody is still announced."""


@dataclass(frozen=True)
class Coming:
    """Somebody whom another hospital transferred here and nobody here has registered yet.

    is_named: whether the person agreed that their details are passed on; without that the
    name stands empty and the earlier hospital has to be asked by telephone.
    """

    stay_id: int
    code: str
    is_named: bool
    name: str
    kana: str
    birth_on: date | None
    hospital: str
    telephone: str
    left_on: date
    answer: TransferReason | None = None
    """What this hospital answered where it does not take the person in; it can be taken back."""


@dataclass(frozen=True)
class EpisodePart:
    """One stay of an episode: in which hospital, from when to when."""

    hospital: str
    admitted_on: date
    discharged_on: date | None
    is_this: bool


def other_hospitals(session: Session, actor: Actor) -> list[Organization]:
    """Every other hospital that takes part, in kana order, which recommends none."""
    return list(
        session.exec(
            select(Organization)
            .where(
                Organization.kind == OrganizationKind.HOSPITAL,
                Organization.id != actor.organization_id,
            )
            .order_by(col(Organization.kana), col(Organization.id))
        )
    )


def coming_to(session: Session, actor: Actor, *, now: datetime) -> tuple[Coming, ...]:
    """List who was transferred to the actor's hospital and is not registered here yet.

    Whoever was answered not to be taken in stands there with the answer.
    """
    if not actor.is_hospital:
        return ()
    stays = session.exec(awaited(actor, now).order_by(col(Stay.discharged_on), col(Stay.id)))
    return tuple(_coming(session, stay) for stay in stays)


def take_over(
    session: Session,
    stay_id: int,
    *,
    ward_id: int,
    library: Library,
    by: Actor,
    now: datetime,
) -> Stay:
    """Take in somebody whom another hospital transferred here; the admission is that day.

    Raises NotVisible where nobody is announced, NotPermitted without consent, and whatever
    `admit` raises.
    """
    require(by, Permission.STAY_ADMIT)
    earlier = session.exec(
        awaited(by, now).where(Stay.id == stay_id).with_for_update(of=Stay)
    ).one_or_none()
    if earlier is None:
        raise NotVisible
    if standing_answer(session, earlier.id) is not None:
        raise NotPermitted("受け入れていないと返事をした方です。先に返事を取り消してください。")
    if not _agreed(session, earlier):
        raise NotPermitted(
            "情報を引き継ぐ同意が確かめられていません。転院元の病院に電話で確かめ、"
            "「入院を登録する」から登録してください。"
        )
    entry = _as_admission(session, earlier, ward_id)
    stay = admit(session, entry, library=library, by=by, now=now)
    stay.continues_id = earlier.id
    patient, was = _patient_of(session, stay), _patient_of(session, earlier)
    patient.whereabouts_hidden = patient.whereabouts_hidden or was.whereabouts_hidden
    session.add_all(
        ContactPerson(
            **contact.model_dump(include={"role", "name", "relation", "telephone"}),
            stay_id=stay.id,
            recorded_at=now,
        )
        for contact in contacts_of(session, earlier.id)
    )
    record(session, by, Act.STAY_TAKE_OVER, now=now, stay_id=stay.id)
    record(session, by, Act.STAY_TAKE_OVER, now=now, stay_id=earlier.id)
    _confirm_notice(session, earlier, by=by, now=now)
    return stay


def episode_of(session: Session, stay: Stay) -> tuple[EpisodePart, ...]:
    """The stays of one episode in their order; empty for a stay that is the whole of it."""
    with crossing(session, Crossing.TRANSFER):
        first = stay
        while first.continues_id is not None:
            first = session.get_one(Stay, first.continues_id)
        chain = [first]
        while (after := _continued_by(session, chain[-1])) is not None:
            chain.append(after)
    if len(chain) == 1:
        return ()
    return tuple(
        EpisodePart(
            hospital=session.get_one(Organization, one.hospital_id).name,
            admitted_on=one.admitted_on,
            discharged_on=one.discharged_on,
            is_this=one.id == stay.id,
        )
        for one in chain
    )


def _continued_by(session: Session, stay: Stay) -> Stay | None:
    query = select(Stay).where(is_registered(), Stay.continues_id == stay.id)
    return session.exec(query).one_or_none()


def awaited(actor: Actor, now: datetime) -> SelectOfScalar[Stay]:
    """Start a query over the stays that ended with a transfer to the actor's hospital.

    Whoever was registered there is no longer awaited.
    """
    after = aliased(Stay)
    registered_here = select(after.id).where(
        col(after.cancelled_at).is_(None), after.continues_id == Stay.id
    )
    return select(Stay).where(
        is_registered(),
        col(Stay.erased_at).is_(None),
        Stay.next_hospital_id == actor.organization_id,
        Stay.destination == Destination.OTHER_HOSPITAL,
        col(Stay.discharged_on) >= day_of(now) - LOOK_BACK,
        ~registered_here.exists(),
    )


def _agreed(session: Session, stay: Stay) -> bool:
    consent = consent_of(session, stay.id)
    given = consent is not None and consent.answer is ConsentAnswer.GIVEN
    unwanted = is_reserved(session, stay.id, OrganizationKind.HOSPITAL)
    return given and not stay.wants_no_contact and not unwanted


def _patient_of(session: Session, stay: Stay) -> Patient:
    return session.get_one(Patient, stay.patient_id)


def _coming(session: Session, stay: Stay) -> Coming:
    patient, named = _patient_of(session, stay), _agreed(session, stay)
    hospital = session.get_one(Organization, stay.hospital_id)
    answer = standing_answer(session, stay.id)
    return Coming(
        stay_id=stay.id,
        code=stay.code,
        is_named=named,
        name=patient.name if named else "",
        kana=patient.kana if named else "",
        birth_on=patient.birth_on if named else None,
        hospital=hospital.name,
        telephone=hospital.telephone,
        left_on=stay.discharged_on or stay.admitted_on,
        answer=answer.reason if answer else None,
    )


def _as_admission(session: Session, stay: Stay, ward_id: int) -> AdmissionEntry:
    """What the next ward would type. Whereabouts that are hidden (所在秘匿) do not go along."""
    patient, seen = _patient_of(session, stay), certification_of(session, stay.id)
    plan, consent = plan_office_of(session, stay.id), consent_of(session, stay.id)
    open_home = not patient.whereabouts_hidden
    return AdmissionEntry(
        name=patient.name,
        kana=patient.kana,
        birth_on=patient.birth_on,
        sex=patient.sex,
        municipality=patient.municipality if open_home else "",
        in_region=patient.in_region if open_home else None,
        center_id=stay.center_id if open_home else None,
        admitted_on=stay.discharged_on or stay.admitted_on,
        admitted_time=stay.discharged_time,
        ward_id=ward_id,
        care_level=seen.level if seen else CareNeedLevel.UNKNOWN,
        application=seen.application if seen else Application.UNKNOWN,
        insured_category=seen.insured_category if seen else InsuredCategory.UNKNOWN,
        valid_until=seen.valid_until if seen else None,
        insured_number=seen.insured_number if seen else None,
        plan=PlanEntry(
            status=plan.status if plan else PlanStatus.UNKNOWN,
            organization_id=plan.organization_id if plan else None,
            care_manager_name=plan.care_manager_name if plan else "",
            via_center_id=plan.via_center_id if plan else None,
            arrangement=plan.arrangement if plan else None,
        ),
        consent=consent.answer if consent else None,
        consent_ground=consent.ground if consent else ConsentGround.POSTED,
    )


def _confirm_notice(session: Session, stay: Stay, *, by: Actor, now: datetime) -> None:
    """Whoever takes the person over has read that they come."""
    for handoff in handoffs_of(session, stay.id):
        open_still = handoff.withdrawn_at is None and handoff.waived_at is None
        if handoff.receiver is not Party.NEXT_HOSPITAL or not open_still or handoff.confirmed_at:
            continue
        handoff.sent_at = handoff.sent_at or now
        handoff.confirmed_at, handoff.confirmed_by = now, by.staff_id
        handoff.version += 1
        record(
            session,
            by,
            Act.HANDOFF_CONFIRM,
            now=now,
            stay_id=stay.id,
            handoff_id=handoff.id,
            detail={"kind": handoff.kind.value, "on": day_of(now)},
        )
