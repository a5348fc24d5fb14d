"""Try a rule: one imagined patient, what editions say of them, why, and what would change it.

Coded facts and days only. There is no field for a name, nothing is read from the record and
nothing is written: not even a draft edition that was pasted or uploaded. An address that opens
the page with facts (a finding of the linter) holds closed words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.backtest.work import MOST_DRAFT
from handoffs.decision.cross import CrossShown, cross_shown, kept_cross
from handoffs.errors import BadEntry
from handoffs.tokyo import day_of
from rules import (
    UNKNOWN,
    CalendarError,
    Calendars,
    Coordination,
    Edition,
    EngineError,
    Fact,
    Facts,
    Moments,
)
from rules.agreement import agreement_in_force
from rules.cross_region import cross, seen_by
from rules.difference import Difference, difference
from rules.lint import lint
from rules.lint.finding import Finding
from rules.why.words import node_words
from web.context import actor, desk, now
from web.inputs import Posted, typed_day
from web.trial.columns import Column, column, facts_known, patient_of, questions_of
from web.trial.days import DAYS, PARTIES, USUAL_REST, calendars_of, moments_of
from web.trial.draft import DRAFT, FILE, DraftRead, draft_in
from web.unverified import note_on

pages = Blueprint("simulator", __name__)

EDITION, HOME, WAS, ASKED, PATIENT, LOOK_OVER = (
    "edition",
    "home",
    "was",
    "asked",
    "patient",
    "look_over",
)
UNDATED = "undated"
LONGEST_PATIENT = 4_000


@dataclass(frozen=True)
class Trial:
    """What was tried and what came of it.

    coordination: of both regions' rules where there are two, else of the one. was: the answer
    before, None for the first look. differences: from the edition to the draft.
    """

    columns: tuple[Column, ...]
    coordination: Coordination
    was: Coordination | None
    cross: CrossShown | None = None
    home_words: str = ""
    differences: Difference | None = None


@dataclass(frozen=True)
class Chosen:
    """The editions that are tried: the one in force, the home's and a draft where there are."""

    edition: Edition
    home: Edition | None
    draft: DraftRead

    @property
    def all(self) -> tuple[Edition, ...]:
        """All of them."""
        return tuple(e for e in (self.edition, self.home, self.draft.edition) if e is not None)


@pages.get("/simulator")
def look() -> ResponseReturnValue:
    """Show the boxes of an edition, ticked as the address says, and the answer to that."""
    return _tried(request.args.to_dict(flat=False))


@pages.post("/simulator")
def look_posted() -> ResponseReturnValue:
    """Show the answer to what was ticked; nothing is kept."""
    return _tried(request.form.to_dict(flat=False))


def key_of(edition: Edition) -> str:
    """Name an edition in an address: its region and its first day."""
    in_force = UNDATED if edition.in_force is None else edition.in_force.isoformat()
    return f"{edition.region}.{in_force}"


def _tried(typed: Mapping[str, list[str]]) -> ResponseReturnValue:
    """Read what was chosen and ticked, and show the page with its answer."""
    today = day_of(now())
    posted = Posted(dict(typed), today)
    chosen = _chosen(posted)
    questions = questions_of(chosen.all)
    try:
        patient = posted.text(PATIENT, longest=LONGEST_PATIENT)
        facts = _facts(posted, questions, patient)
        looked_over = bool(posted.text(LOOK_OVER))
        moments = moments_of(posted, today)
        calendars = calendars_of(posted, moments, today)
        was = posted.one_of(WAS, ("", *Coordination), ask="画面を開き直してください。")
        posted.finish()
        trial = _trial(chosen, facts, moments, calendars, was=was)
    except BadEntry as bad:
        return _screen(chosen, questions, posted, bad.fields, None), 422
    except CalendarError as error:
        return _screen(chosen, questions, posted, {"hospital_rest": str(error)}, None), 422
    except EngineError as error:
        return _screen(chosen, questions, posted, {DRAFT: str(error)}, None), 422
    findings = None
    if (looked_over or patient) and chosen.draft.edition is not None:
        findings = lint(chosen.draft.edition, today)
    shown = {**posted.values, **(dict.fromkeys(_ids(questions), UNKNOWN) if patient else {})}
    if patient:
        shown |= facts.given
    return _screen(chosen, questions, posted, {}, trial, values=shown, findings=findings)


