"""What passes to the office that plans from now on, when another planned before (担当の交代).

While the stay goes on, it is told what the earlier office was told, and it is asked for what that
office held not to be needed: a reason of somebody who no longer plans says nothing of whoever
does. What the earlier office sent has arrived, and nobody sends it a second time. Changes nothing.
"""

from sqlmodel import Session, col, select

from handoffs.by_hand import OFFICE_JUDGED
from handoffs.handoff import Handoff
from handoffs.stays.stay import Stay
from handoffs.waiving import Waiving
from rules import HandoffKind, Party


def passes_on(session: Session, handoff: Handoff, stay: Stay, planner_id: int | None) -> bool:
    """Whether a handoff was settled with an office that no longer plans.

    planner_id: who plans now, None where nobody is known; then everything stays as it is.
    """
    if not stay.is_open or planner_id is None:
        return False
    settled = handoff.sent_at is not None or handoff.waived_at is not None
    if handoff.receiver is Party.CARE_MANAGER:
        return settled and handoff.receiver_id not in {None, planner_id}
    if handoff.sender is not Party.CARE_MANAGER or handoff.sent_at or not handoff.waived_at:
        return False
    return _waived_by(session, handoff) not in {None, planner_id}


def is_of_its_office_alone(handoff: Handoff) -> bool:
    """Whether something opened by hand is over for whoever begins to plan after it.

    Of a move to another ward nobody is told anew: whoever begins reads the ward. What an office
    itself wanted to tell, and then held not to be needed, is no business of the next one.
    """
    if handoff.kind is HandoffKind.WARD_MOVE_NOTICE:
        return handoff.confirmed_at is not None or handoff.waived_at is not None
    return handoff.waived_at is not None and handoff.source == OFFICE_JUDGED


def _waived_by(session: Session, handoff: Handoff) -> int | None:
    """Which organization said last that a handoff is not needed."""
    return session.exec(
        select(Waiving.organization_id)
        .where(Waiving.handoff_id == handoff.id)
        .order_by(col(Waiving.id).desc())
        .limit(1)
    ).first()
