"""Links to one case and one purpose, opened with a PIN instead of a sign-in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STANDING = "ended_at IS NULL"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    op.create_table(
        "link_agreement",
        _number("id"),
        _number("hospital_id"),
        _number("organization_id"),
        sa.Column("pin_hash", sa.String(200), nullable=False),
        sa.Column("mail_address", sa.String(254), nullable=False),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("counterpart", sa.String(60), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        _moment("recorded_at"),
        _number("recorded_by"),
        _moment("ended_at", nullable=True),
        _number("ended_by", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        _points_at("hospital_id", "organization"),
        _points_at("organization_id", "organization"),
        _points_at("recorded_by", "staff"),
        _points_at("ended_by", "staff"),
    )
    op.create_index(
        "link_agreement_current",
        "link_agreement",
        ["hospital_id", "organization_id"],
        unique=True,
        sqlite_where=sa.text(STANDING),
        postgresql_where=sa.text(STANDING),
    )
    op.create_table(
        "case_link",
        _number("id"),
        _number("stay_id"),
        _number("handoff_id"),
        _number("hospital_id"),
        _number("organization_id"),
        sa.Column("purpose", sa.String(40), nullable=False),
        _number("message_id", nullable=True),
        _moment("made_at"),
        _number("made_by"),
        _moment("expires_at"),
        _number("tries"),
        _moment("tried_at", nullable=True),
        sa.Column("opening_digest", sa.String(64), nullable=True),
        _moment("opening_until", nullable=True),
        _moment("opened_at", nullable=True),
        _moment("used_at", nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "confirmed",
                "declined",
                name="link_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.String(60), nullable=False),
        _moment("revoked_at", nullable=True),
        _number("revoked_by", nullable=True),
        _moment("settled_at", nullable=True),
        _number("settled_by", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        _points_at("stay_id", "stay"),
        _points_at("handoff_id", "handoff"),
        _points_at("hospital_id", "organization"),
        _points_at("organization_id", "organization"),
        _points_at("message_id", "message"),
        _points_at("made_by", "staff"),
        _points_at("revoked_by", "staff"),
        _points_at("settled_by", "staff"),
    )
    for column in ("stay_id", "handoff_id", "hospital_id", "message_id"):
        op.create_index(op.f(f"ix_case_link_{column}"), "case_link", [column])
    op.create_table(
        "case_link_secret",
        sa.Column("digest", sa.String(64), nullable=False),
        _number("link_id"),
        sa.PrimaryKeyConstraint("digest"),
        _points_at("link_id", "case_link"),
    )
    op.create_index(op.f("ix_case_link_secret_link_id"), "case_link_secret", ["link_id"])


def downgrade() -> None:
    for table in ("case_link_secret", "case_link", "link_agreement"):
        op.drop_table(table)
