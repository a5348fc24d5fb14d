"""The entry page of a sheet: written in any order, half or whole, by several people at once.

Saved by the button, and every few seconds by a script of ours. What two people changed in
different fields is brought together; what both wrote into one field is shown side by side.
What cannot be read stays in its field beside its complaint while everything else is saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from forms.hearings import CAUTION, fee_words
from handoffs.history import Act
from handoffs.parties import Staff
from handoffs.sheets.draft import Begun, save_answers
from handoffs.sheets.flat import field_of
from handoffs.shown.overview import overview_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import actor, desk, note_read, now, reading
from web.dates import moment
from web.overtaken import SEEN, Carried, Contested, carried_in, filled, hidden_fields, settle
from web.sheets.blueprint import pages
from web.sheets.composing import Composed
from web.sheets.page import PageOf, word_sides
from web.sheets.routes import KIND_OF, to_write
from web.sheets.typed import ACT, typed_answers

Form = Mapping[str, Sequence[str]]


@pages.get("/stays/<int:stay_id>/sheets/<sheet>")
def entry(stay_id: int, sheet: str) -> ResponseReturnValue:
    """Show a sheet to be written, with what is known and what was written so far."""
    with reading() as session:
        _, sheet_now = to_write(session, stay_id, sheet)
    note_read(Act.STAY_READ, stay_id=stay_id)
    draft = kept_draft()
    if draft is None:
        done = request.args.get("done") == "saved"
        return _screen(stay_id, sheet_now, Carried(sheet_now.revision, sheet_now.shown), done=done)
    return _screen(stay_id, sheet_now, _carried(draft, sheet_now), form=draft)


@pages.post("/stays/<int:stay_id>/sheets/<sheet>")
def write(stay_id: int, sheet: str) -> ResponseReturnValue:
    """Save what was typed; answers a script in JSON, and a browser with a page."""
    by_script = request.accept_mimetypes.best == "application/json"
    form = request.form.to_dict(flat=False)
    today = day_of(now())
    with desk().database.writing() as session:
        stay, before = to_write(session, stay_id, sheet)
        carried = _carried(form, before)
        whole = filled(form, carried, before.shown)
        answers, errors = typed_answers(whole, before.definition, before.shown, today)
        stored = {**dict.fromkeys(answers, ""), **before.shown}
        conflict: Contested | None = None
        try:
            merged, _ = settle(carried, answers, stored, before.revision)
        except Contested as contested:
            conflict = contested
            merged = dict(contested.merged) if by_script else stored
        changes = {key: value for key, value in merged.items() if stored[key] != value}
        if changes:
            _store(session, stay, before, changes)
            session.flush()
        _, after = to_write(session, stay_id, sheet)
    if by_script:
        shown = {**before.shown, **carried.seen} if carried.version != before.revision else stored
        return _told(after, shown, answers, errors, conflict)
    if conflict is not None:
        page = _screen(
            stay_id, after, conflict.carried, form=whole, errors=errors, contested=conflict
        )
        return page, 409
    if errors:
        going_on = Carried(after.revision, after.shown)
        return _screen(stay_id, after, going_on, form=whole, errors=errors), 422
    if form.get(ACT) == ["check"]:
        to = url_for("sheets.check", stay_id=stay_id, sheet=sheet, done="saved")
        return redirect(to, code=303)
    return redirect(url_for("sheets.entry", stay_id=stay_id, sheet=sheet, done="saved"), code=303)


def _store(session: Session, stay: Stay, before: Composed, changes: Mapping[str, str]) -> None:
    definition = before.definition
    begun = Begun(definition.version, definition.addition)
    save_answers(session, stay, definition.sheet, changes, begun=begun, by=actor(), now=now())


def _carried(form: Form, stored: Composed) -> Carried:
    """What the page carried; a field that was empty then is left out of it."""
    carried = carried_in(form)
    if SEEN not in form:
        return carried
    return replace(carried, seen={**dict.fromkeys(stored.shown, ""), **carried.seen})


def _told(
    after: Composed,
    was: Mapping[str, str],
    answers: Mapping[str, str],
    errors: Mapping[str, str],
    conflict: Contested | None,
) -> ResponseReturnValue:
    """Tell the script what was saved, and what the page has to carry from now on.

    `was` is what the page had shown. A field that now holds something else than the page shows,
    a colleague's words or those of a conflict, goes on being carried as it was: otherwise the
    next saving would take what stands on the page for a wish to overwrite it.
    """
    same = {key for key, value in answers.items() if after.shown.get(key, "") == value}
    seen = {key: after.shown[key] if key in same else was.get(key, "") for key in after.shown}
    version = after.revision if same.issuperset(answers) else 0
    return jsonify(
        saved=moment(now()),
        hidden=hidden_fields(Carried(version, {k: v for k, v in seen.items() if v})),
        errors=dict(errors),
        conflicts=[one.field for one in conflict.conflicts] if conflict else [],
        missing=len(after.sheet.missing()),
    )


def _screen(
    stay_id: int,
    sheet: Composed,
    carried: Carried,
    *,
    form: Form | None = None,
    errors: Mapping[str, str] | None = None,
    contested: Contested | None = None,
    done: bool = False,
) -> str:
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        saver = session.get(Staff, sheet.saved_by) if sheet.saved_by else None
    who = f"{saver.name if saver else '別の職員'}　{moment(sheet.saved_at)}"
    conflicts = contested.conflicts if contested else carried.contests(sheet.shown)
    unchosen = {
        one.field: "同じ欄に、あなたと別の職員が違う内容を書きました。どちらかを選んでください。"
        for one in conflicts
    }
    problems = {**unchosen, **(errors or {}), **sheet.dropped}
    page = PageOf(sheet, form, problems, conflicts, who)
    shown = replace(carried, seen={key: value for key, value in carried.seen.items() if value})
    return render_template(
        "sheets/entry.html",
        stay=stay,
        sheet=sheet,
        parts=page.parts(),
        word_sides=word_sides(sheet, conflicts, who),
        errors=_named(sheet, problems),
        hidden_fields=hidden_fields(shown),
        fee=fee_words(sheet.sheet),
        fee_caution=CAUTION,
        is_record=sheet.definition.sheet == "discharge_record",
        sends=sheet.definition.sheet in KIND_OF,
        saved=done,
        person=actor().staff_id,
    )


def _named(sheet: Composed, problems: Mapping[str, str]) -> dict[str, str]:
    """Each complaint with the name of its field, for the list above so many fields."""
    labels = sheet.definition.labels
    names = {key: labels.get(field_of(key), "") for key in problems}
    return {
        key: f"{names[key]}: {words}" if names[key] else words for key, words in problems.items()
    }
