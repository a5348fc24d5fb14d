"""Passing a handoff on: written down as sent, confirmed as received, or not needed.

Showing a page never changes anything; every change is a posted form of its own.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import find_handoff, find_stay
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import Handoff
from handoffs.history import Act
from handoffs.passing import confirm, send
from handoffs.shown.overview import Overview, overview_of
from handoffs.shown.task import Task
from handoffs.statement import ATTEMPTED
from handoffs.stays.stay import Stay
from handoffs.tokyo import TOKYO, day_of
from handoffs.waiving import waive
from rules import HandoffKind
from web.auth import kept_draft
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.handoffs.statement_input import (
    BEFORE,
    calls_of,
    outcomes_of,
    read_call,
    read_sending,
    tapped,
)
from web.inputs import Posted, typed_day, typed_time
from web.sheets.composing import Composed, composed
from web.sheets.handing_over import digest_now, hand_over
from web.sheets.prints import SHEET
from web.stays.stay_pages import stay_page

pages = Blueprint("handoffs", __name__)

SHEET_KIND = HandoffKind.ADMISSION_INFORMATION
"""The kind of handoff with which the sheet can go along."""

_NOT_SENDER = "送付の記録は、送る側の方が行います。記録の画面に戻って確かめてください。"
_OVER = "この引き継ぎの送付は、すでに記録されています。記録の画面に戻って確かめてください。"
_WITHDRAWN = "この引き継ぎは、必要がなくなりました。記録の画面に戻って確かめてください。"


@pages.get("/handoffs/<int:handoff_id>/send")
def passing(handoff_id: int) -> ResponseReturnValue:
    """Ask when, how and to whom a handoff was passed on."""
    stay, task = _to_send(handoff_id)
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _send_screen(stay, task, _today() | draft, {})


@pages.post("/handoffs/<int:handoff_id>/send")
def pass_on(handoff_id: int) -> ResponseReturnValue:
    """Write down that a handoff was passed on, or that somebody tried to."""
    stay, task = seen_handoff(handoff_id)
    typed, on_board = tapped(request.form.to_dict(flat=False))
    posted = Posted(typed, day_of(now()))
    try:
        version = posted.needed_number("version", ask="画面を開き直してください。")
        at = now().astimezone(TOKYO)
        entry = read_call(posted, task, at) or read_sending(posted, task, stay.admitted_on)
        # One form serves the whole board: each handoff of it is taken for itself.
        part = f"-{handoff_id}" if on_board else ""
        with acting(part) as session:
            found, handoff = _to_be_sent(session, handoff_id)
            sheet = _as_it_was_shown(session, found, entry.sheet_digest)
            if sheet is None:
                send(session, found, handoff, entry, by=actor(), now=now(), version=version)
            else:
                hand_over(session, found, handoff, entry, sheet, version=version)
            done = "attempted" if entry.result in ATTEMPTED else "sent"
            location = (
                url_for("stays.board", done=done, about=handoff_id)
                if on_board
                else url_for("stays.show", stay_id=found.id, done=done, about=handoff_id)
            )
            taken_in(session, location, part)
    except BadEntry as bad:
        return _send_screen(stay, task, posted.values, bad.fields), 422
    except Overtaken as overtaken:
        return _send_screen(stay, task, posted.values, {"outcome": overtaken.message}), 409
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/confirm")
def received(handoff_id: int) -> ResponseReturnValue:
    """Write down that the receiving side has it. A second time changes nothing."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    stay, _ = seen_handoff(handoff_id)
    try:
        received_on = posted.needed_day("received_on", ask="受け取った日を入力してください。")
        back = posted.one_of("back", ("", "worklist"), ask="画面を開き直してください。")
        posted.finish()
        with acting() as session:
            found, handoff, current = locked_handoff(session, handoff_id)
            if handoff.confirmed_at is None and not current.may_confirm:
                raise NotPermitted("受領の確認は、受け取る側の方が行います。")
            confirm(session, found, handoff, received_on=received_on, by=actor(), now=now())
            location = (
                url_for("worklist.worklist", done="confirmed", about=handoff_id)
                if back
                else url_for("stays.show", stay_id=found.id, done="confirmed", about=handoff_id)
            )
            taken_in(session, location)
    except BadEntry as bad:
        # `happened_on` is what the verb calls the day; on the page each handoff has a field.
        message = next(iter(bad.fields.values()))
        name = f"received_on-{handoff_id}"
        values = {name: posted.values.get("received_on", "")}
        return stay_page(stay.person.stay_id, values=values, errors={name: message}), 422
    return redirect(location, code=303)


