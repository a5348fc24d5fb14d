"""The history sealed and chained, whom a reading showed, and leaks with their dates.

The columns of `event` are added plainly: a table that is made anew would lose its triggers. Rows
that were there stay without a seal, which the chain notes as taken over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ADDED = ("shown", "page", "seal")


def upgrade() -> None:
    """Add the columns and tables, and refuse every change of what is in them."""
    op.add_column("event", sa.Column("shown", sa.Text(), nullable=True))
    op.add_column("event", sa.Column("page", sa.String(60), nullable=True))
    op.add_column("event", sa.Column("seal", sa.String(56), nullable=True))
    op.create_index("ix_event_seal", "event", ["seal"], unique=True)
    op.create_index(
        "ix_event_organization_id_recorded_at", "event", ["organization_id", "recorded_at"]
    )
    op.create_table(
        "audit_block",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("key_name", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "leak",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("wrongful", sa.Boolean(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("first_reported_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"]),
        sa.CheckConstraint("kind IN ('account', 'fax', 'link', 'stays')", name="leak_kind"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_leak_organization_id", "leak", ["organization_id"])
    _refuse("event", "event_reading", ", ".join(_ADDED), deletes=False)
    _refuse("audit_block", "audit_block", "", deletes=True)
    if op.get_bind().dialect.name == "postgresql":
        # Whoever the application signs in as beside the owner is given SELECT and INSERT at most.
        op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON event, audit_block FROM PUBLIC")


def _refuse(table: str, name: str, columns: str, *, deletes: bool) -> None:
    of = f" OF {columns}" if columns else ""
    if op.get_bind().dialect.name == "postgresql":
        acts = f"UPDATE{of}" + (" OR DELETE" if deletes else "")
        run = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER {name}_kept BEFORE {acts} ON {table} {run}")
        if deletes:
            op.execute(f"CREATE TRIGGER {name}_not_emptied BEFORE TRUNCATE ON {table} {run}")
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {name}_not_rewritten BEFORE UPDATE{of} ON {table} {refuse}")
    if deletes:
        op.execute(f"CREATE TRIGGER {name}_not_deleted BEFORE DELETE ON {table} {refuse}")


def downgrade() -> None:
    """Take them away again; the events themselves stay."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("DROP TRIGGER event_reading_kept ON event")
    else:
        op.execute("DROP TRIGGER event_reading_not_rewritten")
    op.drop_index("ix_leak_organization_id", "leak")
    op.drop_table("leak")
    op.drop_table("audit_block")
    op.drop_index("ix_event_organization_id_recorded_at", "event")
    op.drop_index("ix_event_seal", "event")
    for column in reversed(_ADDED):
        op.drop_column("event", column)
