"""Printed sheets: as they stand now, as they went out, and empty for the pen.

Reads briefly, writes down that the sheet was printed, and only then renders:
nothing is locked while a page is laid out.
"""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from forms import Definition, FilledSheet, SheetError, archived, catalogue, render
from forms.kept import from_content
from handoffs.access import find_handoff
from handoffs.errors import NotVisible
from handoffs.handed_over import content_of
from handoffs.history import Act
from handoffs.sheets.access import OWN
from handoffs.sheets.attachment import attachment_of, bytes_of
from handoffs.sheets.sharing import refuse_without_leave
from handoffs.sheets.version import find_version
from handoffs.shown.overview import overview_of
from rules import HandoffKind
from web.context import actor, desk, note_read, now, reading
from web.sheets.blueprint import pages
from web.sheets.composing import composed
from web.sheets.plan_pdf import kept_with_plans, with_plans
from web.sheets.routes import receiver_kind, to_write

SHEET = "admission_information"
"""The sheet that goes along with the handoff of the admission information."""


@pages.get("/handoffs/<int:handoff_id>/sheet.pdf")
def admission_information(handoff_id: int) -> ResponseReturnValue:
    """Print the 入院時情報提供書 of a handoff that passes on the admission information."""
    with reading() as session:
        stay, handoff = find_handoff(session, actor(), handoff_id)
        if handoff.kind is not HandoffKind.ADMISSION_INFORMATION or handoff.withdrawn_at:
            raise NotVisible
        found = composed(session, stay, actor(), SHEET, library=desk().library, now=now())
        refuse_without_leave(session, stay, receiver_kind(session, stay, found.definition))
        code = stay.code
    note_read(Act.HANDOFF_SHEET, stay_id=stay.id, detail={"handoff": handoff_id})
    return pdf(found.sheet, code)


@pages.get("/handoffs/<int:handoff_id>/handed-over/<int:kept_id>.pdf")
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
    return kept_pdf(from_content(content, hidden=stay.whereabouts_hidden), stay.person.code)


@pages.get("/stays/<int:stay_id>/sheets/<sheet>/now.pdf")
def as_it_stands(stay_id: int, sheet: str) -> ResponseReturnValue:
    """Print a sheet as it stands now, with the plans that go along."""
    with reading() as session:
        stay, found = to_write(session, stay_id, sheet)
        plans = plans_beside(session, attachment_id(session, stay_id, found.definition))
        code = stay.code
    if sheet not in OWN:
        note_read(Act.HANDOFF_SHEET, stay_id=stay_id, detail={"sheet": sheet})
    return pdf(found.sheet, code, plans)


@pages.get("/stays/<int:stay_id>/versions/<int:version_id>.pdf")
def as_it_went(stay_id: int, version_id: int) -> ResponseReturnValue:
    """Print one version as it went out, with the plans that went along."""
    sheet, code, plans = _version(stay_id, version_id)
    return pdf(sheet, code, plans) if plans else kept_pdf(sheet, code)


@pages.get("/stays/<int:stay_id>/versions/<int:version_id>/kept.pdf")
def as_it_is_kept(stay_id: int, version_id: int) -> ResponseReturnValue:
    """Print one version to be kept for years, the plans inside as a file of their own."""
    return kept_pdf(*_version(stay_id, version_id))


def _version(stay_id: int, version_id: int) -> tuple[FilledSheet, str, bytes | None]:
    """What a version said, under which code, and the plans that went along; and note it."""
    with reading() as session:
        version = find_version(session, actor(), stay_id, version_id)
        if not version.content:
            raise NotVisible
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        plans = plans_beside(session, None if stay.whereabouts_hidden else version.attachment_id)
    if version.sheet not in OWN:
        note_read(Act.HANDOFF_SHEET, stay_id=stay_id, detail={"version": version_id})
    sheet = from_content(version.content, hidden=stay.whereabouts_hidden)
    return sheet, stay.person.code, plans


@pages.get("/sheets/<sheet>/empty.pdf")
def for_the_pen(sheet: str) -> ResponseReturnValue:
    """Print a sheet about nobody, to be filled in by hand."""
    try:
        definition = catalogue().sheet(sheet, region=actor().region)
    except SheetError:
        raise NotVisible from None
    return pdf(FilledSheet(definition=definition), "empty")


def attachment_id(session: Session, stay_id: int, definition: Definition) -> int | None:
    """The plans that go along with the sheet to the hospital; none where whereabouts are hidden."""
    if definition.sheet != SHEET:
        return None
    stay, _ = to_write(session, stay_id, SHEET)
    overview = overview_of(session, actor(), stay_id, library=desk().library, now=now())
    found = attachment_of(session, stay, actor().organization_id)
    return found.id if found and not overview.whereabouts_hidden else None


def plans_beside(session: Session, attachment: int | None) -> bytes | None:
    """The bytes of what goes along."""
    return bytes_of(session, attachment) if attachment else None


def pdf(sheet: FilledSheet, code: str, plans: bytes | None = None) -> Response:
    """Answer with a sheet as PDF, under a name that names nobody."""
    body = render(sheet)
    return _answer(with_plans(body, plans, code) if plans else body, sheet, code)


def kept_pdf(sheet: FilledSheet, code: str, plans: bytes | None = None) -> Response:
    """Answer with a sheet as it was handed over, as PDF/A: what somebody lays into a file.

    Plans are another program's PDF: as pages they make the whole no PDF/A, as a file they may.
    """
    body = archived(sheet)
    return _answer(kept_with_plans(body, plans, code) if plans else body, sheet, code)


def _answer(body: bytes, sheet: FilledSheet, code: str) -> Response:
    response = Response(body)
    response.mimetype = "application/pdf"
    name = f"{sheet.name.replace('_', '-')}-{code}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
