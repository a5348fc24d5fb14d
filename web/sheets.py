"""Printed sheets of one handoff: the 入院時情報提供書, with what is known filled in.

Reads briefly, writes down that the sheet was printed, and only then renders:
nothing is locked while a page is laid out.
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from forms import AdmissionInformation, Contact, render
from handoffs.access import Permission, find_handoff
from handoffs.errors import NotVisible
from handoffs.history import Act
from handoffs.overview import Overview, overview_of
from handoffs.parties import Actor
from handoffs.tokyo import day_of
from rules import HandoffKind
from web.auth import requires
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("sheets", __name__)


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
    body = render(sheet_of(stay, actor()))
    response = Response(body, mimetype="application/pdf")
    name = f"admission-information-{stay.person.code}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def sheet_of(stay: Overview, by: Actor) -> AdmissionInformation:
    """Fill in what the record knows. Everything else is left open for the pen.

    The sheet tells how the person lived before the admission. What the ward ticked
    describes the person in the ward, so of that only the household is taken over.
    """
    person, certification, plan = stay.person, stay.certification, stay.plan
    plans_here = by.plans_care and by.organization_id == plan.organization_id
    return AdmissionInformation(
        case_code=person.code,
        written_on=day_of(now()),
        admitted_on=stay.admitted_on,
        hospital=stay.hospital,
        ward=stay.ward,
        hospital_contact=stay.contact_staff,
        office=plan.office,
        care_manager=plan.care_manager or (by.name if plans_here else ""),
        office_telephone=plan.telephone,
        office_fax=plan.fax,
        patient_name=person.name,
        patient_kana=person.kana,
        birth_on=person.birth_on,
        age=person.age,
        sex=stay.sex,
        address=stay.address or stay.municipality,
        telephone=stay.telephone,
        whereabouts_hidden=stay.whereabouts_hidden,
        care_level=certification.level,
        valid_from=certification.valid_from,
        valid_until=certification.valid_until,
        application=certification.application,
        insured_number=certification.insured_number,
        contacts=tuple(
            Contact(role=c.role, name=c.name, relation=c.relation, telephone=c.telephone)
            for c in stay.contacts
        ),
        answers={"household": "alone"} if stay.answers.get("living") == "alone" else {},
    )
