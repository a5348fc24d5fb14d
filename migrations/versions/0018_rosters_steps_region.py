"""Rosters of offices, steps towards a certification, requests to join, what a region decided."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STEPS = ("applied", "surveyed", "certified", "assigned")
LEVELS = (
    *("unknown", "none", "target", "support_1", "support_2"),
    *("care_1", "care_2", "care_3", "care_4", "care_5"),
)
KINDS = (
    *("hospital", "care_support_office", "small_multifunctional"),
    *("community_support_center", "health_center"),
)
ROLES = (
    *("ward_nurse", "discharge_nurse", "social_worker", "psychiatric_social_worker"),
    *("care_manager", "center_staff", "health_officer"),
)


def upgrade() -> None:
    """Add the tables."""
    _rosters()
    _steps()
    _region()


def downgrade() -> None:
    """Take them away again."""
    for table in (
        *("region_policy", "joining_request", "certification_step"),
        *("roster_left_out", "roster_entry", "roster", "roster_key"),
    ):
        op.drop_table(table)


def _rosters() -> None:
    op.create_table(
        "roster_key",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["imported_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roster_organization_id", "roster", ["organization_id"])
    op.create_table(
        "roster_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("insured", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roster_entry_roster_id", "roster_entry", ["roster_id"])
    op.create_index("ix_roster_entry_person", "roster_entry", ["person"])
    op.create_table(
        "roster_left_out",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("left_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["left_out_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("organization_id", "person"),
    )


def _coded(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _steps() -> None:
    op.create_table(
        "certification_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("step", _coded(STEPS, "certification_step_kind"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("level", _coded(LEVELS, "certification_step_level"), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.Integer(), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["stated_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["retracted_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_certification_step_stay_id", "certification_step", ["stay_id"])


def _region() -> None:
    op.create_table(
        "joining_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_digest", sa.String(64), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("kind", _coded(KINDS, "joining_kind"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kana", sa.String(100), nullable=False),
        sa.Column("number", sa.String(10), nullable=True),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("fax", sa.String(20), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("role", _coded(ROLES, "joining_role"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_digest", name="joining_request_once"),
    )
    op.create_table(
        "region_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("policy", sa.String(40), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_region_policy_region", "region_policy", ["region"])
