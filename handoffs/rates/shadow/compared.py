"""What the tool would have told and the paper did not, and the reverse: line by line.

The edition of the day of admission decides, as it would for a stay. Nothing is written down and
nobody is told. 判定保留 is a line of its own: there the tool asks first.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handoffs.calendars import calendars_for
from handoffs.parties import Organization
from handoffs.rates.shadow.line import ShadowLine
from rules import (
    Coordination,
    Decision,
    Duty,
    FactError,
    Facts,
    HandoffKind,
    Library,
    Moments,
    NoEdition,
    Party,
    Standing,
    decide,
)
from rules.kinds import Labelled


class Occasion(Labelled):
    """Of which two moments paper keeps a list."""

    ADMISSION = "admission", "入院の連絡"
    DISCHARGE = "discharge", "退院の連絡"


class Beside(Labelled):
    """How the two stand to each other."""

    BOTH = "both", "どちらも連絡"
    TOOL_ONLY = "tool_only", "つなぎなら連絡・紙では連絡なし"
    PAPER_ONLY = "paper_only", "紙では連絡・つなぎでは求めない"
    NEITHER = "neither", "どちらも連絡なし"
    ASK_FIRST = "ask_first", "判定保留（足りない項目を先に尋ねる）"
    NO_EDITION = "no_edition", "入院日に有効な版がない"


_KINDS = {
    Occasion.ADMISSION: {HandoffKind.ADMISSION_NOTICE},
    Occasion.DISCHARGE: {
        HandoffKind.DISCHARGE_NOTICE,
        HandoffKind.DISCHARGE_CONFERENCE,
        HandoffKind.DISCHARGE_INFORMATION,
        HandoffKind.DISCHARGE_DATE,
        HandoffKind.REFERRAL,
    },
}


@dataclass(frozen=True)
class ComparedLine:
    """One person and one occasion. due: the tool's last day; paper_on: when paper told.

    because: what the tool decided by, or the facts that it still has to ask.
    """

    code: str
    occasion: Occasion
    beside: Beside
    due: date | None
    paper_on: date | None
    because: tuple[str, ...]

    @property
    def paper_was_later(self) -> bool:
        """Whether paper told, but after the day that the rule names."""
        return self.due is not None and self.paper_on is not None and self.paper_on > self.due


@dataclass(frozen=True)
class ShadowMonth:
    """The whole comparison."""

    lines: tuple[ComparedLine, ...]

    def of(self, occasion: Occasion, beside: Beside) -> tuple[ComparedLine, ...]:
        """The lines of one occasion that stand in one way, by their signs."""
        return tuple(one for one in self.lines if one.occasion is occasion and one.beside is beside)

    def counts(self, occasion: Occasion) -> dict[Beside, int]:
        """How many lines stand in each way."""
        found = Counter(one.beside for one in self.lines if one.occasion is occasion)
        return {beside: found[beside] for beside in Beside}

    def later(self, occasion: Occasion) -> int:
        """How many paper told only after the rule's last day."""
        return len(self.late(occasion))

    def late(self, occasion: Occasion) -> tuple[ComparedLine, ...]:
        """The lines of which paper told only after the rule's last day."""
        return tuple(one for one in self.lines if one.occasion is occasion and one.paper_was_later)


def compare(
    lines: Sequence[ShadowLine], *, region: str, hospital: Organization, library: Library
) -> ShadowMonth:
    """Decide every line silently and set it beside what paper did."""
    return ShadowMonth(
        tuple(
            each
            for line in lines
            for each in _compared(line, _decision(line, region, hospital, library))
        )
    )


def _decision(
    line: ShadowLine, region: str, hospital: Organization, library: Library
) -> Decision | None:
    if line.admitted_on is None:
        return None
    try:
        edition = library.in_force(region, line.admitted_on)
        facts = Facts.of(line.facts, edition.vocabulary)
    except (NoEdition, FactError):
        return None
    moments = Moments(
        admitted_on=line.admitted_on,
        admitted_time=None,
        planned_discharge_on=line.planned_on or line.discharged_on,
        discharged_on=line.discharged_on,
    )
    until = line.discharged_on or line.planned_on or line.admitted_on
    return decide(edition, facts, moments, calendars_for(hospital, None, line.admitted_on, until))


def _compared(line: ShadowLine, decision: Decision | None) -> tuple[ComparedLine, ...]:
    found = []
    for occasion in Occasion:
        paper = (
            line.paper_admission_on if occasion is Occasion.ADMISSION else line.paper_discharge_on
        )
        if decision is None:
            found.append(ComparedLine(line.code, occasion, Beside.NO_EDITION, None, paper, ()))
            continue
        duties = [duty for duty in decision.handoffs if _tells(duty, occasion)]
        firm = [duty for duty in duties if duty.standing is Standing.REQUIRED]
        asks = not firm and (bool(duties) or decision.coordination is Coordination.UNDETERMINED)
        beside = _beside(told=bool(firm), asks=asks, paper=paper is not None)
        due = min((duty.due for duty in firm if duty.due), default=None)
        because = decision.missing if asks else tuple(one.text for one in decision.because)
        found.append(ComparedLine(line.code, occasion, beside, due, paper, because))
    return tuple(found)


def _tells(duty: Duty, occasion: Occasion) -> bool:
    return duty.sender is Party.HOSPITAL and duty.kind in _KINDS[occasion]


def _beside(*, told: bool, asks: bool, paper: bool) -> Beside:
    if asks:
        return Beside.ASK_FIRST
    if told:
        return Beside.BOTH if paper else Beside.TOOL_ONLY
    return Beside.PAPER_ONLY if paper else Beside.NEITHER
