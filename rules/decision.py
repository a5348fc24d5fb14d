"""Decide for one patient: is discharge coordination needed, why, and what must be passed on.

Three answers, never two: what was not assessed is not "no". A criterion that holds asks
for coordination; an exclusion that could still hold keeps that open; 不要 is said only
where nothing could still speak for coordination and nothing of the paper's scope or
criteria is unread. So learning one more fact never overturns a firm answer.

Reads no clock, knows no patient, stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rules.arrangement import MainContact, Stage, Tier
from rules.condition import Condition, Weighing, facts_of, weigh
from rules.duty import ChosenDue, Duty, chosen_due, is_short_notice, iso
from rules.edition import Clause, Edition, EditionRef, HandoffRule
from rules.engine import compiled
from rules.errors import EngineError
from rules.facts import Facts
from rules.kinds import Coordination, Standing, Truth
from rules.moments import Calendars, Moments
from rules.wording import without_repeats


@dataclass(frozen=True)
class Reason:
    """A clause of the paper that holds: its id, its own words, and where it stands.

    judgements: the facts of it that somebody judged; the record keeps who and when.
    """

    id: str
    text: str
    source: str
    judgements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The answer for one patient under one edition.

    because: the criteria that hold, whatever the answer. excluded_by: the exclusions that
    hold. missing: the facts that could still change the answer or its handoffs, those of
    the answer first. held_back: why 不要 was not said although nothing speaks for
    coordination. unverified: what of the edition could not be read, whoever asks. tier,
    stage: the grade of need, and the step at which the case enters, where the edition has
    such and both are certain. consult: why the parties must talk, because other rules
    apply too. yields_to: other documents that go before this one for this patient.
    """

    edition: EditionRef
    coordination: Coordination
    because: tuple[Reason, ...]
    excluded_by: tuple[Reason, ...]
    missing: tuple[str, ...]
    handoffs: tuple[Duty, ...]
    held_back: tuple[str, ...]
    unverified: tuple[str, ...]
    tier: Tier | None = None
    stage: Stage | None = None
    consult: tuple[Reason, ...] = ()
    yields_to: tuple[Reason, ...] = ()
    main_contact: MainContact | None = None

    def as_json(self) -> dict[str, object]:
        """Lay the decision out for JSON: words of the closed lists, ISO days, null for none.

        What an edition need not have (tier, stage, consult, yields_to, main_contact) is left
        out where it says nothing.
        """
        said: dict[str, object] = {
            "edition": {
                "region": self.edition.region,
                "in_force": iso(self.edition.in_force),
                "title": self.edition.title,
                "digest": self.edition.digest,
            },
            "coordination": self.coordination.value,
            "because": [_reason_as_json(reason) for reason in self.because],
            "excluded_by": [_reason_as_json(reason) for reason in self.excluded_by],
            "missing": list(self.missing),
            "handoffs": [duty.as_json() for duty in self.handoffs],
            "held_back": list(self.held_back),
            "unverified": list(self.unverified),
        }
        beside: dict[str, object] = {
            "tier": None if self.tier is None else self.tier.id,
            "stage": None if self.stage is None else self.stage.id,
            "consult": [_reason_as_json(reason) for reason in self.consult],
            "yields_to": [_reason_as_json(reason) for reason in self.yields_to],
            "main_contact": (
                [] if self.main_contact is None else [r.value for r in self.main_contact.one_of]
            ),
        }
        return said | {key: value for key, value in beside.items() if value}


Weighings = Mapping[Condition, Weighing]
Graded = TypeVar("Graded", Tier, Stage)


@dataclass(frozen=True)
class _Answer:
    """The answer, the conditions that could still change it, and why 不要 was held back."""

    coordination: Coordination
    asked: tuple[Condition, ...] = ()
    held_back: tuple[str, ...] = ()


def decide(edition: Edition, facts: Facts, moments: Moments, calendars: Calendars) -> Decision:
    """Decide for one patient under one edition.

    `moments` and `calendars` only move dues, never the answer. Raises EngineError where
    durable-rules did not run or reads a condition otherwise than its tree, and
    CalendarError where a due needs a calendar that is never open.
    """
    weighings = _weighed(edition, facts)
    answer = _answer(edition, weighings)
    waiting = _waits(answer.asked, weighings)
    comes = answer.coordination is not Coordination.NOT_REQUIRED
    duties = tuple(
        _duty(
            rule,
            chosen_due(rule, moments, calendars, weighings),
            moments,
            answer,
            waiting,
            weighings,
        )
        for rule in edition.handoffs
        if comes and weighings[rule.condition].truth is not Truth.CLOSED
    )
    asked_too = _waits(_conditions_beside(edition) if comes else (), weighings)
    waits = (fact for duty in duties for fact in duty.waits_for)
    return Decision(
        edition=edition.ref,
        coordination=answer.coordination,
        because=_reasons(edition, edition.criteria, weighings),
        excluded_by=_reasons(edition, edition.grounds_against, weighings),
        missing=without_repeats((*waiting, *waits, *asked_too)),
        handoffs=duties,
        held_back=answer.held_back,
        unverified=tuple(part.text for part in edition.unverified),
        tier=_certain(edition.tiers if comes else (), weighings),
        stage=_certain(edition.stages if comes else (), weighings),
        consult=_reasons(edition, edition.consult, weighings),
        yields_to=_reasons(edition, edition.yields_to, weighings),
        main_contact=edition.main_contact if comes else None,
    )


