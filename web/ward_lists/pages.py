"""Choosing a ward list, looking at what it would do, taking it in, and taking it back."""

import hashlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col

from exchange.carried_rows import carried_lines
from exchange.csv_file import FileRefused
from exchange.ward_columns import COLUMNS
from exchange.ward_list import MOST_ROWS, read_ward_list, ward_list_of
from exchange.ward_undo import ActedOnSince, AlreadyUndone, import_of, imports_of, undo_import
from handoffs.access import visible_stays
from handoffs.errors import BadEntry
from handoffs.finding.people import stays_shown
from handoffs.history import Act
from handoffs.parties import wards_of
from handoffs.stays.cancellation import CancelReason
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.inputs import Posted
from web.ward_lists.preview import preview_of, take_in_confirmed
from web.ward_lists.uploads import FILE, LARGEST, ROWS, lines_ticked, uploaded

pages = Blueprint("ward_lists", __name__)

_NO_WARDS = (
    "この病院に病棟が登録されていません。先に、システムの管理者に病棟の登録を頼んでください。"
)
_DONE = {
    "imported": "取り込みました。",
    "undone": "取り込みを取り消しました。入院の登録は「取り消した登録」から一人ずつ元に戻せます。",
}


@pages.get("/ward-lists")
def choose() -> ResponseReturnValue:
    """Ask for a file, and list what was taken in so far."""
    return _screen({})


@pages.post("/ward-lists/preview")
def previewed() -> ResponseReturnValue:
    """Show what an import would do. Nothing is stored."""
    try:
        content = uploaded()
        with reading() as session:
            wards = _wards(session)
        ward_list = read_ward_list(content, wards, day_of(now()))
    except FileRefused as refused:
        return _screen({FILE: _told(refused)}), 422
    preview = preview_of(
        desk().database, ward_list, wards, library=desk().library, by=actor(), now=now()
    )
    note_read(Act.STAY_LIST, detail={"previewed": len(ward_list.rows)})
    return render_template("ward_lists/preview.html", preview=preview)


@pages.post("/ward-lists/import")
def imported() -> ResponseReturnValue:
    """Take in what a preview showed, in one transaction."""
    text = request.form.get(ROWS, "")
    try:
        with acting() as session:
            ward_list = ward_list_of(carried_lines(text), _wards(session), day_of(now()))
            _, left = take_in_confirmed(
                session,
                ward_list,
                lines_ticked(),
                library=desk().library,
                by=actor(),
                now=now(),
                digest=hashlib.sha256(text.encode()).hexdigest(),
            )
            session.flush()
            number = imports_of(session, actor())[0].id
            location = url_for("ward_lists.show", import_id=number, done="imported", left=left)
            taken_in(session, location)
    except FileRefused as refused:
        return _screen({FILE: _told(refused)}), 422
    return redirect(location, code=303)


@pages.get("/ward-lists/<int:import_id>")
def show(import_id: int) -> ResponseReturnValue:
    """Show what one import did, whom it registered, and the way to take it back."""
    return _import_screen(import_id, {})


@pages.post("/ward-lists/<int:import_id>/undo")
def undone(import_id: int) -> ResponseReturnValue:
    """Cancel every admission of an import, or none of them."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        with acting() as session:
            reason = posted.word("reason", CancelReason, ask="取り消す理由を選んでください。")
            posted.finish()
            undo_import(session, import_id, reason, by=actor(), now=now())
            location = url_for("ward_lists.show", import_id=import_id, done="undone")
            taken_in(session, location)
    except BadEntry as bad:
        return _import_screen(import_id, bad.fields), 422
    except (ActedOnSince, AlreadyUndone) as refused:
        return _import_screen(import_id, {"undo": refused.message}), 422
    return redirect(location, code=303)


def _wards(session: Session) -> dict[str, int]:
    wards = {ward.name: ward.id for ward in wards_of(session, actor().organization_id)}
    if not wards:
        raise FileRefused(_NO_WARDS)
    return wards


def _told(refused: FileRefused) -> str:
    return f"{refused.line}行目: {refused.message}" if refused.line else refused.message


def _screen(errors: dict[str, str]) -> str:
    with reading() as session:
        imports = imports_of(session, actor())
    return render_template(
        "ward_lists/choose.html",
        errors=errors,
        imports=imports,
        mandatory=[column.name for column in COLUMNS if column.mandatory],
        others=[column.name for column in COLUMNS if not column.mandatory],
        most_rows=MOST_ROWS,
        largest=LARGEST // 1000,
    )


def _import_screen(import_id: int, errors: dict[str, str]) -> str:
    with reading() as session:
        found = import_of(session, actor(), import_id)
        stays = session.exec(
            visible_stays(actor()).where(col(Stay.id).in_(found.standing)).order_by(col(Stay.id))
        ).all()
        people = stays_shown(session, actor(), stays, day_of(now()))
    note_read(Act.STAY_LIST, detail={"import": import_id, "rows": len(people)})
    return render_template(
        "ward_lists/import.html",
        one=found,
        people=people,
        errors=errors,
        reasons=list(CancelReason),
        left=max(request.args.get("left", default=0, type=int), 0),
        done=_DONE.get(request.args.get("done", "")),
    )
