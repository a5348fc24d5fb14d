"""Messages to the outside, and reminders: the outbox, what was said, who is away, who is told."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LOST = "outcome IN ('refused', 'gave_up') AND handled_at IS NULL"
WAITING = "ended_at IS NULL"
WHOLE = "staff_id IS NULL"
DECLINED = "declined_at IS NOT NULL"
UNCONFIRMED = "sent_at IS NOT NULL AND confirmed_at IS NULL"


def _code(name: str, *words: str, checked: bool = True) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=checked, length=40)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        _moment("not_before"),
        _moment("created_at"),
        _moment("next_try_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(60), nullable=False),
        _moment("lease_until", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column(
            "outcome",
            _code("message_outcome", "delivered", "refused", "gave_up", "cancelled"),
            nullable=True,
        ),
        sa.Column("reason", sa.String(40), nullable=True),
        _moment("handled_at", nullable=True),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        _points_at("staff_id", "staff"),
        _points_at("organization_id", "organization"),
        _points_at("sender_id", "organization"),
        _points_at("stay_id", "stay"),
        _points_at("handoff_id", "handoff"),
        _points_at("handled_by", "staff"),
    )
    for name, column, where in (
        ("message_waiting", "next_try_at", WAITING),
        ("message_undelivered", "sender_id", LOST),
    ):
        op.create_index(
            name,
            "message",
            [column],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        _moment("moment"),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(40), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("redirected", sa.Boolean(), nullable=False),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handoff_id", "moment", "step", "recipient", name="reminded_once"),
        _points_at("handoff_id", "handoff"),
        _points_at("sender_id", "organization"),
        _points_at("message_id", "message"),
    )
    op.create_index(op.f("ix_reminder_message_id"), "reminder", ["message_id"])
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(254), nullable=False),
        _moment("recorded_at"),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("staff_id"),
        _points_at("organization_id", "organization"),
        _points_at("staff_id", "staff"),
        _points_at("recorded_by", "staff"),
    )
    op.create_index(
        "mailbox_of_organization",
        "mailbox",
        ["organization_id"],
        unique=True,
        sqlite_where=sa.text(WHOLE),
        postgresql_where=sa.text(WHOLE),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        _moment("recorded_at"),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        _points_at("staff_id", "staff"),
        _points_at("substitute_id", "staff"),
        _points_at("recorded_by", "staff"),
    )
    op.create_index(op.f("ix_absence_staff_id"), "absence", ["staff_id"])
    op.create_table(
        "duty_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("post", _code("duty_post", "on_duty", "lead"), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "post", name="duty_person_post"),
        _points_at("organization_id", "organization"),
        _points_at("staff_id", "staff"),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        _moment("made_at"),
        _moment("until"),
        sa.PrimaryKeyConstraint("id"),
        _points_at("handoff_id", "handoff"),
        _points_at("staff_id", "staff"),
        _points_at("organization_id", "organization"),
    )
    op.create_index(op.f("ix_acknowledgement_handoff_id"), "acknowledgement", ["handoff_id"])
    op.create_index(op.f("ix_acknowledgement_until"), "acknowledgement", ["until"])
    for name, column, where in (
        ("handoff_unconfirmed", "sent_at", UNCONFIRMED),
        ("handoff_declined", "declined_at", DECLINED),
    ):
        op.create_index(
            name,
            "handoff",
            [column],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    for name in ("handoff_declined", "handoff_unconfirmed"):
        op.drop_index(name, table_name="handoff")
    for table in (
        "acknowledgement",
        "duty_person",
        "absence",
        "mailbox",
        "reminder",
        "message",
    ):
        op.drop_table(table)
