"""Registering an admission: what the ward types, and the verb that takes it in.

Six things must be known; everything else may stay open. The first decision is
made at once from what the record knows, so that whoever has a care manager is
not left waiting for the assessment.
"""

import secrets
from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from handoffs.access import Permission, require
from handoffs.database import plain
from handoffs.decision.assessment import assess_admission
from handoffs.decision.circumstances import Circumstances
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.names import wrong_name
from handoffs.parties import Actor, Organization, OrganizationKind, Ward, ward_or_none
from handoffs.planning import PlanEntry, set_plan_office
from handoffs.stays.admission_check import recognized, wrong_days
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
    insured_category_of,
)
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.discharge_news import Told
from handoffs.stays.patients import Patient, Sex, folded_names, is_called
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from handoffs.wall import Crossing, crossing
from rules import Library

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class AdmissionEntry(BaseModel):
    """An admission as it was typed and checked. The first six are mandatory.

    `same_person` says that a record of another name, with this kana and birth date, is the
    person's own and that the name changed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60)
    kana: str = Field(min_length=1, max_length=60)
    birth_on: date
    admitted_on: date
    admitted_time: time | None = None
    ward_id: int
    care_level: CareNeedLevel
    application: Application = Application.UNKNOWN
    insured_category: InsuredCategory | None = None
    valid_until: date | None = None
    insured_number: str | None = Field(default=None, max_length=10)
    plan: PlanEntry = PlanEntry()
    center_id: int | None = None
    planned_discharge_on: date | None = None
    planned_certainty: PlannedCertainty = PlannedCertainty.UNDECIDED
    hospital_number: str | None = Field(default=None, max_length=20)
    same_person: bool = Field(default=False, strict=True)
    sex: Sex = Sex.UNKNOWN
    municipality: str = Field(default="", max_length=40)
    in_region: bool | None = None
    consent: ConsentAnswer | None = None
    consent_ground: ConsentGround = ConsentGround.POSTED
    wants_no_contact: bool = False


def admit(
    session: Session,
    entry: AdmissionEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> Stay:
    """Take in an admission, decide about it and open its handoffs.

    Raises NotPermitted, or BadEntry with a message for each field that cannot be
    taken; NoEdition where no agreement was in force on the day.
    """
    require(by, Permission.STAY_ADMIT)
    ward = _check(session, entry, by=by, now=now)
    # One admission of a hospital at a time: no constraint can know that two people are one.
    hospital = session.exec(
        select(Organization).where(Organization.id == by.organization_id).with_for_update()
    ).one()
    patient, renamed = _patient(session, entry, by=by, now=now)
    stay = Stay(
        code=new_code(session),
        patient_id=patient.id,
        hospital_id=by.organization_id,
        region=by.region,
        ward_id=entry.ward_id,
        admitted_on=entry.admitted_on,
        admitted_time=entry.admitted_time,
        planned_discharge_on=entry.planned_discharge_on,
        planned_certainty=entry.planned_certainty,
        wants_no_contact=entry.wants_no_contact,
        center_id=entry.center_id,
        contact_staff_id=by.staff_id,
        registered_at=now,
    )
    session.add(stay)
    session.flush()  # What follows names the stay's id.
    with session.no_autoflush:  # What is asked from here on is not about this stay.
        known = _enter(
            session, stay, entry, patient=patient, place=(hospital, ward), by=by, now=now
        )
        record(
            session,
            by,
            Act.STAY_ADMIT,
            now=now,
            stay_id=stay.id,
            detail={"admitted_on": stay.admitted_on, "planned": stay.planned_discharge_on}
            | ({"renamed": True} if renamed else {}),
        )
        assess_admission(session, stay, known, library=library, by=by, now=now)
    return stay


def _enter(
    session: Session,
    stay: Stay,
    entry: AdmissionEntry,
    *,
    patient: Patient,
    place: tuple[Organization, Ward],
    by: Actor,
    now: datetime,
) -> Circumstances:
    """Add what was said beside the stay; it is all that the record knows of the stay by now."""
    hospital, ward = place
    certification = certify(session, stay, entry, patient=patient, by=by, now=now)
    plan = set_plan_office(
        session, stay, entry.plan, level=entry.care_level, by=by, now=now, is_first=True
    )
    if entry.consent is not None:
        session.add(
            Consent(
                stay_id=stay.id,
                answer=entry.consent,
                ground=entry.consent_ground,
                answered_on=entry.admitted_on,
                recorded_at=now,
                recorded_by=by.staff_id,
            )
        )
    return Circumstances(
        hospital=hospital,
        wards=(ward,),
        in_region=patient.in_region,
        certification=certification,
        consent=entry.consent,
        plan=plan,
        office=session.get(Organization, plan.organization_id) if plan.organization_id else None,
        told=(Told(Act.STAY_ADMIT, now, {"planned": plain(stay.planned_discharge_on)}),),
        municipality=patient.municipality,
        whereabouts_hidden=patient.whereabouts_hidden,
    )


def certify(
    session: Session,
    stay: Stay,
    entry: AdmissionEntry,
    *,
    patient: Patient,
    by: Actor,
    now: datetime,
) -> Certification:
    """Write down the certification that was seen at admission."""
    by_age = insured_category_of(patient.birth_on, stay.admitted_on)
    row = Certification(
        stay_id=stay.id,
        level=entry.care_level,
        application=entry.application,
        insured_category=entry.insured_category or by_age,
        valid_until=entry.valid_until,
        insured_number=entry.insured_number,
        recorded_at=now,
        recorded_by=by.staff_id,
    )
    session.add(row)
    return row


def _check(session: Session, entry: AdmissionEntry, *, by: Actor, now: datetime) -> Ward:
    """Find the ward; raises BadEntry for what cannot be taken."""
    wrong = wrong_days(
        birth_on=entry.birth_on,
        admitted_on=entry.admitted_on,
        planned=entry.planned_discharge_on,
        certainty=entry.planned_certainty,
        today=day_of(now),
    )
    for field, text in (("name", entry.name), ("kana", entry.kana)):
        told = wrong_name(text)
        if told:
            wrong[field] = told
    ward = ward_or_none(session, by.organization_id, entry.ward_id)
    if ward is None:
        wrong["ward_id"] = "病棟を一覧から選び直してください。"
    if entry.center_id is not None:
        center = session.get(Organization, entry.center_id)
        if center is None or center.kind is not OrganizationKind.COMMUNITY_SUPPORT_CENTER:
            wrong["center_id"] = "地域包括支援センターを一覧から選び直してください。"
    if wrong or ward is None:
        raise BadEntry(wrong)
    return ward


def _patient(
    session: Session, entry: AdmissionEntry, *, by: Actor, now: datetime
) -> tuple[Patient, bool]:
    """Take the hospital's record of the person, or begin one; say whether the name changed.

    An existing record is kept; what was typed now is newer and replaces the names.
    """
    patient = recognized(
        session,
        by.organization_id,
        hospital_number=entry.hospital_number,
        name=entry.name,
        kana=entry.kana,
        birth_on=entry.birth_on,
        admitted_on=entry.admitted_on,
        same_person=entry.same_person,
    )
    if patient is None:
        patient = Patient(
            hospital_id=by.organization_id,
            hospital_number=entry.hospital_number,
            name=entry.name,
            kana=entry.kana,
            folded=folded_names(entry.name, entry.kana),
            birth_on=entry.birth_on,
            created_at=now,
        )
        session.add(patient)
    renamed = not is_called(patient, entry.name)
    patient.hospital_number = patient.hospital_number or entry.hospital_number
    patient.name, patient.kana = entry.name, entry.kana
    patient.folded = folded_names(entry.name, entry.kana)
    patient.sex = entry.sex if entry.sex is not Sex.UNKNOWN else patient.sex
    patient.municipality = entry.municipality or patient.municipality
    patient.in_region = entry.in_region if entry.in_region is not None else patient.in_region
    session.flush()  # The stay names the patient's id.
    return patient, renamed


def new_code(session: Session) -> str:
    """Draw a case code that no stay has. Letters that look alike are left out."""
    while True:
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(6))
        with crossing(session, Crossing.CODE):
            taken = session.exec(select(Stay.id).where(Stay.code == code)).first()
        if taken is None:
            return code
