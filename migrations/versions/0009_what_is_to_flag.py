"""By which the sweep finds what is late and bears no flag, whatever else is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = "coalesce(sent_at, waived_at, withdrawn_at, paused_at) IS NULL"


def upgrade() -> None:
    """Let a handoff bear the moment that was flagged, and index those that are to be."""
    op.add_column("handoff", sa.Column("flagged_for", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE handoff SET flagged_for = due_at WHERE EXISTS (SELECT 1 FROM overdue_flag "
        "WHERE overdue_flag.handoff_id = handoff.id AND overdue_flag.due_at = handoff.due_at)"
    )
    op.create_index(
        "handoff_to_flag",
        "handoff",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text(
            f"{OPEN} AND short_notice IS 0 AND before_notice IS 0 "
            "AND standing = 'required' AND flagged_for IS NOT due_at"
        ),
        postgresql_where=sa.text(
            f"{OPEN} AND short_notice IS false AND before_notice IS false "
            "AND standing = 'required' AND flagged_for IS DISTINCT FROM due_at"
        ),
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_index("handoff_to_flag", "handoff")
    op.drop_column("handoff", "flagged_for")
