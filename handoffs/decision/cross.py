"""What is kept of a decision under two regions' rules, and how a page shows it again.

Kept as it was said: both answers, what each asks for, and what differs. The lines for the
telephone are put together when they are shown, so that none proposes a day that is over.
Nothing is decided again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules import Coordination, Decision, HandoffKind, Party
from rules.cross_conflict import Difference, Passed, passed, proposal
from rules.cross_region import CrossDecision


@dataclass(frozen=True)
class SideDuty:
    """One handoff as one side's rule asks for it."""

    kind: HandoffKind
    sender: Party
    receiver: Party
    due: date | None


@dataclass(frozen=True)
class SideShown:
    """What one region's rule says by itself. where: 病院 or 住まい."""

    where: str
    region: str
    region_name: str
    title: str
    in_force: date | None
    digest: str
    coordination: Coordination
    because: tuple[str, ...]
    duties: tuple[SideDuty, ...]


@dataclass(frozen=True)
class UnitedShown:
    """One handoff as it is asked of both sides together: the stricter last day."""

    kind: HandoffKind
    sender: Party
    receiver: Party
    due: date | None
    gone: Passed | None
    asked_by: tuple[str, ...]
    agreed: str


@dataclass(frozen=True)
class CrossShown:
    """Both rules side by side. say: what differs, each with a line for the telephone."""

    sides: tuple[SideShown, SideShown]
    united: tuple[UnitedShown, ...]
    say: tuple[tuple[Difference, str], ...]
    agreement: str


def kept_cross(found: CrossDecision, on: date) -> dict[str, object]:
    """Lay out what is kept, as JSON. on: the day of the decision."""
    return {
        "sides": [
            _side_as_json(side, name)
            for side, name in zip((found.hospital, found.home), found.names, strict=True)
        ],
        "duties": [each.as_json(found.moments.admitted_on, on) for each in found.duties],
        "conflicts": [
            {
                "about": each.about.value,
                "differs": each.differs,
                "asks": each.asks,
                "proposed": None if each.proposed is None else each.proposed.isoformat(),
            }
            for each in found.conflicts
        ],
        "agreement": "" if found.agreement is None else found.agreement.title,
    }


def cross_shown(outcome: Mapping[str, object], admitted_on: date, on: date) -> CrossShown | None:
    """Show what was kept, as it would be said on a day; None where one rule spoke alone."""
    kept = outcome.get("cross")
    if not isinstance(kept, dict):
        return None
    hospital, home = kept["sides"]
    return CrossShown(
        sides=(_side(hospital, "病院"), _side(home, "住まい")),
        united=tuple(_united(each, admitted_on, on) for each in kept["duties"]),
        say=tuple(_line(each, admitted_on, on) for each in kept["conflicts"]),
        agreement=str(kept["agreement"]),
    )


def _side_as_json(decision: Decision, name: str) -> dict[str, object]:
    laid_out = decision.as_json()
    return {
        "name": name,
        "edition": laid_out["edition"],
        "coordination": laid_out["coordination"],
        "because": [reason.text for reason in decision.because],
        "handoffs": laid_out["handoffs"],
    }


def _side(kept: Mapping[str, Any], where: str) -> SideShown:
    edition = kept["edition"]
    return SideShown(
        where=where,
        region=edition["region"],
        region_name=kept["name"],
        title=edition["title"],
        in_force=_day(edition["in_force"]),
        digest=edition["digest"],
        coordination=Coordination(kept["coordination"]),
        because=tuple(kept["because"]),
        duties=tuple(
            SideDuty(
                HandoffKind(duty["kind"]),
                Party(duty["sender"]),
                Party(duty["receiver"]),
                _day(duty["due"]),
            )
            for duty in kept["handoffs"]
        ),
    )


def _united(kept: Mapping[str, Any], admitted_on: date, on: date) -> UnitedShown:
    due = _day(kept["due"])
    return UnitedShown(
        HandoffKind(kept["kind"]),
        Party(kept["sender"]),
        Party(kept["receiver"]),
        due,
        passed(due, admitted_on, on),
        tuple(kept["asked_by"]),
        kept["agreed"],
    )


def _line(kept: Mapping[str, Any], admitted_on: date, on: date) -> tuple[Difference, str]:
    about = Difference(kept["about"])
    if about is not Difference.LAST_DAY:
        return about, f"{kept['differs']}{kept['asks']}"
    return about, f"{kept['differs']}{proposal(_day(kept['proposed']), admitted_on, on)}"


def _day(kept: str | None) -> date | None:
    return None if kept is None else date.fromisoformat(kept)