def _weighed(edition: Edition, facts: Facts) -> Weighings:
    """Let the engine answer, and refuse an answer that differs from the reading of the tree."""
    truths = compiled(edition).truths(facts)
    weighings = {condition: weigh(condition, facts) for condition in edition.conditions}
    for weighing, truth in zip(weighings.values(), truths, strict=True):
        if weighing.truth is not truth:
            message = f"durable-rules の答えが {edition.file.name} の条件の読みと食い違いました。"
            raise EngineError(message)
    return weighings


def _answer(edition: Edition, weighings: Weighings) -> _Answer:
    """Weigh the criteria against the exclusions, and both against what is unread."""
    met = _conditions(edition.criteria, weighings, Truth.MET)
    still_open = _conditions(edition.criteria, weighings, Truth.OPEN)
    against = _conditions(edition.grounds_against, weighings, Truth.MET)
    against_open = _conditions(edition.grounds_against, weighings, Truth.OPEN)
    unread = [p for p in edition.holding_back if weighings[p.condition].truth is not Truth.CLOSED]
    unread_conditions = tuple(part.condition for part in unread)
    if against or not (met or still_open):
        if not unread:
            return _Answer(Coordination.NOT_REQUIRED)
        texts = tuple(part.text for part in unread)
        return _Answer(Coordination.UNDETERMINED, unread_conditions, texts)
    if met and not against_open:
        return _Answer(Coordination.REQUIRED)
    asked = (*(() if met else still_open), *against_open, *unread_conditions)
    return _Answer(Coordination.UNDETERMINED, asked)


def _conditions(
    clauses: tuple[Clause, ...], weighings: Weighings, truth: Truth
) -> tuple[Condition, ...]:
    """Pick the conditions of the clauses that stand so."""
    return tuple(c.condition for c in clauses if weighings[c.condition].truth is truth)


def _conditions_beside(edition: Edition) -> tuple[Condition, ...]:
    """List what is asked beside the answer and its handoffs: tier, stage and other documents."""
    return (
        *(tier.condition for tier in edition.tiers),
        *(stage.condition for stage in edition.stages),
        *(clause.condition for clause in (*edition.consult, *edition.yields_to)),
    )


def _certain(graded: tuple[Graded, ...], weighings: Weighings) -> Graded | None:
    """Pick the tier, or the stage, that holds; None while that is open."""
    held = (each for each in graded if weighings[each.condition].truth is Truth.MET)
    return next(held, None)


def _reasons(
    edition: Edition, clauses: tuple[Clause, ...], weighings: Weighings
) -> tuple[Reason, ...]:
    """Quote the clauses that hold, and name the judgements among their facts."""
    return tuple(
        Reason(
            clause.id,
            clause.text,
            clause.source,
            tuple(f for f in facts_of(clause.condition) if edition.vocabulary[f].judged_by),
        )
        for clause in clauses
        if weighings[clause.condition].truth is Truth.MET
    )


def _waits(conditions: Iterable[Condition], weighings: Weighings) -> tuple[str, ...]:
    """List the unknown facts that could still move any of these conditions."""
    return without_repeats(
        fact for condition in conditions for fact in weighings[condition].waits_for
    )


def _duty(
    rule: HandoffRule,
    chosen: ChosenDue,
    moments: Moments,
    answer: _Answer,
    waiting: tuple[str, ...],
    weighings: Weighings,
) -> Duty:
    """Put one handoff together; it is owed only where the answer and its own condition are."""
    weighing = weighings[rule.condition]
    owed = answer.coordination is Coordination.REQUIRED and weighing.truth is Truth.MET
    return Duty(
        rule_id=rule.id,
        kind=rule.kind,
        sender=rule.sender,
        receiver=rule.receiver,
        standing=Standing.REQUIRED if owed else Standing.UNDETERMINED,
        due=chosen.window.latest,
        window_from=chosen.window.opens,
        preferred=chosen.window.preferred,
        waits_for=without_repeats((*waiting, *weighing.waits_for, *chosen.waits_for)),
        text=chosen.case.text or rule.text,
        source=chosen.case.source or rule.source,
        counting=chosen.counting,
        strength=rule.strength,
        short_notice=is_short_notice(chosen, moments),
        also_to=rule.also_to,
        follows=rule.follows,
        fallbacks=rule.fallbacks,
        stage=rule.stage,
        sheet=rule.sheet,
        channels=rule.channels,
    )


def _reason_as_json(reason: Reason) -> dict[str, object]:
    """Lay one reason out for JSON."""
    said: dict[str, object] = {"id": reason.id, "text": reason.text, "source": reason.source}
    return said | ({"judgements": list(reason.judgements)} if reason.judgements else {})
