"""When the content of a stay was erased, when offices may no longer open it, and what is held."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ADDED = ("erased_at", "offices_ended_at")
_MOMENT = sa.DateTime(timezone=True)
_ACTING = "(SELECT nullif(current_setting('tsunagi.organization', true), '')::integer)"


def upgrade() -> None:
    """Add the columns and the table."""
    for column in _ADDED:
        op.add_column("stay", sa.Column(column, _MOMENT, nullable=True))
    op.create_table(
        "keeping_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["hospital_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_keeping_hold_hospital_id", "keeping_hold", ["hospital_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE keeping_hold ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY wall ON keeping_hold USING (hospital_id = {_ACTING})")


def downgrade() -> None:
    """Take them away; what was erased stays erased."""
    op.drop_index("ix_keeping_hold_hospital_id", "keeping_hold")
    op.drop_table("keeping_hold")
    for column in reversed(_ADDED):
        op.drop_column("stay", column)
