"""The tick boxes of the paper: what the edition asks about a person, each may stay 未評価.

The page asks only what the edition in force on the day of admission speaks of, and
never what the record itself knows. What is decided from it is the rules' business.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import Permission, find_stay
from handoffs.assessment import assess
from handoffs.errors import BadEntry, Overtaken
from handoffs.overview import Overview
from handoffs.tokyo import day_of
from rules import UNKNOWN, Edition, Fact
from rules.condition import facts_of
from web.auth import kept_draft, requires
from web.context import acting, actor, desk, now, taken_in
from web.inputs import Posted
from web.stays import seen

pages = Blueprint("assessments", __name__)


@dataclass(frozen=True)
class Question:
    """One fact to be ticked. `waiting` names the handoffs that wait for the answer."""

    fact: Fact
    decides: bool
    waiting: tuple[str, ...]


@pages.get("/stays/<int:stay_id>/assessment")
@requires(Permission.STAY_ASSESS)
def tick(stay_id: int) -> ResponseReturnValue:
    """Show the tick boxes with the last answers."""
    stay = seen(stay_id)
    draft = kept_draft()
    values = {name: texts[0] for name, texts in draft.items()} if draft else dict(stay.answers)
    return _screen(stay, values, {})


@pages.post("/stays/<int:stay_id>/assessment")
@requires(Permission.STAY_ASSESS)
def tick_posted(stay_id: int) -> ResponseReturnValue:
    """Take in the answers, decide anew, and lead back to what follows."""
    stay = seen(stay_id)
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        ticked = {
            fact.id: posted.one_of(
                fact.id,
                tuple(fact.values),
                ask=f"「{fact.label}」を一覧から選び直してください。",
                default=UNKNOWN,
            )
            for fact in asked(stay)
        }
        version = posted.needed_number("version", ask="画面を開き直してください。")
        posted.finish()
        with acting() as session:
            found = find_stay(session, actor(), stay_id)
            assess(
                session,
                found,
                ticked,
                library=desk().library,
                by=actor(),
                now=now(),
                version=version,
            )
            location = url_for("stays.show", stay_id=stay_id, done="assessed")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay, posted.values, bad.fields), 422
    except Overtaken as overtaken:
        return _screen(seen(stay_id), posted.values, {"version": overtaken.message}), 409
    return redirect(location, code=303)


def asked(stay: Overview) -> tuple[Fact, ...]:
    """The facts that the stay's edition speaks of and the record does not know by itself."""
    edition = desk().library.in_force(actor().region, stay.admitted_on)
    return tuple(
        edition.vocabulary[fact] for fact in _spoken_of(edition) if fact not in stay.recorded
    )


def _spoken_of(edition: Edition) -> tuple[str, ...]:
    """Every fact that some condition of an edition names, in the order of the vocabulary."""
    named = {fact for condition in edition.conditions for fact in facts_of(condition)}
    return tuple(fact for fact in edition.vocabulary if fact in named)


def _screen(stay: Overview, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    missing = set(stay.decision.missing) if stay.decision else set()
    groups: dict[str, list[Question]] = {}
    for fact in asked(stay):
        waiting = tuple(t.kind.label for t in stay.open_tasks if fact.label in t.waits_for)
        question = Question(fact, fact.label in missing, tuple(dict.fromkeys(waiting)))
        groups.setdefault(fact.group, []).append(question)
    return render_template(
        "assessments/tick.html", stay=stay, groups=groups, values=values, errors=errors
    )
