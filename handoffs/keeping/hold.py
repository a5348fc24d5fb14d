"""消去の差し止め: what a house has to keep although its time is over, as for a dispute.

Set and ended at the machine, by whoever answers for the record. The reason names no patient.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.history import Act, record
from handoffs.keeping.errors import KeepingError
from handoffs.stays.stay import Stay

LONGEST_REASON = 200


class KeepingHold(SQLModel, table=True):
    """One hold: of a stay's person, or without a stay of everybody of the hospital."""

    __tablename__ = "keeping_hold"

    id: int = Field(default=None, primary_key=True)
    hospital_id: int = Field(foreign_key="organization.id", index=True)
    stay_id: int | None = Field(default=None, foreign_key="stay.id")
    reason: str = Field(default="", max_length=LONGEST_REASON)
    set_at: datetime
    ended_at: datetime | None = None


def hold(
    session: Session, hospital_id: int, stay_id: int | None, reason: str, now: datetime
) -> KeepingHold:
    """Let nothing of a person, or of a hospital, be erased. Raises KeepingError."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise KeepingError(
            f"差し止める理由を、個人の名前を入れずに{LONGEST_REASON}字までで書いてください。"
        )
    stay = session.get(Stay, stay_id) if stay_id is not None else None
    if stay_id is not None and (stay is None or stay.hospital_id != hospital_id):
        raise KeepingError("その病院に、その番号の入院はありません。番号を確かめてください。")
    row = KeepingHold(hospital_id=hospital_id, stay_id=stay_id, reason=reason.strip(), set_at=now)
    session.add(row)
    session.flush()
    record(session, None, Act.HOLD_SET, now=now, stay_id=stay_id, detail={"hold": row.id})
    return row


def release(session: Session, hold_id: int, now: datetime) -> None:
    """End a hold. Raises KeepingError."""
    row = session.get(KeepingHold, hold_id)
    if row is None or row.ended_at is not None:
        raise KeepingError("その番号の差し止めはありません。retention の一覧で確かめてください。")
    row.ended_at = now
    record(session, None, Act.HOLD_END, now=now, stay_id=row.stay_id, detail={"hold": row.id})


def standing_holds(session: Session) -> list[KeepingHold]:
    """Every hold that stands, the oldest first."""
    query = select(KeepingHold).where(col(KeepingHold.ended_at).is_(None))
    return list(session.exec(query.order_by(col(KeepingHold.id))))


def is_held(hospital_id: int) -> sa.ColumnElement[bool]:
    """Whether everybody of a hospital is held, as a condition."""
    return sa.exists().where(
        col(KeepingHold.hospital_id) == hospital_id,
        col(KeepingHold.stay_id).is_(None),
        col(KeepingHold.ended_at).is_(None),
    )


def held_patients() -> sa.Select[int]:
    """The ids of the people of whom one stay is held."""
    return sa.select(col(Stay.patient_id)).where(
        col(Stay.id).in_(
            sa.select(col(KeepingHold.stay_id)).where(
                col(KeepingHold.stay_id).is_not(None), col(KeepingHold.ended_at).is_(None)
            )
        )
    )
