"""What people seldom do in the course of a stay: each step calls the verb of a page."""

from dataclasses import dataclass
from datetime import date, datetime

from handoffs.decline import DeclineEntry, DeclineReason, decline
from handoffs.passing import note_delivered
from handoffs.sample.steps import Desk, Step, standing
from handoffs.stays.amendment import amend, particulars_of
from handoffs.stays.leave import LeaveKind
from handoffs.stays.leave_taking import LeaveEntry, go_on_leave
from handoffs.stays.stay import Stay
from handoffs.waiving import waive
from rules import HandoffKind


@dataclass(frozen=True)
class Decline(Step):
    """Answer that it is not one's own client."""

    kind: HandoffKind
    reason: DeclineReason
    suggested_id: int | None = None

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Decline it."""
        handoff = standing(desk.session, stay, self.kind, None)
        entry = DeclineEntry(reason=self.reason, suggested_id=self.suggested_id)
        decline(desk.session, stay, handoff, entry, by=self.by, now=now)


@dataclass(frozen=True)
class Deliver(Step):
    """The machine reports that it arrived."""

    kind: HandoffKind

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Write the report down."""
        handoff = standing(desk.session, stay, self.kind, None)
        note_delivered(desk.session, handoff, at=now, now=now)


@dataclass(frozen=True)
class GoOnLeave(Step):
    """Go home for some nights."""

    left_on: date
    back_on: date | None = None

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Write the leave down."""
        entry = LeaveEntry(
            kind=LeaveKind.OVERNIGHT,
            left_on=self.left_on,
            back_planned_on=self.back_on,
            version=stay.version,
        )
        go_on_leave(desk.session, stay, entry, by=self.by, now=now)


@dataclass(frozen=True)
class Waive(Step):
    """Say that something is not needed in this case."""

    kind: HandoffKind
    reason: str

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Waive it."""
        handoff = standing(desk.session, stay, self.kind, None)
        waive(desk.session, handoff, reason=self.reason, by=self.by, now=now)


@dataclass(frozen=True)
class MoveWard(Step):
    """Move to another ward of the same hospital."""

    ward_id: int

    def take(self, desk: Desk, stay: Stay, now: datetime) -> None:
        """Move, as the page of the particulars does."""
        entry = particulars_of(desk.session, stay).model_copy(update={"ward_id": self.ward_id})
        amend(desk.session, stay, entry, library=desk.library, by=self.by, now=now)
