"""The next hospital's answer that somebody announced to it does not come: 転院の受け入れの返事.

The earlier hospital sees it until it puts its discharge right; the answer changes nothing there
by itself, because only that hospital knows where the person went. It can be taken back.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled


class TransferReason(Labelled):
    """Why somebody is not taken in as announced. Words that accuse nobody."""

    CHANGED = "changed", "転院の予定が変わった"
    NOT_ARRANGED = "not_arranged", "受け入れの予定になっていない"
    OTHER_DAY = "other_day", "来院の日が違う"
    OTHER = "other", "そのほか（電話で確かめます）"


class TransferAnswer(SQLModel, table=True):
    """One answer. It ends when it is taken back, or when the discharge was put right."""

    __tablename__ = "transfer_answer"
    __table_args__ = (
        sa.Index(
            "transfer_answer_once",
            "stay_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id")
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    reason: TransferReason = Field(sa_type=coded(TransferReason, "transfer_reason", checked=False))
    recorded_at: datetime
    ended_at: datetime | None = None


def standing_answer(session: Session, stay_id: int) -> TransferAnswer | None:
    """The next hospital's answer that stands; None where it said nothing, or took it back."""
    return session.exec(
        select(TransferAnswer).where(
            TransferAnswer.stay_id == stay_id, col(TransferAnswer.ended_at).is_(None)
        )
    ).one_or_none()


def end_answer(session: Session, stay_id: int, *, now: datetime) -> None:
    """Let an answer stand no longer: the discharge that it was about is none any more."""
    answer = standing_answer(session, stay_id)
    if answer is not None:
        answer.ended_at = now
        session.flush()  # The database allows one standing answer for each stay.
