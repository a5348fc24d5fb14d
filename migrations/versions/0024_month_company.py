"""Which offices have a line of their own in each month, kept with the month."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; the scheduler fills it at its next look."""
    op.create_table(
        "month_company",
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("several", sa.JSON(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "month"),
    )


def downgrade() -> None:
    """Take it away; lines of offices are then read from the register again."""
    op.drop_table("month_company")
