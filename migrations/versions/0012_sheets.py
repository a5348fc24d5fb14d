"""Sheets while they are written, their versions, what goes along, and whom not to tell."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MEANS = ("in_person", "telephone", "fax", "mail", "post", "network", "tsunagi", "none")
RECEIVERS = ("hospital", "care_manager", "center", "services", "doctor", "municipality")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "sheet_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Date(), nullable=False),
        sa.Column("addition", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stay_id", "organization_id", "sheet", name="sheet_draft_once"),
    )
    op.create_index("ix_sheet_draft_stay_id", "sheet_draft", ["stay_id"])
    op.create_table(
        "sheet_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["sheet_draft.id"]),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("draft_id", "field", name="sheet_answer_once"),
    )
    op.create_index("ix_sheet_answer_draft_id", "sheet_answer", ["draft_id"])
    op.create_table(
        "sheet_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["attached_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sheet_attachment_stay_id", "sheet_attachment", ["stay_id"])
    op.create_table(
        "sheet_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        sa.Column("handed_over_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                *MEANS, name="sheet_means", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("receiver", sa.String(length=100), nullable=False),
        sa.Column("counterpart", sa.String(length=60), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["handed_over_id"], ["handed_over.id"]),
        sa.ForeignKeyConstraint(["attachment_id"], ["sheet_attachment.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "stay_id", "organization_id", "sheet", "number", name="sheet_version_once"
        ),
    )
    op.create_index("ix_sheet_version_stay_id", "sheet_version", ["stay_id"])
    op.create_index("ix_sheet_version_organization_id", "sheet_version", ["organization_id"])
    op.create_table(
        "sharing_reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "receiver",
            sa.Enum(
                *RECEIVERS,
                name="reservation_receiver",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sharing_reservation_stay_id", "sharing_reservation", ["stay_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "sharing_reservation",
        "sheet_version",
        "sheet_attachment",
        "sheet_answer",
        "sheet_draft",
    ):
        op.drop_table(table)
