"""虐待の疑い: a page of its own for the named social worker and the client's own care manager.

Whoever else asks for it is told that there is no such page. It is linked from nowhere but the page
of the stay, and what was typed is never kept as a draft. It is on paper only where one of the two
prints one record for the other, by hand and with a reason.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay, may_note_concern
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act
from handoffs.stays.concern_noting import (
    PrintReason,
    concerns_of,
    end_concern,
    note_concern,
    print_concern,
    social_workers_of,
)
from handoffs.tokyo import day_of
from web.context import acting, actor, note_read, now, reading, taken_in
from web.inputs import Posted
from web.stays.stay_pages import seen

pages = Blueprint("concerns", __name__)

_DONE = {
    "noted": "記録しました。見られるのは、あなたと、名前の出ている方だけです。",
    "ended": "記録を終えました。",
    "printed": "印刷したことを記録しました。もう一度印刷するときは、理由を選び直してください。",
}


@pages.get("/stays/<int:stay_id>/concern")
def show(stay_id: int) -> ResponseReturnValue:
    """Show the records that name this person, and ask for another."""
    return _screen(stay_id, {}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/stays/<int:stay_id>/concern")
def noted(stay_id: int) -> ResponseReturnValue:
    """Write one down."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        words = posted.text("words", ask="気づいたことを、短く入力してください。", longest=500)
        named = posted.needed_number("social_worker", ask="病院のMSW等を選んでください。")
        posted.finish()
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            if not may_note_concern(session, actor(), stay):
                raise NotVisible
            note_concern(session, stay, social_worker_id=named, words=words, by=actor(), now=now())
            location = url_for("concerns.show", stay_id=stay_id, done="noted")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/concern/<int:concern_id>/end")
def ended(stay_id: int, concern_id: int) -> ResponseReturnValue:
    """End one that names this person."""
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    with acting() as session:
        stay = find_stay(session, actor(), stay_id)
        end_concern(session, stay, concern_id, by=actor(), now=now())
        location = url_for("concerns.show", stay_id=stay_id, done="ended")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/concern/<int:concern_id>/print")
def printed(stay_id: int, concern_id: int) -> ResponseReturnValue:
    """Show one record for the printer, for one of the two to hand it to the other."""
    with reading() as session:
        mine = concerns_of(session, actor(), find_stay(session, actor(), stay_id))
    if concern_id not in {one.id for one in mine}:
        raise NotVisible
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    field = f"reason-{concern_id}"
    try:
        reason = posted.word(field, PrintReason, ask="なぜ紙で渡すのかを選んでください。")
        posted.finish()
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            found = print_concern(session, stay, concern_id, reason, by=actor(), now=now())
            taken_in(session, url_for("concerns.show", stay_id=stay_id, done="printed"))
    except BadEntry as bad:
        return _screen(stay_id, posted.values, bad.fields), 422
    return render_template(
        "concerns/paper.html", stay=seen(stay_id), one=found, reason=reason, made_at=now()
    )


def _screen(
    stay_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    done: str | None = None,
) -> str:
    with reading() as session:
        found = find_stay(session, actor(), stay_id)
        if not may_note_concern(session, actor(), found):
            raise NotVisible
        concerns = concerns_of(session, actor(), found)
        people = [(one.id, f"{one.name}（{one.role.label}）") for one in
                  social_workers_of(session, found)]  # fmt: skip
    for one in concerns:
        note_read(Act.CONCERN_READ, detail={"concern": one.id})
    mine = str(actor().staff_id) if actor().is_hospital else ""
    return render_template(
        "concerns/show.html",
        stay=seen(stay_id),
        concerns=concerns,
        people=people,
        reasons=[(one.value, one.label) for one in PrintReason],
        values={"social_worker": mine, **values},
        errors=errors,
        done=done,
    )
