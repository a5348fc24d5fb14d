"""Since when times for a conference wait for whose choice: for the reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PARTIES = (
    "hospital",
    "care_manager",
    "community_support_center",
    "municipality",
    "person_or_family",
    "next_hospital",
)

# What is offered and was not answered waits from now on. A planner is asked by the hospital and
# the hospital by a planner; who proposed stands beside the slot.
WAITING = """
UPDATE handoff SET
  proposed_at = (
    SELECT max(slot.proposed_at) FROM conference_slot AS slot
    WHERE slot.handoff_id = handoff.id AND slot.closed_at IS NULL AND slot.chosen_at IS NULL
  ),
  choice_of = (
    SELECT max(CASE
      WHEN slot.side = 'plan_office' THEN 'hospital'
      WHEN handoff.sender = 'hospital' THEN handoff.receiver
      ELSE handoff.sender
    END) FROM conference_slot AS slot
    WHERE slot.handoff_id = handoff.id AND slot.closed_at IS NULL AND slot.chosen_at IS NULL
  )
WHERE id IN (
  SELECT slot.handoff_id FROM conference_slot AS slot
  WHERE slot.closed_at IS NULL AND slot.chosen_at IS NULL
)
"""


def upgrade() -> None:
    """Add both columns, filled for what waits, and the index by which the reminders ask."""
    op.add_column("handoff", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    party = sa.Enum(
        *PARTIES, name="handoff_choice_of", native_enum=False, create_constraint=False, length=40
    )
    op.add_column("handoff", sa.Column("choice_of", party, nullable=True))
    op.execute(WAITING)
    op.create_index(
        "handoff_proposed",
        "handoff",
        ["proposed_at"],
        unique=False,
        sqlite_where=sa.text("proposed_at IS NOT NULL"),
        postgresql_where=sa.text("proposed_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("handoff_proposed", table_name="handoff")
    op.drop_column("handoff", "choice_of")
    op.drop_column("handoff", "proposed_at")
