"""What should be said now about one handoff, and to whom: a pure decision.

Reads no database and no clock. The ladder's steps stand in `ladder`, as data with their reasons;
here is only which of them has been reached. At any moment at most one step holds, the furthest:
after a standstill nobody is told four things at once.
"""

from dataclasses import dataclass
from datetime import datetime

from handoffs.handoff import Handoff, State, state
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.ladder import LADDER, STALE, Anchor, Rung
from handoffs.telling.outbox import Reason
from handoffs.telling.working_hours import Hours
from rules import HandoffKind

_ASKS_NOTHING = {State.UNDETERMINED, State.PAUSED, State.BEFORE_NOTICE}
"""Waits for a fact, for a return, or for the other side's first word: nobody omits anything."""

_OVER_WITH_LEAVING = {
    HandoffKind.ADMISSION_NOTICE,
    HandoffKind.ADMISSION_INFORMATION,
    HandoffKind.DISCHARGE_CONFERENCE,
}
"""What nobody needs any more once the person has left hospital."""


@dataclass(frozen=True)
class Due:
    """One step that has been reached. `moment` is what it counts from."""

    rung: Rung
    moment: datetime


def silence(
    stay: Stay, handoff: Handoff, *, away: bool = False, consent_withheld: bool = False
) -> Reason | None:
    """Say why nothing may be said about a handoff, whoever would be told; None if it may.

    The one place that death, cancellation, leave (`away`) and a person's wish are asked about.
    """
    gone = stay.discharged_on is not None
    answers = (
        (Reason.CANCELLED_STAY, stay.cancelled_at is not None),
        (Reason.ERASED, stay.erased_at is not None),
        (Reason.DIED, stay.destination is Destination.DEATH),
        (Reason.NO_CONTACT, stay.wants_no_contact),
        (Reason.CONSENT_WITHHELD, consent_withheld),
        (Reason.WITHDRAWN, handoff.withdrawn_at is not None),
        (Reason.NOTHING_LEFT, handoff.waived_at is not None or handoff.confirmed_at is not None),
        (Reason.ON_LEAVE, away or handoff.paused_at is not None),
        (Reason.LEFT, gone and handoff.kind in _OVER_WITH_LEAVING),
    )
    return next((reason for reason, holds in answers if holds), None)


def at_once_since(handoff: Handoff, now: datetime) -> datetime:
    """Since when a handoff is work for at once: its opening, or its day where that came later.

    The second is what fell due while somebody was on leave, and was opened long before.
    """
    fell_due = handoff.due_at is not None and handoff.opened_at < handoff.due_at <= now
    return handoff.due_at if fell_due and handoff.due_at else handoff.opened_at


def due_now(
    handoff: Handoff,
    *,
    now: datetime,
    hours: Hours,
    acknowledged_until: datetime | None = None,
    beyond_office: bool = False,
) -> Due | None:
    """Say which step of the ladder a handoff has reached; None if none, or all are past.

    `hours` are those of the side whose turn it is. An acknowledgement silences the ladder until
    it expires, and is then itself what is told. `beyond_office`: whether the region's council
    switched on the steps that leave the office.
    """
    where = state(handoff, now)
    if where.is_done or where in _ASKS_NOTHING:
        return None
    if acknowledged_until is not None and now < acknowledged_until:
        return None
    anchors = _anchors(handoff, where, acknowledged_until, now)
    reached = [
        Due(rung, moment)
        for rung in LADDER
        if (beyond_office or not rung.by_council)
        and (moment := anchors.get(rung.anchor)) is not None
        and rung.reached(moment, hours) <= now < moment + STALE
    ]

    def furthest(due: Due) -> tuple[datetime, bool]:
        # What was taken up ends when work begins, as other steps do: the one who has it first.
        return due.rung.reached(due.moment, hours), due.rung.anchor is Anchor.ACKNOWLEDGED

    return max(reached, key=furthest, default=None)


def _anchors(
    handoff: Handoff, where: State, acknowledged_until: datetime | None, now: datetime
) -> dict[Anchor, datetime]:
    """What the steps of a handoff count from.

    What was sent waits for the receiver alone, and proposed times for whoever chooses.
    """
    anchors: dict[Anchor, datetime] = {}
    if handoff.declined_at is not None:
        anchors[Anchor.DECLINED] = handoff.declined_at
    elif handoff.sent_at is not None:
        anchors[Anchor.SENT] = handoff.sent_at
    else:
        if handoff.proposed_at is not None:
            anchors[Anchor.PROPOSED] = handoff.proposed_at
        if where is State.AT_ONCE:
            anchors[Anchor.AT_ONCE] = at_once_since(handoff, now)
        elif handoff.due_at is not None:
            anchors[Anchor.DUE] = handoff.due_at
    if acknowledged_until is not None:
        anchors[Anchor.ACKNOWLEDGED] = acknowledged_until
    return anchors
