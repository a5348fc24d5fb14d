"""Opening a handoff that no rule asks for, and telling the ward what became of somebody."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.by_hand import ROUTES, ByHandEntry, kinds_for, open_by_hand
from handoffs.errors import BadEntry, NotPermitted
from handoffs.outcome import LONGEST_WORDS, Outcome, OutcomeEntry, may_tell_outcome, tell_outcome
from handoffs.shown.overview import Overview
from handoffs.tokyo import day_of
from rules import HandoffKind, Party
from web.auth import kept_draft
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted
from web.stays.stay_pages import seen

pages = Blueprint("by_hand", __name__)

_BETWEEN = ":"
_NO_OUTCOME = "その後のようすは、退院のあとに、計画作成担当の方が伝えられます。"


@pages.get("/stays/<int:stay_id>/handoffs/new")
def ask(stay_id: int) -> ResponseReturnValue:
    """Ask what is to be handed over, to whom, by when and why."""
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _screen(seen(stay_id), draft, {})


@pages.post("/stays/<int:stay_id>/handoffs/new")
def opened(stay_id: int) -> ResponseReturnValue:
    """Open the handoff."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        words = [f"{kind}{_BETWEEN}{party}" for kind, (_, ps) in ROUTES.items() for party in ps]
        what = posted.one_of("what", words, ask="何を、だれに引き継ぐかを選んでください。")
        reason = posted.text("reason", ask="引き継ぎを開く理由を入力してください。", longest=200)
        wanted_on = posted.day("wanted_on")
        posted.finish()
        kind, _, party = what.partition(_BETWEEN)
        entry = ByHandEntry(
            kind=HandoffKind(kind), receiver=Party(party), reason=reason, wanted_on=wanted_on
        )
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            open_by_hand(session, stay, entry, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="opened")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(seen(stay_id), posted.values, _on_the_page(bad.fields)), 422
    return redirect(location, code=303)


@pages.get("/stays/<int:stay_id>/outcome")
def tell(stay_id: int) -> ResponseReturnValue:
    """Ask the plan office what became of the person."""
    stay = seen(stay_id)
    _refuse_outcome(stay_id)
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _outcome_screen(stay, draft, {})


@pages.post("/stays/<int:stay_id>/outcome")
def told(stay_id: int) -> ResponseReturnValue:
    """Tell the ward."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = OutcomeEntry(
            outcome=posted.word("outcome", Outcome, ask="どれに近いかを選んでください。"),
            words=posted.text("words", longest=LONGEST_WORDS)[:LONGEST_WORDS],
        )
        posted.finish()
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            tell_outcome(session, stay, entry, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="told_outcome")
            taken_in(session, location)
    except BadEntry as bad:
        return _outcome_screen(seen(stay_id), posted.values, bad.fields), 422
    return redirect(location, code=303)


def _refuse_outcome(stay_id: int) -> None:
    with reading() as session:
        found = find_stay(session, actor(), stay_id)
        if actor().is_hospital or not may_tell_outcome(found):
            raise NotPermitted(_NO_OUTCOME)


def _on_the_page(fields: Mapping[str, str]) -> dict[str, str]:
    """Kind and receiver are one choice on the page."""
    return {"what" if name in {"kind", "receiver"} else name: text for name, text in fields.items()}


def _screen(stay: Overview, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        kinds = kinds_for(find_stay(session, actor(), stay.person.stay_id), actor())
    choices = [
        (f"{kind}{_BETWEEN}{party}", f"{kind.label}（{ROUTES[kind][0].label} → {party.label}）")
        for kind in kinds
        for party in ROUTES[kind][1]
    ]
    return render_template(
        "handoffs/by_hand.html", stay=stay, choices=choices, values=values, errors=errors
    )


def _outcome_screen(stay: Overview, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "handoffs/outcome.html", stay=stay, outcomes=Outcome, values=values, errors=errors
    )
