"""What the record knows of a stay, under the words by which sheets ask for it.

Where the whereabouts are hidden (所在秘匿) nobody gets them here, the hospital neither: a sheet
is made to leave the house.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from handoffs.parties import Actor, Organization
from handoffs.plan_office import PlanArrangement, PlanStatus
from handoffs.sheets.flat import row_key
from handoffs.sheets.prefill import Known
from handoffs.shown.overview import Overview
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.contacts import ContactRole
from handoffs.stays.stay import Destination, PlannedCertainty

_ADMISSION, _CERTIFIED, _CONTACTS = "入院の登録", "介護認定の記録", "連絡先の記録"
_PLAN, _TICKED, _CONSENT = "計画作成担当の記録", "判定項目", "同意の記録"
_TODAY, _YOU, _PLANNED = "今日の日付", "あなたの名前", "退院予定日の記録"
_HOUSE = "登録されている連絡先"

_DESTINATIONS: Mapping[Destination, str] = {
    Destination.HOME: "home",
    Destination.SPECIFIED_FACILITY: "assisted",
    Destination.GROUP_HOME: "group_home",
    Destination.NURSING_HOME: "care_home",
    Destination.HEALTH_FACILITY: "recovery",
    Destination.MEDICAL_FACILITY: "medical_care",
    Destination.DISABILITY_FACILITY: "disability",
    Destination.OTHER_HOSPITAL: "hospital",
    Destination.UNKNOWN: "unknown",
}
_APPLIED = {
    Application.NEW: "applying",
    Application.RENEWAL: "applying",
    Application.CHANGE: "changing",
}
_PLAN_MAKERS = {
    PlanArrangement.OFFICE: "care_support_office",
    PlanArrangement.DESIGNATED: "care_support_office",
    PlanArrangement.DELEGATED: "care_support_office",
    PlanArrangement.SMALL_MULTIFUNCTIONAL: "small_multifunction",
    PlanArrangement.FACILITY: "facility",
}
_BODY = ("mobility", "eating", "transfer", "bathing")
_SURE = {PlannedCertainty.FIXED: "decided", PlannedCertainty.ABOUT: "expected"}


def known_of(
    stay: Overview, by: Actor, today: date, hospital: Organization | None = None
) -> dict[str, Known]:
    """Everything the record can fill in, by word. What is unknown is left out."""
    found: dict[str, Known] = {}
    for origin, values in (
        (_ADMISSION, _admission(stay)),
        (_HOUSE, {"hospital_telephone": stay.hospital_contact.telephone,
                  "hospital_fax": hospital.fax if hospital else "",
                  "contact_hours": stay.hospital_contact.reachable,
                  "ward_contact_hours": stay.hospital_contact.reachable,
                  "office_hours": stay.office_contact.reachable}),
        (_ADMISSION, _person(stay)),
        (_CERTIFIED, _certified(stay)),
        (_CONTACTS, _contacts(stay)),
        (_PLAN, _plan(stay, by)),
        (_PLANNED, _leaving(stay)),
        (_TICKED, _ticked(stay)),
        (_CONSENT, _consent(stay)),
        (_TODAY, dict.fromkeys(("today", "written_on", "provided_on"), today.isoformat())),
        (_YOU, {"writer": by.name, "writer_house": by.organization}),
    ):  # fmt: skip
        found.update({word: Known(text, origin) for word, text in values.items() if text})
    return found


def _admission(stay: Overview) -> dict[str, str]:
    return {
        "case_code": stay.person.code,
        "admitted_on": stay.admitted_on.isoformat(),
        "hospital": stay.hospital,
        "ward": stay.ward,
        "hospital_contact": stay.contact_staff,
        "origin": "hospital",
    }


def _person(stay: Overview) -> dict[str, str]:
    person = stay.person
    told = {
        "patient_name": person.name,
        "patient_kana": person.kana,
        "birth_on": person.birth_on.isoformat(),
        "age": str(person.age),
        "sex": _said(stay.sex),
    }
    if stay.whereabouts_hidden:
        return told
    home = {"address": stay.address or stay.municipality, "telephone": stay.telephone}
    return {**told, **home, "town": stay.municipality}


def _certified(stay: Overview) -> dict[str, str]:
    certified, level = stay.certification, stay.certification.level
    group, _, step = level.value.partition("_")
    told = {
        "care_level": _said(level),
        "valid_from": certified.valid_from.isoformat() if certified.valid_from else "",
        "valid_until": certified.valid_until.isoformat() if certified.valid_until else "",
        "application": _said(certified.application),
        "application_state": _APPLIED.get(certified.application, ""),
        "insured_number": certified.insured_number,
    }
    if step:
        return {**told, "care_group": group, f"care_group/{group}": step}
    return {**told, "care_group": "none" if level is CareNeedLevel.NONE else ""}


def _contacts(stay: Overview) -> dict[str, str]:
    """Put the first main carer and key person into their rows, everybody else into the table."""
    if stay.whereabouts_hidden:
        return {}
    told: dict[str, str] = {}
    rows = {ContactRole.MAIN_CARER: "carer", ContactRole.KEY_PERSON: "key"}
    marks = {ContactRole.MAIN_CARER: "◆", ContactRole.KEY_PERSON: "○"}
    others: list[dict[str, str]] = []
    everybody: list[dict[str, str]] = []
    for one in stay.contacts:
        row = rows.pop(one.role, None)
        person = {"name": one.name, "relation": one.relation, "telephone": one.telephone}
        everybody.append({"mark": marks.get(one.role, one.role.label), **person})
        if row is None:
            others.append({"role": one.role.label, **person})
        else:
            told |= {f"{row}_{key}": words for key, words in person.items()}
    return {**told, **_table("other_contacts", others), **_table("contacts", everybody)}


def _table(word: str, rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {
        row_key(word, at, column): words
        for at, row in enumerate(rows)
        for column, words in row.items()
    }


def _plan(stay: Overview, by: Actor) -> dict[str, str]:
    plan = stay.plan
    plans_here = by.plans_care and by.organization_id == plan.organization_id
    makers = _PLAN_MAKERS.get(plan.arrangement, "") if plan.arrangement else ""
    told = {
        "office": plan.office,
        "care_manager": plan.care_manager or (by.name if plans_here else ""),
        "next_care_manager": plan.care_manager,
        "office_telephone": stay.office_contact.telephone or plan.telephone,
        "office_fax": plan.fax,
        "plan_maker": makers,
    }
    return told if plan.status is not PlanStatus.UNKNOWN or plans_here else {}


def _leaving(stay: Overview) -> dict[str, str]:
    day = stay.discharged_on or stay.planned_on
    kind = _DESTINATIONS.get(stay.destination, "") if stay.destination else ""
    sure = "decided" if stay.discharged_on else _SURE.get(stay.planned_certainty, "")
    return {
        "discharge_on": day.isoformat() if day else "",
        "discharge_sure": sure,
        "destination": stay.destination.label if stay.destination and kind else "",
        "destination_kind": kind,
    }


def _ticked(stay: Overview) -> dict[str, str]:
    """What the ward ticked describes the person in the ward, so only the household goes home."""
    living = stay.answers.get("living", "")
    told = {f"ward_{fact}": stay.answers.get(fact, "") for fact in _BODY}
    told |= {
        "household": "alone" if living == "alone" else "",
        "household_here": {"alone": "alone", "with_family": "together"}.get(living, ""),
    }
    return {word: value for word, value in told.items() if value != "unknown"}


def _consent(stay: Overview) -> dict[str, str]:
    given = stay.consent is not None and stay.consent.answer is ConsentAnswer.GIVEN
    return {"consent_given": "given" if given else ""}


def _said(word: StrEnum) -> str:
    return "" if word == "unknown" else word.value
