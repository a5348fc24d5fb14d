"""Try a rule: one imagined patient, what an edition says of them, why, and what would change it.

Coded facts only. There is no field for a name, nothing is read from the record and nothing
is written; an address that opens the page with facts (a finding of the linter) holds closed words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.access import Permission
from handoffs.calendars import calendar_of
from handoffs.errors import BadEntry
from handoffs.tokyo import day_of
from rules import (
    UNKNOWN,
    CalendarError,
    Calendars,
    Coordination,
    Decision,
    Edition,
    Fact,
    Facts,
    Moments,
    Whose,
    decide,
)
from rules.condition import facts_of
from rules.why import Explanation, Role, explain
from rules.why.words import HEADINGS, flip_lines, node_words
from web.auth import kept_draft, requires
from web.context import actor, desk, now
from web.inputs import Posted, typed_day
from web.unverified import note_on

pages = Blueprint("simulator", __name__)

EDITION = "edition"
WAS = "was"
UNDATED = "undated"


@dataclass(frozen=True)
class Trial:
    """What was tried and what came of it. was: the answer before, None for the first look."""

    decision: Decision
    explanation: Explanation
    was: Coordination | None

    @property
    def flips(self) -> tuple[str, ...]:
        """What would change the answer, in words."""
        return tuple(flip_lines(self.explanation))

    @property
    def sections(self) -> tuple[tuple[Role, str], ...]:
        """The headings under which there are clauses."""
        return tuple((role, text) for role, text in HEADINGS.items() if self.explanation.of(role))


@pages.get("/simulator")
@requires(Permission.RULES_TRY)
def look() -> ResponseReturnValue:
    """Show the boxes of an edition, ticked as the address says, and the answer to that."""
    draft = kept_draft()
    return _tried(draft or request.args.to_dict(flat=False))


@pages.post("/simulator")
@requires(Permission.RULES_TRY)
def look_posted() -> ResponseReturnValue:
    """Show the answer to what was ticked; nothing is kept."""
    return _tried(request.form.to_dict(flat=False))


def key_of(edition: Edition) -> str:
    """Name an edition in an address: its region and its first day."""
    in_force = UNDATED if edition.in_force is None else edition.in_force.isoformat()
    return f"{edition.region}.{in_force}"


def questions_of(edition: Edition) -> dict[str, tuple[Fact, ...]]:
    """Gather the facts that some condition of an edition names, under their headings."""
    named = {fact for condition in edition.conditions for fact in facts_of(condition)}
    groups = edition.vocabulary.groups()
    asked = {group: tuple(f for f in facts if f.id in named) for group, facts in groups.items()}
    return {group: facts for group, facts in asked.items() if facts}


def _tried(typed: Mapping[str, list[str]]) -> ResponseReturnValue:
    """Read what was chosen and ticked, and show the page with its answer."""
    today = day_of(now())
    posted = Posted(dict(typed), today)
    editions = {key_of(edition): edition for edition in desk().library.editions}
    chosen = posted.one_of(
        EDITION, tuple(editions), ask="版を一覧から選び直してください。", default=_usual()
    )
    edition = editions[chosen]
    try:
        facts = _facts(posted, edition)
        moments = _moments(posted)
        was = posted.one_of(WAS, ("", *Coordination), ask="画面を開き直してください。")
        posted.finish()
    except BadEntry as bad:
        return _screen(edition, editions, posted, bad.fields, None), 422
    decision = decide(edition, facts, moments, _calendars(moments))
    trial = Trial(decision, explain(edition, facts, decision), Coordination(was) if was else None)
    return _screen(edition, editions, posted, {}, trial)


def _usual() -> str:
    """Begin with the edition that is in force in the reader's own region, or with the first."""
    library, today = desk().library, day_of(now())
    own = [e for e in library.editions if e.region == actor().region and e.in_force is not None]
    begun = [e for e in own if e.in_force is not None and e.in_force <= today]
    return key_of((begun or own or list(library.editions))[-1])


def _facts(posted: Posted, edition: Edition) -> Facts:
    """Read the boxes of an edition; those that were not there are unknown."""
    ticked = {
        fact.id: posted.one_of(
            fact.id,
            tuple(fact.values),
            ask=f"「{fact.label}」を一覧から選び直してください。",
            default=UNKNOWN,
        )
        for facts in questions_of(edition).values()
        for fact in facts
    }
    return Facts(ticked)


def _moments(posted: Posted) -> Moments:
    """Read the days of the imagined stay; without any, the admission is today.

    Raises BadEntry where one cannot be read or they contradict each other.
    """
    admitted_on = posted.day("admitted_on") or day_of(now())
    planned = posted.day("planned_discharge_on")
    if posted.errors:
        raise BadEntry(posted.errors)
    try:
        return Moments(admitted_on, planned_discharge_on=planned, need_seen_on=admitted_on)
    except CalendarError as error:
        posted.refuse("planned_discharge_on", str(error))
        raise BadEntry(posted.errors) from None


def _calendars(moments: Moments) -> Calendars:
    """Count by weekdays and public holidays, whoever's calendar it is."""
    calendar = calendar_of(None, moments.admitted_on, moments.planned_discharge_on)
    return dict.fromkeys(Whose, calendar)


def _screen(
    edition: Edition,
    editions: Mapping[str, Edition],
    posted: Posted,
    errors: Mapping[str, str],
    trial: Trial | None,
) -> str:
    values = {"admitted_on": typed_day(day_of(now())), **posted.values}
    return render_template(
        "simulator/try.html",
        edition=edition,
        editions=[(key, _name(each)) for key, each in editions.items()],
        chosen=key_of(edition),
        groups=questions_of(edition),
        values=values,
        errors=errors,
        trial=trial,
        node_words=node_words,
        note=note_on(edition),
    )


def _name(edition: Edition) -> str:
    """Name an edition in the list."""
    in_force = "施行日不明" if edition.in_force is None else f"{edition.in_force} 施行"
    return f"{edition.region_name}({in_force})"
