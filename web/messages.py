"""Being told: one's own address and absence, the organization's, and what did not arrive."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_handoff
from handoffs.errors import BadEntry
from handoffs.telling.absence import be_away, be_back
from handoffs.telling.acknowledgement import acknowledge
from handoffs.telling.duty_person import Post, name_holder
from handoffs.telling.mailbox import set_mailbox
from handoffs.telling.own_settings import own_settings
from handoffs.telling.undelivered import settle_undelivered
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("messages", __name__)

_DONE = {
    "address": "お知らせの宛先を登録しました。",
    "office": "機関の宛先と当番を登録しました。",
    "away": "不在を登録しました。その間のお知らせは、代わりの方か当番に届きます。",
    "back": "不在の登録を終えました。お知らせは、またあなたに届きます。",
}


@pages.get("/messages/settings")
def settings() -> ResponseReturnValue:
    """Show how this person and their organization are told."""
    return _screen({}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/messages/settings")
def own_address() -> ResponseReturnValue:
    """Set the person's own address."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        address = posted.text("own_address", longest=254)
        posted.finish()
        with acting() as session:
            set_mailbox(session, address, by=actor(), now=now())
            location = url_for("messages.settings", done="address")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/messages/settings/office")
def office() -> ResponseReturnValue:
    """Set the organization's address, its duty person and who leads."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        address = posted.text("office_address", longest=254)
        holders = {post: posted.number(post.value) for post in Post}
        posted.finish()
        with acting() as session:
            set_mailbox(session, address, by=actor(), now=now(), own=False)
            for post, staff_id in holders.items():
                name_holder(session, post, staff_id, by=actor(), now=now())
            location = url_for("messages.settings", done="office")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/messages/settings/absence")
def away() -> ResponseReturnValue:
    """Write down that the person is away, and who stands in."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        from_on = posted.needed_day("from_on", ask="不在の始まりの日を入力してください。")
        to_on = posted.needed_day("to_on", ask="不在の終わりの日を入力してください。")
        substitute_id = posted.number("substitute_id")
        posted.finish()
        with acting() as session:
            be_away(session, from_on, to_on, substitute_id, by=actor(), now=now())
            location = url_for("messages.settings", done="away")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/messages/absences/<int:absence_id>/end")
def back(absence_id: int) -> ResponseReturnValue:
    """End an absence of one's own."""
    with acting() as session:
        be_back(session, absence_id, by=actor(), now=now())
        location = url_for("messages.settings", done="back")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/messages/<int:message_id>/settle")
def settle(message_id: int) -> ResponseReturnValue:
    """Say that a recipient whom a message did not reach was told otherwise."""
    with acting() as session:
        settle_undelivered(session, message_id, by=actor(), now=now())
        location = url_for("worklist.worklist", done="settled")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/acknowledge")
def take_up(handoff_id: int) -> ResponseReturnValue:
    """Say that one is at a handoff; the reminders pause until it expires."""
    with acting() as session:
        stay, handoff = find_handoff(session, actor(), handoff_id)
        acknowledge(session, stay, handoff, by=actor(), now=now())
        location = url_for("worklist.worklist", done="taken_up")
        taken_in(session, location)
    return redirect(location, code=303)


def _screen(typed: Mapping[str, str], errors: Mapping[str, str], done: str | None = None) -> str:
    with reading() as session:
        shown = own_settings(session, actor(), now())
    values = {
        "own_address": shown.own_address,
        "office_address": shown.office_address,
        **{post.value: str(holder or "") for post, holder in shown.holders.items()},
    }
    return render_template(
        "messages/settings.html",
        shown=shown,
        posts=tuple(Post),
        mail_on=desk().mail_on,
        mail_used=desk().mail_used,
        values=values | dict(typed),
        errors=errors,
        done=done,
    )
