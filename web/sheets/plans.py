"""Attaching the office's 第1–3表 once, taking it away, looking at it."""

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act
from handoffs.sheets.attachment import attach, attachment_of, bytes_of, remove
from handoffs.shown.overview import overview_of
from handoffs.stays.stay import Stay
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.sheets.blueprint import pages
from web.sheets.plan_pdf import FIELD, LARGEST, MOST_PAGES, pages_of
from web.sheets.prints import SHEET
from web.sheets.routes import to_write

_PATH = "/plans"
_ROOM = 64 * 1024
"""Bytes of a posted form beside the file itself."""


def take_larger_posts(app: Flask) -> None:
    """Let the one address take a file; before the gate reads any form."""

    @app.before_request
    def _larger() -> None:
        if request.method == "POST" and request.endpoint == "sheets.attached":
            request.max_content_length = LARGEST + _ROOM


@pages.get("/stays/<int:stay_id>/plans")
def plans(stay_id: int) -> ResponseReturnValue:
    """Show what is attached, and take a file."""
    return _screen(stay_id, {})


@pages.post("/stays/<int:stay_id>/plans")
def attached(stay_id: int) -> ResponseReturnValue:
    """Attach a PDF, or take away what is attached."""
    file = request.files.get(FIELD)
    try:
        content = file.read(LARGEST + 1) if file else b""
        removes = request.form.get("act") == "remove"
        count = 0 if removes else pages_of(content)
        with acting() as session:
            stay = _writable(session, stay_id)
            if removes:
                remove(session, stay, by=actor(), now=now())
            else:
                attach(session, stay, content, pages=count, by=actor(), now=now())
            location = url_for("sheets.plans", stay_id=stay_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, bad.fields), 422
    return redirect(location, code=303)


@pages.get("/stays/<int:stay_id>/plans.pdf")
def attached_file(stay_id: int) -> ResponseReturnValue:
    """Show one's own attachment. To be saved, never run in our pages."""
    with reading() as session:
        stay = _writable(session, stay_id)
        found = attachment_of(session, stay, actor().organization_id)
        if found is None:
            raise NotVisible
        content, code = bytes_of(session, found.id), stay.code
    note_read(Act.HANDOFF_SHEET, stay_id=stay_id, detail={"attachment": found.id})
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="plans-{code}.pdf"'
    return response


def _writable(session: Session, stay_id: int) -> Stay:
    stay, _ = to_write(session, stay_id, SHEET)
    return stay


def _screen(stay_id: int, errors: dict[str, str]) -> str:
    with reading() as session:
        found = attachment_of(session, _writable(session, stay_id), actor().organization_id)
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
    return render_template(
        "sheets/plans.html", stay=stay, attachment=found, errors=errors, most_pages=MOST_PAGES
    )
