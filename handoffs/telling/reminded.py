"""What somebody was reminded of: one row for each handoff, moment, step and recipient.

The database takes such a row once, whoever writes it and however often; the row names the
message that told of it. `redirected`: it was never told, because somebody else was to be told
by then, or nobody was for a while, and the step is free again.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded, insert_into
from handoffs.telling.ladder import Step

NOBODY = "nobody"
"""The recipient of a step that nobody could be told of: no address, no such post."""


class Reminder(SQLModel, table=True):
    """One step told, or to be told, about one handoff. `moment` is what the step counts from."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("handoff_id", "moment", "step", "recipient", name="reminded_once"),
    )

    id: int = Field(default=None, primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    moment: datetime
    step: Step = Field(sa_type=coded(Step, "reminder_step", checked=False))
    recipient: str = Field(max_length=40)
    sender_id: int | None = Field(default=None, foreign_key="organization.id")
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    redirected: bool = Field(default=False)
    made_at: datetime


def remember(
    session: Session,
    handoff_id: int,
    moment: datetime,
    step: Step,
    recipient: str,
    *,
    sender_id: int | None,
    now: datetime,
) -> int | None:
    """Write one step down; its id, or None if it stands already and was told."""
    done = session.exec(
        insert_into(session, Reminder)
        .values(
            handoff_id=handoff_id,
            moment=moment,
            step=step,
            recipient=recipient,
            sender_id=sender_id,
            redirected=False,
            made_at=now,
        )
        .on_conflict_do_update(
            index_elements=["handoff_id", "moment", "step", "recipient"],
            set_={"redirected": False, "message_id": None, "made_at": now},
            where=col(Reminder.redirected).is_(True),
        )
        .returning(col(Reminder.id))
    ).all()
    return done[0][0] if done else None


def put_into(session: Session, reminder_ids: list[int], message_id: int) -> None:
    """Let a message tell of these steps."""
    session.exec(
        sa.update(Reminder).where(col(Reminder.id).in_(reminder_ids)).values(message_id=message_id)
    )


def reminders_in(session: Session, message_id: int) -> list[Reminder]:
    """What a message tells of, in the order in which it was written."""
    return list(
        session.exec(
            select(Reminder).where(Reminder.message_id == message_id).order_by(col(Reminder.id))
        )
    )
