"""Which offices have a line of their own in each month, and whose answers a survey tells."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; the scheduler fills them at its next look."""
    op.create_table(
        "month_company",
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("several", sa.JSON(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "month"),
    )
    op.add_column("survey", sa.Column("told", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("survey", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away; lines of offices are then read from the register again."""
    op.drop_column("survey", "told_at")
    op.drop_column("survey", "told")
    op.drop_table("month_company")
