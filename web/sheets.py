"""Printed sheets of one handoff: the 入院時情報提供書, with what is known filled in.

Reads briefly, writes down that the sheet was printed, and only then renders:
nothing is locked while a page is laid out.
"""

from enum import StrEnum

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from forms import FilledSheet, catalogue, render
from forms.answers import Answer
from forms.kept import as_content, from_content
from handoffs.access import Permission, find_handoff
from handoffs.errors import NotVisible
from handoffs.handed_over import content_of
from handoffs.history import Act
from handoffs.parties import Actor
from handoffs.shown.overview import Overview, overview_of
from handoffs.stays.contacts import ContactRole
from handoffs.tokyo import day_of
from rules import HandoffKind
from web.auth import requires
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("sheets", __name__)

SHEET = "admission_information"
"""The sheet that goes along with the handoff of the admission information."""


@pages.get("/handoffs/<int:handoff_id>/sheet.pdf")
@requires(Permission.HANDOFF_SHEET)
def admission_information(handoff_id: int) -> ResponseReturnValue:
    """Print the 入院時情報提供書 of a handoff that passes on the admission information."""
    with reading() as session:
        found, handoff = find_handoff(session, actor(), handoff_id)
        if handoff.kind is not HandoffKind.ADMISSION_INFORMATION or handoff.withdrawn_at:
            raise NotVisible
        stay = overview_of(session, actor(), found.id, library=desk().library, now=now())
    note_read(Act.HANDOFF_SHEET, stay_id=stay.person.stay_id, detail={"handoff": handoff_id})
    return _pdf(sheet_of(stay, actor()), stay.person.code)


@pages.get("/handoffs/<int:handoff_id>/handed-over/<int:kept_id>.pdf")
@requires(Permission.HANDOFF_SHEET)
def as_handed_over(handoff_id: int, kept_id: int) -> ResponseReturnValue:
    """Print a sheet again as it was handed over, however the record moved on since."""
    with reading() as session:
        found, handoff = find_handoff(session, actor(), handoff_id)
        stay = overview_of(session, actor(), found.id, library=desk().library, now=now())
        _, content = content_of(session, handoff, kept_id)
    note_read(
        Act.HANDOFF_SHEET,
        stay_id=stay.person.stay_id,
        detail={"handoff": handoff_id, "kept": kept_id},
    )
    hidden = stay.whereabouts_hidden and not actor().is_hospital
    return _pdf(from_content(content, hidden=hidden), stay.person.code)


def content_now(stay: Overview, by: Actor) -> dict[str, object]:
    """What the sheet says at this moment, to be kept when it is handed over."""
    return as_content(sheet_of(stay, by))


def _pdf(sheet: FilledSheet, code: str) -> Response:
    response = Response(render(sheet), mimetype="application/pdf")
    name = f"admission-information-{code}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def sheet_of(stay: Overview, by: Actor) -> FilledSheet:
    """Fill in what the record knows. Everything else is left open for the pen.

    The sheet tells how the person lived before the admission. What the ward ticked
    describes the person in the ward, so of that only the household is taken over.
    """
    answers = {**_parties(stay, by), **_person(stay), **_contacts(stay)}
    if stay.answers.get("living") == "alone":
        answers["household"] = "alone"
    return FilledSheet(
        definition=catalogue().sheet(SHEET),
        answers=answers,
        whereabouts_hidden=stay.whereabouts_hidden,
    )


def _parties(stay: Overview, by: Actor) -> dict[str, Answer]:
    plan = stay.plan
    plans_here = by.plans_care and by.organization_id == plan.organization_id
    return {
        "case_code": stay.person.code,
        "written_on": day_of(now()).isoformat(),
        "admitted_on": stay.admitted_on.isoformat(),
        "hospital": stay.hospital,
        "ward": stay.ward,
        "hospital_contact": stay.contact_staff,
        "office": plan.office,
        "care_manager": plan.care_manager or (by.name if plans_here else ""),
        "office_telephone": plan.telephone,
        "office_fax": plan.fax,
    }


def _person(stay: Overview) -> dict[str, Answer]:
    person, certification = stay.person, stay.certification
    valid_from, valid_until = certification.valid_from, certification.valid_until
    return {
        "patient_name": person.name,
        "patient_kana": person.kana,
        "birth_on": person.birth_on.isoformat(),
        "age": str(person.age),
        "sex": _known(stay.sex),
        "address": stay.address or stay.municipality,
        "telephone": stay.telephone,
        "care_level": _known(certification.level),
        "valid_from": valid_from.isoformat() if valid_from else "",
        "valid_until": valid_until.isoformat() if valid_until else "",
        "application": _known(certification.application),
        "insured_number": certification.insured_number,
    }


def _contacts(stay: Overview) -> dict[str, Answer]:
    """Put the first main carer and key person into their rows, everybody else into the table."""
    answers: dict[str, Answer] = {}
    others: list[dict[str, str]] = []
    rows = {ContactRole.MAIN_CARER: "carer", ContactRole.KEY_PERSON: "key"}
    for one in stay.contacts:
        row = rows.pop(one.role, None)
        if row is None:
            others.append({"role": one.role.label, "name": one.name, "relation": one.relation,
                           "telephone": one.telephone})  # fmt: skip
        else:
            answers[f"{row}_name"] = one.name
            answers[f"{row}_relation"] = one.relation
            answers[f"{row}_telephone"] = one.telephone
    return {**answers, "other_contacts": tuple(others)}


def _known(word: StrEnum) -> str:
    return "" if word == "unknown" else word.value