def _chosen(posted: Posted) -> Chosen:
    """Find the editions that the page is about; what cannot be used is complained of."""
    editions = {key_of(edition): edition for edition in desk().library.editions}
    again = "版を一覧から選び直してください。"
    key = posted.one_of(EDITION, tuple(editions), ask=again, default=_usual())
    home = posted.one_of(HOME, ("", *editions), ask=again)
    if home and editions[home].region == editions[key].region:
        posted.refuse(HOME, "病院と同じ地域です。「病院と同じ」に戻してください。")
        home = ""
    # What an edition asked that was tried before may no longer be asked; it is no mistake.
    posted.let_pass(posted.text(ASKED, longest=LONGEST_PATIENT).split())
    draft = draft_in(posted, request.files.get(FILE))
    return Chosen(editions[key], editions[home] if home else None, draft)


def _usual() -> str:
    """Begin with the edition that is in force in the reader's own region, or with the first."""
    library, today = desk().library, day_of(now())
    own = [e for e in library.editions if e.region == actor().region and e.in_force is not None]
    begun = [e for e in own if e.in_force is not None and e.in_force <= today]
    return key_of((begun or own or list(library.editions))[-1])


def _ids(questions: Mapping[str, tuple[Fact, ...]]) -> list[str]:
    return [fact.id for facts in questions.values() for fact in facts]


def _facts(posted: Posted, questions: Mapping[str, tuple[Fact, ...]], patient: str) -> Facts:
    """Read the boxes, or the patient of a finding; what was not there is unknown."""
    ticked = {
        fact.id: posted.one_of(
            fact.id,
            tuple(fact.values),
            ask=f"「{fact.label}」を一覧から選び直してください。",
            default=UNKNOWN,
        )
        for facts in questions.values()
        for fact in facts
    }
    return Facts(patient_of(patient, questions) if patient else ticked)


def _trial(
    chosen: Chosen, facts: Facts, moments: Moments, calendars: Calendars, *, was: str
) -> Trial:
    """Ask every edition; two regions' rules are asked as for a stay of the record."""
    edition, home, draft = chosen.edition, chosen.home, chosen.draft.edition
    here = facts if home is None else seen_by(edition, facts, lives_here=False)
    name = "病院の地域の版" if home else "有効な版" if draft else ""
    columns = [column(name, edition, here, moments, calendars)]
    two, coordination = None, columns[0].decision.coordination
    if home is not None:
        there = seen_by(home, facts, lives_here=True)
        columns.append(column("住まいの地域の版", home, there, moments, calendars))
        agreement = agreement_in_force(
            frozenset((edition.region, home.region)),
            moments.admitted_on,
            desk().library.agreements_folder,
            known={each.region for each in desk().library.editions},
        )
        found = cross(edition, home, facts, moments, calendars, agreement)
        today = day_of(now())
        kept = {"cross": kept_cross(found, today)}
        two, coordination = cross_shown(kept, moments.admitted_on, today), found.coordination
    if draft is not None:
        columns.append(column("案", draft, facts_known(draft, here), moments, calendars))
    return Trial(
        tuple(columns),
        coordination,
        Coordination(was) if was else None,
        cross=two,
        differences=None if draft is None else difference(edition, draft),
    )


def _screen(
    chosen: Chosen,
    questions: Mapping[str, tuple[Fact, ...]],
    posted: Posted,
    errors: Mapping[str, str],
    trial: Trial | None,
    *,
    values: Mapping[str, str] | None = None,
    findings: tuple[Finding, ...] | None = None,
) -> str:
    usual = {f"{name}_rest": USUAL_REST for name, _, _ in PARTIES}
    shown = {"admitted_on": typed_day(day_of(now())), **usual, **(values or posted.values)}
    editions = [(key_of(each), _name(each)) for each in desk().library.editions]
    return render_template(
        "simulator/try.html",
        edition=chosen.edition,
        editions=editions,
        chosen=key_of(chosen.edition),
        home=key_of(chosen.home) if chosen.home else "",
        draft=chosen.draft,
        longest=MOST_DRAFT,
        groups=questions,
        asked=" ".join(_ids(questions)),
        days=DAYS,
        parties=PARTIES,
        values=shown,
        errors=errors,
        trial=trial,
        findings=findings,
        node_words=node_words,
        notes=[note_on(each) for each in chosen.all],
    )


def _name(edition: Edition) -> str:
    """Name an edition in the list."""
    return f"{edition.region_name}({_since(edition.in_force)})"


def _since(in_force: date | None) -> str:
    return "施行日不明" if in_force is None else f"{in_force} 施行"
