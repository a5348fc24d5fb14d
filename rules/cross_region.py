"""Hospital in one region, home in another: both rules are asked, and their duties united.

Each side follows its own usual rule, so what either asks is done, by the stricter last day; where
the two differ the parties talk, and there is a line to say on the telephone. A dated
agreement of the two regions goes before that. Decides nothing that `decide` did not say.
Knows no person and no day but those that are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.agreement import Agreement, Follows
from rules.cross_conflict import (
    Between,
    Conflict,
    answers_differ,
    days_differ,
    one_sided,
    passed,
)
from rules.decision import Decision, decide
from rules.duty import Duty, iso
from rules.edition import Edition
from rules.facts import Facts
from rules.kinds import Coordination, HandoffKind, Party, Standing
from rules.moments import Calendars, Moments

IN_AREA, OUT_OF_AREA = "in_area", "out_of_area"


@dataclass(frozen=True)
class UnitedDuty:
    """One handoff as both rules ask for it. due: the stricter last day.

    asked_by: the regions that ask for it. here, there: what the hospital's rule and the home's
    say. agreed: the words of the agreement that decided, empty where there is none.
    """

    kind: HandoffKind
    sender: Party
    receiver: Party
    standing: Standing
    due: date | None
    asked_by: tuple[str, ...]
    here: tuple[Duty, ...]
    there: tuple[Duty, ...]
    agreed: str = ""

    @property
    def duties(self) -> tuple[Duty, ...]:
        """What both rules say."""
        return (*self.here, *self.there)

    def as_json(self, admitted_on: date, on: date) -> dict[str, object]:
        """Lay it out for JSON, as seen on a day."""
        gone = passed(self.due, admitted_on, on)
        return {
            "kind": self.kind.value,
            "sender": self.sender.value,
            "receiver": self.receiver.value,
            "standing": self.standing.value,
            "due": iso(self.due),
            "passed": None if gone is None else gone.value,
            "asked_by": list(self.asked_by),
            "texts": [duty.text for duty in self.duties],
            "agreed": self.agreed,
        }


@dataclass(frozen=True)
class CrossDecision:
    """What follows where two rules speak. hospital, home: what each says by itself."""

    hospital: Decision
    home: Decision
    names: tuple[str, str]
    moments: Moments
    coordination: Coordination
    duties: tuple[UnitedDuty, ...]
    conflicts: tuple[Conflict, ...]
    agreement: Agreement | None

    def as_json(self, on: date) -> dict[str, object]:
        """Lay it out for JSON: both decisions whole, then what was united, as seen on a day."""
        return {
            "hospital": self.hospital.as_json(),
            "home": self.home.as_json(),
            "coordination": self.coordination.value,
            "duties": [duty.as_json(self.moments.admitted_on, on) for duty in self.duties],
            "conflicts": [
                {
                    "about": each.about.value,
                    "kind": None if each.kind is None else each.kind.value,
                    "say": each.say(self.moments, on),
                    "proposed": iso(each.proposed),
                }
                for each in self.conflicts
            ],
            "agreement": None
            if self.agreement is None
            else {
                "title": self.agreement.title,
                "in_force": self.agreement.in_force.isoformat(),
                "url": self.agreement.url,
            },
        }


def cross(
    hospital: Edition,
    home: Edition,
    facts: Facts,
    moments: Moments,
    calendars: Calendars,
    agreement: Agreement | None = None,
) -> CrossDecision:
    """Ask the rule of the hospital's region and that of the home's, and unite what they say.

    Which side lies in the area is set here for each of them. Raises EngineError and
    CalendarError as `decide`.
    """
    here = decide(hospital, seen_by(hospital, facts, lives_here=False), moments, calendars)
    there = decide(home, seen_by(home, facts, lives_here=True), moments, calendars)
    names = (hospital.region_name, home.region_name)
    partial = tuple(each.region_name for each in (hospital, home) if each.partial)
    conflicts: list[Conflict] = []
    coordination = _answer(here, there, agreement)
    if coordination is None:
        coordination = _stricter(here.coordination, there.coordination)
        if here.coordination is not there.coordination:
            conflicts.append(
                answers_differ((here.coordination, there.coordination), names, coordination)
            )
    duties = []
    # Where it was agreed whose answer counts and that is 不要, nothing is passed on.
    asked = () if coordination is Coordination.NOT_REQUIRED else (here, there)
    for between in dict.fromkeys(each for side in asked for each in _by_parties(side)):
        sides = (_by_parties(here).get(between, ()), _by_parties(there).get(between, ()))
        united = _united(between, sides, names, agreement, coordination)
        if united is None:
            continue
        duties.append(united)
        if not united.agreed:
            conflicts += _conflicts(united, sides, names, partial)
    return CrossDecision(
        here, there, names, moments, coordination, tuple(duties), tuple(conflicts), agreement
    )


def seen_by(edition: Edition, facts: Facts, *, lives_here: bool) -> Facts:
    """Take the facts that an edition knows, with the area of home and hospital as it sees them."""
    areas = {
        "home_area": IN_AREA if lives_here else OUT_OF_AREA,
        "hospital_area": OUT_OF_AREA if lives_here else IN_AREA,
        "towns": "different_towns",
    }
    vocabulary = edition.vocabulary
    known = {**facts.given, **areas}
    return Facts(
        {
            fact: value
            for fact, value in known.items()
            if fact in vocabulary and value in vocabulary[fact].values
        }
    )


def _by_parties(decision: Decision) -> Mapping[Between, tuple[Duty, ...]]:
    """Gather the duties of a decision by what is passed between whom."""
    found: dict[Between, tuple[Duty, ...]] = {}
    for duty in decision.handoffs:
        between = (duty.kind, duty.sender, duty.receiver)
        found[between] = (*found.get(between, ()), duty)
    return found


def _united(
    between: Between,
    sides: tuple[tuple[Duty, ...], tuple[Duty, ...]],
    names: tuple[str, str],
    agreement: Agreement | None,
    coordination: Coordination,
) -> UnitedDuty | None:
    """Unite one handoff, as agreed or by the stricter day; None where it was agreed away."""
    kind, sender, receiver = between
    agreed = None if agreement is None else agreement.about(kind)
    follows = Follows.BOTH if agreed is None else agreed.follows
    heard = {
        Follows.HOSPITAL: (sides[0], ()),
        Follows.HOME: ((), sides[1]),
        Follows.BOTH: sides,
    }[follows]
    duties = (*heard[0], *heard[1])
    if not duties:
        return None
    owed = coordination is Coordination.REQUIRED and any(
        duty.standing is Standing.REQUIRED for duty in duties
    )
    return UnitedDuty(
        kind,
        sender,
        receiver,
        Standing.REQUIRED if owed else Standing.UNDETERMINED,
        _strictest(duties),
        tuple(name for name, side in zip(names, heard, strict=True) if side),
        *heard,
        "" if agreed is None else f"{agreed.text}({agreed.source})",
    )


def _strictest(duties: tuple[Duty, ...]) -> date | None:
    """Find the earliest last day; a duty without a day moves nothing."""
    return min((duty.due for duty in duties if duty.due is not None), default=None)


def _conflicts(
    united: UnitedDuty,
    sides: tuple[tuple[Duty, ...], tuple[Duty, ...]],
    names: tuple[str, str],
    partial: tuple[str, ...],
) -> list[Conflict]:
    """List what the two rules say differently about one handoff.

    partial: the regions whose paper could be read only in parts, which is not to say no.
    """
    if not all(sides):
        (asks,) = united.asked_by
        other = next(name for name in names if name != asks)
        between = (united.kind, united.sender, united.receiver)
        return [one_sided(between, asks, other, is_partial=other in partial)]
    days = [_strictest(side) for side in sides]
    if days[0] == days[1]:
        return []
    return [days_differ(united.kind, names, (days[0], days[1]), united.due)]


def _answer(here: Decision, there: Decision, agreement: Agreement | None) -> Coordination | None:
    """Take the answer that was agreed to count, None where both count."""
    follows = Follows.BOTH if agreement is None else agreement.answer
    if follows is Follows.BOTH:
        return None
    return (here if follows is Follows.HOSPITAL else there).coordination


def _stricter(one: Coordination, other: Coordination) -> Coordination:
    """Take the answer that leaves nobody out."""
    order = (Coordination.NOT_REQUIRED, Coordination.UNDETERMINED, Coordination.REQUIRED)
    return max(one, other, key=order.index)
