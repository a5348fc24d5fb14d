"""Decide for one patient: is discharge coordination needed, why, and what must be passed on.

Three answers, never two: what was not assessed is not "no". A criterion that holds asks
for coordination; an exclusion that could still hold keeps that open, and so does one that
nobody could read in full, for whoever may come under it; 不要 is said only where nothing
could still speak for coordination and nothing of the paper's scope or criteria is unread.
So learning one more fact never overturns a firm answer.

Reads no clock, knows no patient, stores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from rules.arrangement import MainContact, Stage, Tier
from rules.condition_marks import Marks
from rules.duty import Asked, Duty, iso
from rules.edition import Edition, EditionRef
from rules.facts import Facts
from rules.kinds import Coordination
from rules.moments import Calendars, Moments
from rules.prepared import PreparedEdition, Reason, prepared
from rules.wording import without_repeats


@dataclass(frozen=True)
class Decision:
    """The answer for one patient under one edition.

    because: the criteria that hold, whatever the answer. excluded_by: the exclusions that
    hold. missing: the facts that could still change the answer or its handoffs, those of
    the answer first. held_back: which unread part kept 不要 from being said although nothing
    speaks for coordination, or 要 although a criterion holds. unverified: what of the
    edition could not be read, whoever asks. tier, stage: the grade of need, and the step
    at which the case enters, where the edition has such and both are certain. consult: why
    the parties must talk, because other rules apply too. yields_to: other documents that
    go before this one for this patient.
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


Graded = TypeVar("Graded", Tier, Stage)


class _Answer(NamedTuple):
    """The answer, the facts that could still change it, and what unread part held it back."""

    coordination: Coordination
    waits_for: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


def decide(edition: Edition, facts: Facts, moments: Moments, calendars: Calendars) -> Decision:
    """Decide for one patient under one edition.

    `moments` and `calendars` only move dues, never the answer. Raises EngineError where
    durable-rules did not run or reads a condition otherwise than its tree, and
    CalendarError where a due needs a calendar that is never open.
    """
    words = prepared(edition)
    marks = words.marks(facts)
    met, could = marks
    coordination, missing, held_back = _answer(words, marks)
    comes = coordination is not Coordination.NOT_REQUIRED
    duties: tuple[Duty, ...] = ()
    if comes:
        duties = _duties(words, Asked(moments, calendars, marks), missing, coordination)
        more = [f for duty in duties if duty.waits_for is not missing for f in duty.waits_for]
        more += words.beside.waits(could & ~met)
        if more:
            missing = without_repeats((*missing, *more))
    return Decision(
        edition=words.ref,
        coordination=coordination,
        because=_holding(words.criteria_reasons, met),
        excluded_by=_holding(words.against_reasons, met),
        missing=missing,
        handoffs=duties,
        held_back=held_back,
        unverified=words.unverified,
        tier=_certain(words.tiers, met) if comes else None,
        stage=_certain(words.stages, met) if comes else None,
        consult=_holding(words.consult, met),
        yields_to=_holding(words.yields_to, met),
        main_contact=words.main_contact if comes else None,
    )


def _answer(words: PreparedEdition, marks: Marks) -> _Answer:
    """Weigh the criteria against the exclusions, and both against what is unread."""
    met, could = marks
    still_open = could & ~met
    if met & words.against.mask or not could & words.criteria.mask:
        if not could & words.unread.mask:
            return _Answer(Coordination.NOT_REQUIRED)
        waits = without_repeats(words.unread.waits(still_open))
        texts = tuple(text for bit, text in words.unread_texts if could & bit)
        return _Answer(Coordination.UNDETERMINED, waits, texts)
    is_met = met & words.criteria.mask
    doubtful = could & words.doubts.mask
    if is_met and not doubtful and not still_open & words.against.mask:
        return _Answer(Coordination.REQUIRED)
    waits = (
        *(() if is_met else words.criteria.waits(still_open)),
        *words.against.waits(still_open),
        *words.unread.waits(still_open),
        *(() if met & doubtful else words.doubts.waits(still_open)),
    )
    texts = tuple(text for bit, text in words.doubt_texts if could & bit) if is_met else ()
    return _Answer(Coordination.UNDETERMINED, without_repeats(waits), texts)


def _duties(
    words: PreparedEdition, asked: Asked, waiting: tuple[str, ...], coordination: Coordination
) -> tuple[Duty, ...]:
    """Put the handoffs together that are owed, or could be; `waiting` is the answer's."""
    could = asked.marks.could
    is_required = coordination is Coordination.REQUIRED
    return tuple(
        [
            handoff.duty(asked, waiting, is_required=is_required)
            for handoff in words.handoffs
            if could & handoff.bit
        ]
    )


def _certain(graded: tuple[tuple[int, Graded], ...], met: int) -> Graded | None:
    """Pick the tier, or the stage, that holds; None while that is open."""
    return next((each for bit, each in graded if met & bit), None)


def _holding(reasons: tuple[tuple[int, Reason], ...], met: int) -> tuple[Reason, ...]:
    """Pick the reasons whose clauses hold."""
    return tuple([reason for bit, reason in reasons if met & bit]) if reasons else ()


def _reason_as_json(reason: Reason) -> dict[str, object]:
    """Lay one reason out for JSON."""
    said: dict[str, object] = {"id": reason.id, "text": reason.text, "source": reason.source}
    return said | ({"judgements": list(reason.judgements)} if reason.judgements else {})
