"""The tick boxes of the paper: what the edition asks about a person, each may stay 未評価.

The page asks only what the edition in force on the day of admission speaks of, and
never what the record itself knows. What is decided from it is the rules' business.

If somebody else answered meanwhile, what only one of the two changed is brought together; what
both answered differently is shown side by side, and nothing is saved until one was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.decision.assessment import assess, assessment_of
from handoffs.decision.given_by import Basis, Given, basis_of
from handoffs.errors import BadEntry, NotVisible
from handoffs.handoff import State
from handoffs.shown.overview import Overview
from handoffs.tokyo import day_of
from rules import UNKNOWN, Edition, Fact, Facts, NoEdition
from rules.condition import facts_of
from rules.cross_region import seen_by
from rules.why import Explanation, explain
from rules.why.words import HEADINGS, flip_lines, node_words
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.dates import moment
from web.inputs import Posted
from web.merge import Conflict
from web.overtaken import (
    CARRIED,
    Carried,
    Contested,
    carried_in,
    choices,
    filled,
    hidden_fields,
    settle,
)
from web.stays.stay_pages import seen
from web.unverified import note_on, notes_for

pages = Blueprint("assessments", __name__)

_ANEW = "画面を開き直してください。"


@dataclass(frozen=True)
class Question:
    """One fact to be ticked. `decides` says that the decision waits for its answer."""

    fact: Fact
    decides: bool


@dataclass(frozen=True)
class Contest:
    """One fact that two people answered differently, with the answers to choose from."""

    fact: Fact
    options: list[tuple[str, str]]


@pages.get("/stays/<int:stay_id>/assessment")
def tick(stay_id: int) -> ResponseReturnValue:
    """Show the tick boxes with the last answers."""
    stay = seen(stay_id)
    draft = kept_draft()
    if draft is None:
        return _screen(stay, _stored(stay), Carried(stay.version, _stored(stay)))
    values = {name: texts[0] for name, texts in draft.items()}
    return _screen(stay, _stored(stay) | values, carried_in(draft))


@pages.post("/stays/<int:stay_id>/assessment")
def tick_posted(stay_id: int) -> ResponseReturnValue:
    """Take in the answers, decide anew, and lead back to what follows."""
    stay = seen(stay_id)
    form = request.form.to_dict(flat=False)
    carried = carried_in(form)
    questions = {fact.id: fact for fact in asked(stay)}
    posted = Posted(filled(form, carried, questions), day_of(now()))
    try:
        ticked = _read(posted, questions, carried)
        with acting() as session:
            found = find_stay(session, actor(), stay_id)
            last = assessment_of(session, stay_id)
            facts = last.facts if last else {}
            stored = {fact: facts.get(fact, UNKNOWN) for fact in questions}
            answers, together = settle(carried, ticked, stored, found.version)
            assess(session, found, answers, library=desk().library, by=actor(), now=now())
            done = "assessed_together" if together else "assessed"
            location = url_for("stays.show", stay_id=stay_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay, _stored(stay) | posted.values, carried, bad.fields), 422
    except Contested as contested:
        values = {**posted.values, **contested.merged}
        return _screen(seen(stay_id), values, contested.carried, contested=contested), 409
    return redirect(location, code=303)


def _read(posted: Posted, questions: Mapping[str, Fact], carried: Carried) -> dict[str, str]:
    """Read the answers that the form holds; a question that it lost keeps its answer."""
    ticked = {
        fact.id: posted.one_of(
            fact.id,
            tuple(fact.values),
            ask=f"「{fact.label}」を一覧から選び直してください。",
            default=UNKNOWN,
        )
        for fact in questions.values()
        if fact.id in posted.values
    }
    # What the record learned since the page was shown is no longer asked and no mistake.
    posted.let_pass({*CARRIED, *carried.seen})
    posted.needed_number("version", ask=_ANEW)
    posted.finish()
    return ticked


@pages.get("/stays/<int:stay_id>/why")
def why(stay_id: int) -> ResponseReturnValue:
    """Show why the answer came out: the clauses, the values used, who gave them, what flips it."""
    stay = seen(stay_id)
    with reading() as session:
        basis = basis_of(session, actor(), stay_id)
    if basis is None:
        raise NotVisible
    edition = desk().library.edition(basis.region, basis.in_force)
    home = _home_of(stay)
    explanation = _explained(edition, basis, lives_here=False if home else None)
    return render_template(
        "assessments/why.html",
        stay=stay,
        explanation=explanation,
        corrected=edition.digest != basis.digest,
        sections=[(role, words) for role, words in HEADINGS.items() if explanation.of(role)],
        flips=tuple(flip_lines(explanation)),
        home=_explained(home, basis, lives_here=True) if home else None,
        home_flips=flip_lines,
        headings=HEADINGS,
        node_words=node_words,
        notes=(*notes_for([stay.admitted_on]), *((note_on(home),) if home else ())),
    )


def _explained(edition: Edition, basis: Basis, *, lives_here: bool | None) -> Explanation:
    """Explain a stored answer; a value that the edition no longer has is unknown.

    lives_here: where two regions' rules were asked, whether this is the home's; None for one.
    """
    known = edition.vocabulary
    facts = Facts({f: v for f, v in basis.facts.items() if f in known and v in known[f].values})
    if lives_here is not None:
        facts = seen_by(edition, facts, lives_here=lives_here)
    given_by = {fact: _origin(given) for fact, given in basis.given.items()}
    return explain(edition, facts, given_by=given_by)


def _home_of(stay: Overview) -> Edition | None:
    """Find the edition of the home that was asked beside the hospital's, if it is still there."""
    cross = stay.decision.cross if stay.decision else None
    home = cross.sides[1] if cross else None
    if home is None or home.in_force is None:
        return None
    try:
        return desk().library.edition(home.region, home.in_force)
    except NoEdition:
        return None


