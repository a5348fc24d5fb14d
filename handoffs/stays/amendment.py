"""Putting right what a stay was registered with: what was open, wrong, or changed since.

Certification, consent, the wish for no contact, where the person lives and whether that is
hidden (所在秘匿), the ward and the hospital's contact. Certifications and consents are added,
never rewritten; each kind of change is one event, and the decision is asked for once, after
all of them.

Allowed after the discharge too, because much is written down later; only the ward stays.
Refuses to touch dates of the stay, the person's name and who plans the care: those have verbs
and pages of their own.
"""

import re
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.decision.assessment import reassess
from handoffs.errors import BadEntry, Overtaken
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor, Organization, OrganizationKind, Staff, ward_or_none
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
    certification_of,
    insured_category_of,
)
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround, consent_of
from handoffs.stays.moved_on import tell_of_move
from handoffs.stays.patients import Patient
from handoffs.stays.residence import ResidenceEntry, hide, residence_of, settle_in
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Library

_VALID_AHEAD = timedelta(days=10 * 365)
"""How far ahead a certification can end; a day beyond is a slip of the year."""
_INSURED_NUMBER = re.compile(r"[0-9A-Z]{10}")


class AmendmentEntry(BaseModel):
    """The particulars of a stay as they shall be, typed and checked.

    None leaves consent, wish, residence, its hiding, ward or contact as it is. `consent_on` is
    the day of the answer, None for today. Whoever moves the person to another ward becomes the
    hospital's contact unless `contact_staff_id` names somebody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    care_level: CareNeedLevel
    application: Application
    insured_category: InsuredCategory
    valid_until: date | None = None
    insured_number: str | None = Field(default=None, max_length=10)
    consent: ConsentAnswer | None = None
    consent_ground: ConsentGround = ConsentGround.POSTED
    consent_on: date | None = None
    wants_no_contact: bool | None = None
    residence: ResidenceEntry | None = None
    whereabouts_hidden: bool | None = Field(default=None, strict=True)
    ward_id: int | None = None
    contact_staff_id: int | None = None
    version: int


def particulars_of(session: Session, stay: Stay) -> AmendmentEntry:
    """The particulars of a stay as they are; amending with them changes nothing."""
    seen = _certification(session, stay)
    consent = consent_of(session, stay.id)
    patient = session.get_one(Patient, stay.patient_id)
    return AmendmentEntry(
        care_level=seen.level,
        application=seen.application,
        insured_category=seen.insured_category,
        valid_until=seen.valid_until,
        insured_number=seen.insured_number,
        consent=consent.answer if consent else None,
        consent_ground=consent.ground if consent else ConsentGround.POSTED,
        wants_no_contact=stay.wants_no_contact,
        residence=residence_of(session, stay),
        whereabouts_hidden=patient.whereabouts_hidden,
        ward_id=stay.ward_id,
        contact_staff_id=stay.contact_staff_id,
        version=stay.version,
    )


def amend(
    session: Session,
    stay: Stay,
    entry: AmendmentEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> tuple[Act, ...]:
    """Put the particulars of a stay right and decide again; say which kinds changed.

    Nothing happens where nothing differs. Raises NotPermitted, Overtaken if the stay changed
    since it was shown, or BadEntry with a message for each field that cannot be taken.
    """
    require(by, Permission.STAY_EDIT)
    if stay.version != entry.version:
        raise Overtaken
    _check(session, stay, entry, now=now)
    changes = {
        Act.STAY_CERTIFY: _certify(session, stay, entry, by=by, now=now),
        Act.STAY_CONSENT: _consent(session, stay, entry, by=by, now=now),
        Act.STAY_NO_CONTACT: _no_contact(stay, entry),
        Act.STAY_HIDDEN: hide(session, stay, hidden=entry.whereabouts_hidden),
        Act.STAY_RESIDENCE: settle_in(session, stay, entry.residence),
        Act.STAY_WARD: _ward(stay, entry),
    }
    changes[Act.STAY_CONTACT] = _contact(stay, entry, moved=bool(changes[Act.STAY_WARD]), by=by)
    made = {act: detail for act, detail in changes.items() if detail is not None}
    for act, detail in made.items():
        record(session, by, act, now=now, stay_id=stay.id, detail=detail)
    if Act.STAY_WARD in made:
        tell_of_move(session, stay, by=by, now=now)
    if made:
        stay.version += 1
        reassess(session, stay, library=library, by=by, now=now)
    return tuple(made)


def looks_wrong(session: Session, stay: Stay, entry: AmendmentEntry) -> bool:
    """Whether validity or insured category contradict admission or age. A reason to warn only."""
    born = session.get_one(Patient, stay.patient_id).birth_on
    ended = (
        entry.valid_until is not None
        and entry.valid_until < stay.admitted_on
        and entry.application is not Application.RENEWAL
    )
    by_age = insured_category_of(born, stay.admitted_on)
    categories = {entry.insured_category, by_age} - {InsuredCategory.UNKNOWN}
    return ended or len(categories) > 1


def _certification(session: Session, stay: Stay) -> Certification:
    """The latest certification, or one of which nothing is known."""
    return certification_of(session, stay.id) or Certification(
        stay_id=stay.id,
        level=CareNeedLevel.UNKNOWN,
        application=Application.UNKNOWN,
        insured_category=InsuredCategory.UNKNOWN,
        recorded_at=stay.registered_at,
    )


def _certify(
    session: Session, stay: Stay, entry: AmendmentEntry, *, by: Actor, now: datetime
) -> Detail | None:
    was = _certification(session, stay)
    number = entry.insured_number or None
    same_level = entry.care_level is was.level
    seen = (entry.application, entry.insured_category, entry.valid_until, number)
    known = (was.application, was.insured_category, was.valid_until, was.insured_number)
    if same_level and seen == known:
        return None
    session.add(
        Certification(
            stay_id=stay.id,
            level=entry.care_level,
            application=entry.application,
            insured_category=entry.insured_category,
            # Another level is another certification: when it began is not known.
            valid_from=was.valid_from if same_level else None,
            valid_until=entry.valid_until,
            insurer_number=was.insurer_number,
            insured_number=number,
            recorded_at=now,
            recorded_by=by.staff_id,
        )
    )
    return {
        "level": entry.care_level.value,
        "application": entry.application.value,
        "insured_category": entry.insured_category.value,
    }


def _consent(
    session: Session, stay: Stay, entry: AmendmentEntry, *, by: Actor, now: datetime
) -> Detail | None:
    # A wish that stands covers every answer, so that none is heard beside it.
    if entry.consent is None or (stay.wants_no_contact and entry.wants_no_contact is not False):
        return None
    was = consent_of(session, stay.id)
    if was is not None and entry.consent_on in {None, was.answered_on}:
        same_ground = was.ground is entry.consent_ground or was.answer is ConsentAnswer.WITHHELD
        if was.answer is entry.consent and same_ground:
            return None
    answered_on = entry.consent_on or day_of(now)
    session.add(
        Consent(
            stay_id=stay.id,
            answer=entry.consent,
            ground=entry.consent_ground,
            answered_on=answered_on,
            recorded_at=now,
            recorded_by=by.staff_id,
        )
    )
    return {
        "answer": entry.consent.value,
        "ground": entry.consent_ground.value,
        "on": answered_on,
    }


def _no_contact(stay: Stay, entry: AmendmentEntry) -> Detail | None:
    if entry.wants_no_contact in {None, stay.wants_no_contact}:
        return None
    stay.wants_no_contact = not stay.wants_no_contact
    return {"wished": stay.wants_no_contact}


def _ward(stay: Stay, entry: AmendmentEntry) -> Detail | None:
    if entry.ward_id in {None, stay.ward_id}:
        return None
    left, stay.ward_id = stay.ward_id, entry.ward_id or stay.ward_id
    return {"ward": stay.ward_id, "left_ward": left}


def _contact(stay: Stay, entry: AmendmentEntry, *, moved: bool, by: Actor) -> Detail | None:
    contact = entry.contact_staff_id or (by.staff_id if moved else stay.contact_staff_id)
    if contact == stay.contact_staff_id:
        return None
    left, stay.contact_staff_id = stay.contact_staff_id, contact
    return {"contact": contact, "left_contact": left}


def _check(session: Session, stay: Stay, entry: AmendmentEntry, *, now: datetime) -> None:
    wrong = _wrong_certification(session, stay, entry, day_of(now))
    if entry.consent_on is not None and entry.consent_on > day_of(now):
        wrong["consent_on"] = "今日より後の日付です。同意を確かめた日を入力してください。"
    center_id = entry.residence.center_id if entry.residence else None
    if center_id not in {None, stay.center_id}:
        center = session.get(Organization, center_id)
        if (
            center is None
            or center.kind is not OrganizationKind.COMMUNITY_SUPPORT_CENTER
            or center.region != stay.region
        ):
            wrong["center_id"] = "地域包括支援センターを一覧から選び直してください。"
    if entry.ward_id not in {None, stay.ward_id}:
        if not stay.is_open:
            wrong["ward_id"] = "退院した方の病棟は変えられません。"
        elif ward_or_none(session, stay.hospital_id, entry.ward_id or 0) is None:
            wrong["ward_id"] = "病棟を一覧から選び直してください。"
    if entry.contact_staff_id not in {None, stay.contact_staff_id}:
        staff = session.get(Staff, entry.contact_staff_id)
        if staff is None or not staff.active or staff.organization_id != stay.hospital_id:
            wrong["contact_staff_id"] = "病院の窓口を一覧から選び直してください。"
    if wrong:
        raise BadEntry(wrong)


def _wrong_certification(
    session: Session, stay: Stay, entry: AmendmentEntry, today: date
) -> dict[str, str]:
    was, wrong = _certification(session, stay), dict[str, str]()
    until, number = entry.valid_until, entry.insured_number
    if until is not None and until != was.valid_until:
        if until > today + _VALID_AHEAD:
            wrong["valid_until"] = "有効期限が10年以上先です。年を確かめてください。"
        elif entry.care_level is was.level and was.valid_from and until < was.valid_from:
            wrong["valid_until"] = "有効期限が、登録済みの有効期間の始まりより前です。"
    if until is not None and entry.care_level is CareNeedLevel.NONE:
        wrong["valid_until"] = "「認定なし」のときは、有効期限を空欄にしてください。"
    if number and number != was.insured_number and not _INSURED_NUMBER.fullmatch(number):
        wrong["insured_number"] = "被保険者番号は10桁です。被保険者証を確かめてください。"
    return wrong
