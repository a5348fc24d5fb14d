"""Answers other than a receipt: 担当ではない, sent elsewhere, and taking back a mistake."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.decline import DeclineEntry, DeclineReason, decline
from handoffs.errors import BadEntry, NotPermitted
from handoffs.parties import Organization, planning_organizations
from handoffs.rerouting import receivers_for, reroute
from handoffs.retraction import retract, undecline, unwaive
from handoffs.shown.overview import Overview
from handoffs.shown.task import Task
from handoffs.statement import Statement
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.handoffs.handoff_pages import locked_handoff, seen_handoff
from web.inputs import Posted

pages = Blueprint("answers", __name__)

_NOT_RECEIVER = (
    "この引き継ぎには返事ができません。記録の画面に戻って、いまの状態を確かめてください。"
)
_NOT_DECLINED = (
    "送り先を変えられるのは、担当ではないという返事があったときです。"
    "記録の画面に戻って確かめてください。"
)


@pages.get("/handoffs/<int:handoff_id>/decline")
def not_ours(handoff_id: int) -> ResponseReturnValue:
    """Ask why this office does not take a handoff."""
    stay, task = seen_handoff(handoff_id)
    if not task.may_decline:
        raise NotPermitted(_NOT_RECEIVER)
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _decline_screen(stay, task, draft, {})


@pages.post("/handoffs/<int:handoff_id>/decline")
def declined(handoff_id: int) -> ResponseReturnValue:
    """Write down that this office does not take a handoff, and who does, if that is known."""
    stay, task = seen_handoff(handoff_id)
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = DeclineEntry(
            reason=posted.word("reason", DeclineReason, ask="理由を選んでください。"),
            words=posted.text("words", longest=200),
            suggested_id=posted.number("suggested"),
        )
        posted.finish()
        with acting() as session:
            found, handoff, current = locked_handoff(session, handoff_id)
            if not current.may_decline:
                raise NotPermitted(_NOT_RECEIVER)
            decline(session, found, handoff, entry, by=actor(), now=now())
            location = url_for("stays.show", stay_id=found.id, done="declined", about=handoff_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _decline_screen(stay, task, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/undo-decline")
def undeclined(handoff_id: int) -> ResponseReturnValue:
    """Take back 担当ではない."""
    with acting() as session:
        stay, handoff, _ = locked_handoff(session, handoff_id)
        undecline(session, stay, handoff, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay.id, done="undone", about=handoff_id)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/handoffs/<int:handoff_id>/undo-waive")
def unwaived(handoff_id: int) -> ResponseReturnValue:
    """Take back that a handoff is not needed."""
    with acting() as session:
        stay, handoff, _ = locked_handoff(session, handoff_id)
        unwaive(session, stay, handoff, library=desk().library, by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay.id, done="undone", about=handoff_id)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/retract")
def retracted(stay_id: int) -> ResponseReturnValue:
    """Take back one statement of this side; what was written stays in the history."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        stay = find_stay(session, actor(), stay_id)
        said = posted.needed_number("statement", ask="取り消す記録を選び直してください。")
        posted.finish()
        retract(session, stay, said, library=desk().library, by=actor(), now=now())
        about = session.get_one(Statement, said).handoff_id
        location = url_for("stays.show", stay_id=stay_id, done="undone", about=about)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/handoffs/<int:handoff_id>/reroute")
def elsewhere(handoff_id: int) -> ResponseReturnValue:
    """Ask where a handoff goes that was declined."""
    stay, task = seen_handoff(handoff_id)
    if not task.may_reroute:
        raise NotPermitted(_NOT_DECLINED)
    suggested = task.decline.suggested_id if task.decline else None
    return _reroute_screen(handoff_id, stay, task, {"organization": str(suggested or "")}, {})


@pages.post("/handoffs/<int:handoff_id>/reroute")
def rerouted(handoff_id: int) -> ResponseReturnValue:
    """Send a handoff elsewhere; the new office is told from now on."""
    stay, task = seen_handoff(handoff_id)
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        chosen = posted.needed_number("organization", ask="送り先を選んでください。")
        posted.finish()
        with acting() as session:
            found, handoff, current = locked_handoff(session, handoff_id)
            if not current.may_reroute:
                raise NotPermitted(_NOT_DECLINED)
            library = desk().library
            reroute(session, found, handoff, chosen, library=library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=found.id, done="rerouted", about=handoff_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _reroute_screen(handoff_id, stay, task, posted.values, bad.fields), 422
    return redirect(location, code=303)


def _choices(organizations: list[Organization]) -> list[tuple[int, str]]:
    return [
        (o.id, f"{o.name}（{o.municipality}）" if o.municipality else o.name) for o in organizations
    ]


def _decline_screen(
    stay: Overview, task: Task, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    with reading() as session:
        known = planning_organizations(session, actor().region)
    others = [o for o in known if o.id != actor().organization_id]
    return render_template(
        "handoffs/decline.html",
        stay=stay,
        task=task,
        values=values,
        errors=errors,
        reasons=DeclineReason,
        offices=_choices(others),
    )


def _reroute_screen(
    handoff_id: int,
    stay: Overview,
    task: Task,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> str:
    with reading() as session:
        found, handoff, _ = locked_handoff(session, handoff_id)
        offices = receivers_for(session, found, handoff, actor())
    return render_template(
        "handoffs/reroute.html",
        stay=stay,
        task=task,
        values=values,
        errors=errors,
        offices=_choices(offices),
    )