def _origin(given: Given) -> str:
    """Say who gave a value, and when."""
    record = "（登録内容から）" if given.from_record else ""
    return f"{given.by} {moment(given.at)}{record}"


def asked(stay: Overview) -> tuple[Fact, ...]:
    """The facts that the stay's edition speaks of and the record does not know by itself."""
    edition, home = desk().library.in_force(actor().region, stay.admitted_on), _home_of(stay)
    facts = {
        fact: each.vocabulary[fact]
        for each in (edition, home)
        if each is not None
        for fact in _spoken_of(each)
    }
    own = edition.vocabulary
    # Where both editions have a word of one name, that of the hospital's is asked.
    return tuple(own.get(fact, asked) for fact, asked in facts.items() if fact not in stay.recorded)


def _spoken_of(edition: Edition) -> tuple[str, ...]:
    """Every fact that some condition of an edition names, in the order of the vocabulary."""
    named = {fact for condition in edition.conditions for fact in facts_of(condition)}
    return tuple(fact for fact in edition.vocabulary if fact in named)


def _stored(stay: Overview) -> dict[str, str]:
    """The answer that stands to each question of the page."""
    return {fact.id: stay.answers.get(fact.id, UNKNOWN) for fact in asked(stay)}


def _screen(
    stay: Overview,
    values: Mapping[str, str],
    carried: Carried,
    errors: Mapping[str, str] | None = None,
    *,
    contested: Contested | None = None,
) -> str:
    conflicts = contested.conflicts if contested else carried.contests(_stored(stay))
    contests = _contests(stay, conflicts)
    missing = set(stay.decision.missing_ids) if stay.decision else set()
    groups: dict[str, list[Question]] = {}
    for fact in asked(stay):
        if all(fact.id != contest.fact.id for contest in contests):
            groups.setdefault(fact.group, []).append(Question(fact, fact.id in missing))
    waiting = [t.title for t in stay.open_tasks if t.state is State.UNDETERMINED]
    unchosen = {
        contest.fact.id: f"「{contest.fact.label}」の答えが、あなたと別の職員で違います。"
        "どちらかを選んでください。"
        for contest in contests
    }
    return render_template(
        "assessments/tick.html",
        stay=stay,
        groups=groups,
        contests=contests,
        waiting=list(dict.fromkeys(waiting)),
        values=values,
        errors={**unchosen, **(errors or {})},
        hidden_fields=hidden_fields(carried),
    )


def _contests(stay: Overview, conflicts: tuple[Conflict, ...]) -> list[Contest]:
    if not conflicts:
        return []
    facts = {fact.id: fact for fact in asked(stay)}
    with reading() as session:
        basis = basis_of(session, actor(), stay.person.stay_id)
    given = basis.given if basis else {}
    made = stay.decision
    last = f"{made.made_by}　{moment(made.made_at)}" if made else "登録済み"
    return [
        Contest(
            facts[one.field],
            choices(
                one,
                facts[one.field].values,
                # Who took an answer back to 未評価 made the latest decision.
                _origin(given[one.field]) if one.field in given else last,
            ),
        )
        for one in conflicts
        if one.field in facts
    ]
