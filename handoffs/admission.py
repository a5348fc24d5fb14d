"""Registering an admission: what the ward types, and the verb that takes it in.

Six things must be known; everything else may stay open. The first decision is
made at once from what the record knows, so that whoever has a care manager is
not left waiting for the assessment.
"""

import secrets
import unicodedata
from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from handoffs.access import Permission, require
from handoffs.assessment import Occasion, assess
from handoffs.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
    insured_category_of,
)
from handoffs.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.namesakes import earlier_record, open_stay_of
from handoffs.parties import Actor, Organization, OrganizationKind, ward_or_none
from handoffs.patients import Patient, Sex, fold, folded_names, is_called
from handoffs.planning import PlanEntry, set_plan_office
from handoffs.stay import PlannedCertainty, Stay, wrong_planned_day
from handoffs.tokyo import day_of
from rules import Library

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_OLDEST = 120
_UNWRITABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""Kinds of character that no name has: controls, signs that turn the line, private 外字."""


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
    _check(session, entry, by=by, now=now)
    # One admission of a hospital at a time: no constraint can know that two people are one.
    session.exec(
        select(Organization.id).where(Organization.id == by.organization_id).with_for_update()
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
    certify(session, stay, entry, patient=patient, by=by, now=now)
    set_plan_office(session, stay, entry.plan, level=entry.care_level, by=by, now=now)
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
    record(
        session,
        by,
        Act.STAY_ADMIT,
        now=now,
        stay_id=stay.id,
        detail={"admitted_on": stay.admitted_on, "planned": stay.planned_discharge_on}
        | ({"renamed": True} if renamed else {}),
    )
    assess(session, stay, {}, library=library, by=by, now=now, occasion=Occasion.ADMISSION)
    return stay


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


def _check(session: Session, entry: AdmissionEntry, *, by: Actor, now: datetime) -> None:
    wrong = _wrong_days(entry, day_of(now)) | _wrong_names(entry)
    if ward_or_none(session, by.organization_id, entry.ward_id) is None:
        wrong["ward_id"] = "病棟を一覧から選び直してください。"
    if entry.center_id is not None:
        center = session.get(Organization, entry.center_id)
        if center is None or center.kind is not OrganizationKind.COMMUNITY_SUPPORT_CENTER:
            wrong["center_id"] = "地域包括支援センターを一覧から選び直してください。"
    if wrong:
        raise BadEntry(wrong)


def _wrong_days(entry: AdmissionEntry, today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if entry.birth_on > today:
        wrong["birth_on"] = "生年月日が今日より後です。元号と年を確かめてください。"
    elif today.year - entry.birth_on.year > _OLDEST:
        wrong["birth_on"] = "120歳を超えています。元号と年を確かめてください。"
    elif entry.birth_on > entry.admitted_on:
        wrong["birth_on"] = "生年月日が入院日より後です。どちらかを直してください。"
    if entry.admitted_on > today:
        wrong["admitted_on"] = "入院日が今日より後です。入院した日に登録してください。"
    planned = wrong_planned_day(
        entry.planned_discharge_on, entry.planned_certainty, entry.admitted_on, today
    )
    return wrong | ({"planned_discharge_on": planned} if planned else {})


def _wrong_names(entry: AdmissionEntry) -> dict[str, str]:
    return {
        field: "文字として使えないものが含まれています。入力し直してください。"
        for field in ("name", "kana")
        if any(unicodedata.category(c) in _UNWRITABLE for c in getattr(entry, field))
        or not fold(getattr(entry, field))
    }


def _patient(
    session: Session, entry: AdmissionEntry, *, by: Actor, now: datetime
) -> tuple[Patient, bool]:
    """Take the hospital's record of the person, or begin one; say whether the name changed.

    An existing record is kept; what was typed now is newer and replaces the names.
    """
    patient = earlier_record(
        session,
        by.organization_id,
        hospital_number=entry.hospital_number,
        kana=entry.kana,
        birth_on=entry.birth_on,
        name=entry.name,
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
    elif patient.birth_on != entry.birth_on:
        raise BadEntry(
            {
                "hospital_number": "この患者番号は、生年月日の違う方で登録されています。"
                "番号を確かめてください。"
            }
        )
    else:
        _refuse_second_stay(session, patient)
    renamed = not is_called(patient, entry.name)
    patient.hospital_number = patient.hospital_number or entry.hospital_number
    patient.name, patient.kana = entry.name, entry.kana
    patient.folded = folded_names(entry.name, entry.kana)
    patient.sex = entry.sex if entry.sex is not Sex.UNKNOWN else patient.sex
    patient.municipality = entry.municipality or patient.municipality
    patient.in_region = entry.in_region if entry.in_region is not None else patient.in_region
    session.flush()  # The stay names the patient's id.
    return patient, renamed


def _refuse_second_stay(session: Session, patient: Patient) -> None:
    if open_stay_of(session, patient) is not None:
        raise BadEntry(
            {
                "name": "同じカナと生年月日の方が、すでに入院中として登録されています。"
                "病棟の一覧で確かめてください。別の方のときは患者番号を入力してください。"
            }
        )


def new_code(session: Session) -> str:
    """Draw a case code that no stay has. Letters that look alike are left out."""
    while True:
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(6))
        if session.exec(select(Stay.id).where(Stay.code == code)).first() is None:
            return code
