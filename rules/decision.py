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
from datetime import date

from rules.condition import Condition, Weighing, weigh
from rules.due import Window, due_at
from rules.edition import Clause, Edition, EditionRef, HandoffRule
from rules.engine import compiled
from rules.errors import EngineError
from rules.facts import Facts
from rules.kinds import Coordination, HandoffKind, Party, Standing, Truth
from rules.moments import Calendars, Moments
from rules.wording import without_repeats


@dataclass(frozen=True)
class Reason:
    """A clause of the paper that holds: its id, its own words, and where it stands."""

    id: str
    text: str
    source: str


@dataclass(frozen=True)
class Duty:
    """One handoff that is owed, or that waits for facts.

    rule_id: unique within the edition. due: the last permitted day, None where the paper
    gives none or its anchor is not known yet. window_from: the first day on which the work
    can be done. preferred: the day that the paper would rather see. waits_for: the facts
    that could still make it owed or drop it. text: the paper's own words. counting: how
    the days are counted, in Japanese.
    """

    rule_id: str
    kind: HandoffKind
    sender: Party
    receiver: Party
    standing: Standing
    due: date | None
    window_from: date | None
    preferred: date | None
    waits_for: tuple[str, ...]
    text: str
    source: str
    counting: str


@dataclass(frozen=True)
class Decision:
    """The answer for one patient under one edition.

    because: the criteria that hold, whatever the answer. excluded_by: the exclusions that
    hold. missing: the facts that could still change the answer or its handoffs, those of
    the answer first. held_back: why 不要 was not said although nothing speaks for
    coordination. unverified: what of the edition could not be read, whoever asks.
    """

    edition: EditionRef
    coordination: Coordination
    because: tuple[Reason, ...]
    excluded_by: tuple[Reason, ...]
    missing: tuple[str, ...]
    handoffs: tuple[Duty, ...]
    held_back: tuple[str, ...]
    unverified: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Lay the decision out for JSON: words of the closed lists, ISO days, null for none."""
        return {
            "edition": {
                "region": self.edition.region,
                "in_force": _iso(self.edition.in_force),
                "title": self.edition.title,
                "digest": self.edition.digest,
            },
            "coordination": self.coordination.value,
            "because": [_reason_as_json(reason) for reason in self.because],
            "excluded_by": [_reason_as_json(reason) for reason in self.excluded_by],
            "missing": list(self.missing),
            "handoffs": [_duty_as_json(duty) for duty in self.handoffs],
            "held_back": list(self.held_back),
            "unverified": list(self.unverified),
        }


Weighings = Mapping[Condition, Weighing]


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
    duties = tuple(
        _duty(rule, due_at(rule.due, moments, calendars), answer, waiting, weighings)
        for rule in edition.handoffs
        if answer.coordination is not Coordination.NOT_REQUIRED
        and weighings[rule.condition].truth is not Truth.CLOSED
    )
    return Decision(
        edition=edition.ref,
        coordination=answer.coordination,
        because=_reasons(edition.criteria, weighings),
        excluded_by=_reasons(edition.grounds_against, weighings),
        missing=without_repeats((*waiting, *(fact for duty in duties for fact in duty.waits_for))),
        handoffs=duties,
        held_back=answer.held_back,
        unverified=tuple(part.text for part in edition.unverified),
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


def _reasons(clauses: tuple[Clause, ...], weighings: Weighings) -> tuple[Reason, ...]:
    """Quote the clauses that hold."""
    return tuple(
        Reason(clause.id, clause.text, clause.source)
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
    window: Window,
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
        due=window.latest,
        window_from=window.opens,
        preferred=window.preferred,
        waits_for=without_repeats((*waiting, *weighing.waits_for)),
        text=rule.text,
        source=rule.source,
        counting=rule.due.words,
    )


def _iso(day: date | None) -> str | None:
    """Write a day as ISO, or nothing."""
    return None if day is None else day.isoformat()


def _reason_as_json(reason: Reason) -> dict[str, str]:
    """Lay one reason out for JSON."""
    return {"id": reason.id, "text": reason.text, "source": reason.source}


def _duty_as_json(duty: Duty) -> dict[str, object]:
    """Lay one duty out for JSON."""
    return {
        "rule_id": duty.rule_id,
        "kind": duty.kind.value,
        "sender": duty.sender.value,
        "receiver": duty.receiver.value,
        "standing": duty.standing.value,
        "due": _iso(duty.due),
        "window_from": _iso(duty.window_from),
        "preferred": _iso(duty.preferred),
        "waits_for": list(duty.waits_for),
        "text": duty.text,
        "source": duty.source,
        "counting": duty.counting,
    }
