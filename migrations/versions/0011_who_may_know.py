"""Reasons that are kept, a next hospital's answer, a concern for two readers, direct lines."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT = "waiving"
"""The append-only table of this revision; its reason alone may be emptied. See revision 0001."""

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns; what was waived so far keeps its reason."""
    _keep_reasons()
    op.create_table(
        "transfer_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "transfer_answer_once",
        "transfer_answer",
        ["stay_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("social_worker_id", sa.Integer(), nullable=False),
        sa.Column("care_manager_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["social_worker_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["care_manager_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_concern_stay_id", "concern", ["stay_id"])
    for name, length in (("direct_line", 20), ("reachable", 40)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("staff", column)


def downgrade() -> None:
    """Take it away again."""
    for name in ("reachable", "direct_line"):
        op.drop_column("staff", name)
    for table in ("concern", "transfer_answer", KEPT):
        op.drop_table(table)


def _keep_reasons() -> None:
    op.create_table(
        KEPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_waiving_stay_id", KEPT, ["stay_id"])
    # The reason stood on the handoff; who gave it and when, in the history alone.
    op.execute(
        "INSERT INTO waiving (stay_id, handoff_id, reason, organization_id, staff_id, recorded_at) "
        "SELECT handoff.stay_id, handoff.id, handoff.waived_reason, event.organization_id, "
        "event.staff_id, event.recorded_at FROM handoff JOIN event "
        "ON event.handoff_id = handoff.id AND event.act = 'handoff:waive' "
        "WHERE handoff.waived_reason <> '' AND event.organization_id IS NOT NULL "
        "AND event.id = (SELECT max(one.id) FROM event AS one "
        "WHERE one.handoff_id = handoff.id AND one.act = 'handoff:waive')"
    )
    fixed = "id, stay_id, handoff_id, organization_id, staff_id, recorded_at"
    reworded = "NEW.reason NOT IN ('', OLD.reason)"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER waiving_kept BEFORE UPDATE OF {fixed} OR DELETE ON waiving "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER waiving_not_reworded BEFORE UPDATE ON waiving "
            f"FOR EACH ROW WHEN ({reworded}) EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER waiving_not_emptied BEFORE TRUNCATE ON waiving "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for name, act, when in (
        ("rewritten", f"UPDATE OF {fixed}", ""),
        ("deleted", "DELETE", ""),
        ("reworded", "UPDATE", f"WHEN {reworded} "),
    ):
        op.execute(
            f"CREATE TRIGGER waiving_not_{name} BEFORE {act} ON waiving {when}"
            "BEGIN SELECT RAISE(ABORT, 'waiving is append-only'); END"
        )
