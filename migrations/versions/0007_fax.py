"""FAX as a tracked channel: numbers and how they were verified, and each sending."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STANDING = "ended_at IS NULL"
TROUBLED = "state IN ('busy', 'failed') AND settled_at IS NULL"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    op.create_table(
        "fax_number",
        _number("id"),
        _number("hospital_id"),
        _number("organization_id"),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("directory", sa.String(20), nullable=False),
        sa.Column("test_code", sa.String(6), nullable=False),
        _moment("recorded_at"),
        _number("recorded_by"),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("counterpart", sa.String(60), nullable=False),
        _number("called_by", nullable=True),
        _moment("tested_at", nullable=True),
        _number("tested_by", nullable=True),
        _moment("seconded_at", nullable=True),
        _number("seconded_by", nullable=True),
        _moment("ended_at", nullable=True),
        _number("ended_by", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        _points_at("hospital_id", "organization"),
        _points_at("organization_id", "organization"),
        *(
            _points_at(column, "staff")
            for column in ("recorded_by", "called_by", "tested_by", "seconded_by", "ended_by")
        ),
    )
    op.create_index(
        "fax_number_current",
        "fax_number",
        ["hospital_id", "organization_id"],
        unique=True,
        sqlite_where=sa.text(STANDING),
        postgresql_where=sa.text(STANDING),
    )
    op.create_table(
        "fax_sending",
        _number("id"),
        _number("stay_id"),
        _number("handoff_id"),
        _number("hospital_id"),
        _number("organization_id"),
        _number("number_id"),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "sent",
                "delivered",
                "busy",
                "failed",
                "received",
                "replied",
                name="fax_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        _moment("state_at"),
        _number("state_by", nullable=True),
        _number("message_id", nullable=True),
        _moment("made_at"),
        _number("made_by"),
        _moment("settled_at", nullable=True),
        _number("settled_by", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        _points_at("stay_id", "stay"),
        _points_at("handoff_id", "handoff"),
        _points_at("hospital_id", "organization"),
        _points_at("organization_id", "organization"),
        _points_at("number_id", "fax_number"),
        _points_at("state_by", "staff"),
        _points_at("message_id", "message"),
        _points_at("made_by", "staff"),
        _points_at("settled_by", "staff"),
    )
    for column in ("stay_id", "handoff_id", "message_id"):
        op.create_index(op.f(f"ix_fax_sending_{column}"), "fax_sending", [column])
    op.create_index(
        "fax_sending_troubled",
        "fax_sending",
        ["hospital_id"],
        sqlite_where=sa.text(TROUBLED),
        postgresql_where=sa.text(TROUBLED),
    )


def downgrade() -> None:
    for table in ("fax_sending", "fax_number"):
        op.drop_table(table)
