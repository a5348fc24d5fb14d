"""The time of a conference: up to three slots from one side, one tap from the other."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_handoff
from handoffs.conference import MOST_SLOTS, SlotEntry, choose, none_fits, propose
from handoffs.errors import BadEntry, NotPermitted
from handoffs.shown.overview import Overview
from handoffs.shown.task import Task
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, now, taken_in
from web.handoffs.handoff_pages import seen_handoff
from web.inputs import Posted

pages = Blueprint("conferences", __name__)

_NUMBERS = tuple(range(1, MOST_SLOTS + 1))
_NOTHING_TO_AGREE = (
    "この引き継ぎでは、会議の日時を決められません。記録の画面に戻って確かめてください。"
)


@pages.get("/handoffs/<int:handoff_id>/conference")
def ask(handoff_id: int) -> ResponseReturnValue:
    """Ask for up to three slots."""
    stay, task = _to_agree(handoff_id)
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _screen(stay, task, draft, {})


@pages.post("/handoffs/<int:handoff_id>/conference")
def proposed(handoff_id: int) -> ResponseReturnValue:
    """Offer the slots; those that stood before are closed."""
    stay, task = _to_agree(handoff_id)
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entries = [entry for number in _NUMBERS if (entry := _read_slot(posted, number))]
        posted.finish()
        with acting() as session:
            found, handoff = find_handoff(session, actor(), handoff_id)
            propose(session, found, handoff, entries, by=actor(), now=now())
            location = url_for("stays.show", stay_id=found.id, done="proposed", about=handoff_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay, task, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/conference/choose")
def chosen(handoff_id: int) -> ResponseReturnValue:
    """Take one of the slots."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        stay, handoff = find_handoff(session, actor(), handoff_id)
        slot_id = posted.needed_number("slot", ask="候補の日時を選んでください。")
        posted.finish()
        choose(session, stay, handoff, slot_id, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay.id, done="chosen", about=handoff_id)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/conference/no-fit")
def no_fit(handoff_id: int) -> ResponseReturnValue:
    """Say that none of the slots fits."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        stay, handoff = find_handoff(session, actor(), handoff_id)
        words = posted.text("answer", longest=200)
        posted.finish()
        none_fits(session, stay, handoff, words, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay.id, done="no_fit", about=handoff_id)
        taken_in(session, location)
    return redirect(location, code=303)


def _to_agree(handoff_id: int) -> tuple[Overview, Task]:
    stay, task = seen_handoff(handoff_id)
    if task.meeting is None or not task.meeting.may_propose:
        raise NotPermitted(_NOTHING_TO_AGREE)
    return stay, task


def _read_slot(posted: Posted, number: int) -> SlotEntry | None:
    """Read one line; None where it was left empty."""
    day = posted.day(f"day-{number}")
    starts_at = posted.clock(f"starts_at-{number}")
    ends_at = posted.clock(f"ends_at-{number}")
    place = posted.text(f"place-{number}")
    typed = any(
        posted.values.get(f"{name}-{number}", "").strip()
        for name in ("day", "starts_at", "ends_at")
    )
    if not typed:
        return None
    for name, value, ask_for in (
        ("day", day, "候補の日を入力してください。"),
        ("starts_at", starts_at, "始まりの時刻を入力してください。"),
        ("ends_at", ends_at, "終わりの時刻を入力してください。"),
    ):
        if value is None:
            posted.refuse(f"{name}-{number}", ask_for)
    if day is None or starts_at is None or ends_at is None:
        return None
    return SlotEntry(day=day, starts_at=starts_at, ends_at=ends_at, place=place)


def _screen(
    stay: Overview, task: Task, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "handoffs/conference.html",
        stay=stay,
        task=task,
        values=values,
        errors=errors,
        numbers=_NUMBERS,
    )
