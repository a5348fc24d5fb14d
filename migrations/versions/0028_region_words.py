"""What a region wrote where a decision is no choice: an address, a list of days."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("region_policy", sa.Column("words", sa.String(4000), nullable=True))


def downgrade() -> None:
    """Take it away; what was written is gone, and the configuration counts again."""
    op.drop_column("region_policy", "words")
