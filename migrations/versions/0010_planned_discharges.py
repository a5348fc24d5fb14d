"""By which the eve of a closure finds who is to be discharged in it, whatever else is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the planned discharges of those who are still in hospital."""
    op.create_index(
        "stay_to_leave",
        "stay",
        ["planned_discharge_on"],
        unique=False,
        sqlite_where=sa.text("discharged_on IS NULL"),
        postgresql_where=sa.text("discharged_on IS NULL"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("stay_to_leave", "stay")
