"""What people did in the course of a stay: each step calls the verb that a page would call.

Nothing here writes a row of its own where a verb exists, so that the sample region
has the history that real use would have left.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.decision.assessment import assess
from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.passing import confirm, send
from handoffs.planning import take_charge
from handoffs.statement import Means, Result, StatementEntry, Topic, state_contact
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library, Party


@dataclass(frozen=True)
class Desk:
    """Where the steps are taken: the one transaction, and the editions."""

    session: Session
    library: Library


@dataclass(frozen=True)
class Step(ABC):
    """One act of one person."""

    by: Actor

    @abstractmethod
    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Do it, as of `now`."""


@dataclass(frozen=True)
class Assess(Step):
    """Tick the boxes of the assessment."""

    ticked: dict[str, str] = field(default_factory=dict)

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Decide from what was ticked."""
        assess(desk.session, stay, self.ticked, library=desk.library, by=self.by, now=now)


@dataclass(frozen=True)
class Send(Step):
    """Pass a handoff on, or try to."""

    kind: HandoffKind
    means: Means
    result: Result
    receiver: Party | None = None
    """Which of two handoffs of the same kind; None where there is one."""
    content: str = ""
    counterpart: str = ""

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Send it on the day of `now`."""
        entry = StatementEntry(
            means=self.means,
            result=self.result,
            happened_on=day_of(now),
            content=self.content,
            counterpart=self.counterpart,
        )
        handoff = standing(desk.session, stay, self.kind, self.receiver)
        send(desk.session, stay, handoff, entry, by=self.by, now=now)


@dataclass(frozen=True)
class Confirm(Step):
    """Confirm what the other side passed on."""

    kind: HandoffKind
    receiver: Party | None = None

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Confirm it on the day of `now`."""
        handoff = standing(desk.session, stay, self.kind, self.receiver)
        confirm(desk.session, stay, handoff, received_on=day_of(now), by=self.by, now=now)


@dataclass(frozen=True)
class PlanDischarge(Step):
    """Set or move the planned discharge date."""

    on: date | None
    certainty: PlannedCertainty

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Change the plan from the version that stands."""
        entry = PlannedDischargeEntry(
            planned_discharge_on=self.on, planned_certainty=self.certainty, version=stay.version
        )
        plan_discharge(desk.session, stay, entry, library=desk.library, by=self.by, now=now)


@dataclass(frozen=True)
class Leave(Step):
    """Write down that the person left."""

    on: date
    at: time | None
    destination: Destination
    contacted: bool | None
    contacted_on: date | None = None

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """End the stay."""
        entry = DischargeEntry(
            discharged_on=self.on,
            discharged_time=self.at,
            destination=self.destination,
            contacted=self.contacted,
            contacted_on=self.contacted_on,
            version=stay.version,
        )
        discharge(desk.session, stay, entry, library=desk.library, by=self.by, now=now)


@dataclass(frozen=True)
class Say(Step):
    """State what took place, or that nothing did, apart from any handoff."""

    result: Result
    means: Means
    on: date
    topic: Topic = Topic.DISCHARGE

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Write the statement down."""
        entry = StatementEntry(means=self.means, result=self.result, happened_on=self.on)
        state_contact(desk.session, stay, entry, topic=self.topic, by=self.by, now=now)


@dataclass(frozen=True)
class TakeCharge(Step):
    """Take charge of a client whom nobody of the office has taken yet."""

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Become the care manager."""
        take_charge(desk.session, stay, by=self.by, now=now)


_OF_KIND = select(Handoff).where(
    col(Handoff.stay_id) == sa.bindparam("stay_id"), col(Handoff.kind) == sa.bindparam("kind")
)


def standing(session: Session, stay: Stay, kind: HandoffKind, receiver: Party | None) -> Handoff:
    """Find the one handoff of a kind that stands; `receiver` where there are two."""
    # Handoffs have their ids as soon as they are opened. What else waits to be written can wait
    # for the verb.
    with session.no_autoflush:
        of_kind = session.exec(_OF_KIND, params={"stay_id": stay.id, "kind": kind}).all()
    (found,) = (
        handoff
        for handoff in of_kind
        if handoff.withdrawn_at is None and receiver in {None, handoff.receiver}
    )
    return found
