"""不要: that a handoff is not needed in this case, and why; each time as a row of its own.

Taking it back is an event (`handoffs.retraction`). Whoever waives again gives a reason again,
and the first one still stands here. Rows are added and never changed; the reason may be emptied
when its time is over.
"""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import LONGEST_REASON, Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.passing import refuse_if_over
from handoffs.sides import speaks_for
from handoffs.stays.stay import Stay


class Waiving(SQLModel, table=True):
    """One time that somebody said it is not needed. The handoff bears the reason that stands."""

    __tablename__ = "waiving"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    reason: str = Field(max_length=LONGEST_REASON)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime


def waive(session: Session, handoff: Handoff, *, reason: str, by: Actor, now: datetime) -> None:
    """Write down that a handoff is not needed in this case, and why.

    Raises NotPermitted on the wrong side, BadEntry without a reason.
    """
    stay = session.get_one(Stay, handoff.stay_id)
    if not speaks_for(session, by, stay, handoff.sender):
        raise NotPermitted("不要とする記録は、送る側の方が行います。")
    refuse_if_over(handoff)
    said = reason.strip()
    if not said:
        raise BadEntry({"reason": "不要とする理由を入力してください。"})
    if len(said) > LONGEST_REASON:
        raise BadEntry({"reason": f"理由は{LONGEST_REASON}文字までで入力してください。"})
    handoff.waived_at, handoff.waived_reason = now, said
    handoff.version += 1
    session.add(
        Waiving(
            stay_id=handoff.stay_id,
            handoff_id=handoff.id,
            reason=said,
            organization_id=by.organization_id,
            staff_id=by.staff_id,
            recorded_at=now,
        )
    )
    record(
        session,
        by,
        Act.HANDOFF_WAIVE,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value},
    )