@pages.get("/handoffs/<int:handoff_id>/waive")
def not_needed(handoff_id: int) -> ResponseReturnValue:
    """Ask why a handoff is not needed."""
    stay, task = _to_send(handoff_id)
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _waive_screen(stay, task, draft, {})


@pages.post("/handoffs/<int:handoff_id>/waive")
def waived(handoff_id: int) -> ResponseReturnValue:
    """Write down that a handoff is not needed in this case, and why."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    stay, task = seen_handoff(handoff_id)
    try:
        reason = posted.text("reason", ask="不要とする理由を入力してください。", longest=200)
        posted.finish()
        with acting() as session:
            found, handoff, current = locked_handoff(session, handoff_id)
            if not current.may_waive:
                raise NotPermitted(_OVER if handoff.sent_at is not None else _NOT_SENDER)
            waive(session, handoff, reason=reason, by=actor(), now=now())
            location = url_for("stays.show", stay_id=found.id, done="waived", about=handoff_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _waive_screen(stay, task, posted.values, bad.fields), 422
    return redirect(location, code=303)


def seen_handoff(handoff_id: int) -> tuple[Overview, Task]:
    """Read a handoff with its stay for a page, and write down that it was read."""
    with reading() as session:
        found, handoff = find_handoff(session, actor(), handoff_id)
        stay = overview_of(session, actor(), found.id, library=desk().library, now=now())
        if handoff.withdrawn_at is not None:
            raise NotPermitted(_WITHDRAWN)
    note_read(Act.STAY_READ, stay_id=stay.person.stay_id)
    return stay, stay.task(handoff_id)


def _to_send(handoff_id: int) -> tuple[Overview, Task]:
    """As `seen_handoff`, for the side that has still to send it. Raises NotPermitted."""
    stay, task = seen_handoff(handoff_id)
    if not task.may_send:
        raise NotPermitted(_OVER if task.sent_at is not None else _NOT_SENDER)
    return stay, task


def locked_handoff(session: Session, handoff_id: int) -> tuple[Stay, Handoff, Task]:
    """Find a handoff for an act, as it stands now."""
    stay, handoff = find_handoff(session, actor(), handoff_id)
    if handoff.withdrawn_at is not None:
        raise NotPermitted(_WITHDRAWN)
    current = overview_of(session, actor(), stay.id, library=desk().library, now=now())
    return stay, handoff, current.task(handoff_id)


def _to_be_sent(session: Session, handoff_id: int) -> tuple[Stay, Handoff]:
    """Find a handoff that this person's side has still to send.

    Raises NotPermitted on the wrong side, Overtaken where it was sent meanwhile.
    """
    stay, handoff, current = locked_handoff(session, handoff_id)
    if current.may_send:
        return stay, handoff
    if handoff.sent_at is not None:
        raise Overtaken
    raise NotPermitted(_NOT_SENDER)


def _as_it_was_shown(session: Session, stay: Stay, digest: str | None) -> Composed | None:
    """The sheet that goes along; None where none does.

    Raises Overtaken if it says something else than when the page was opened.
    """
    if digest is None:
        return None
    sheet = composed(session, stay, actor(), SHEET, library=desk().library, now=now())
    if digest_now(sheet) != digest:
        raise Overtaken
    return sheet


def _today() -> dict[str, str]:
    there = now().astimezone(TOKYO)
    return {"happened_on": typed_day(there.date()), "happened_time": typed_time(there.time())}


def _send_screen(
    stay: Overview, task: Task, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "handoffs/send.html",
        stay=stay,
        task=task,
        values=values,
        errors=errors,
        calls=calls_of(task),
        outcomes=outcomes_of(task),
        before=BEFORE,
        digest=_digest(stay) if task.kind is SHEET_KIND else None,
    )


def _digest(stay: Overview) -> str:
    with reading() as session:
        found = find_stay(session, actor(), stay.person.stay_id)
        sheet = composed(session, found, actor(), SHEET, library=desk().library, now=now())
    return digest_now(sheet)


def _waive_screen(
    stay: Overview, task: Task, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "handoffs/waive.html", stay=stay, task=task, values=values, errors=errors
    )
