"""Declined, delivered, frozen and reasoned: what closes a handoff's loop."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = {
    "statement": ("content", "counterpart"),
    "decline": ("words",),
    "miss_reason": ("words",),
    "handed_over": ("content",),
}
"""Append-only tables of this revision, and which columns may be emptied; see revision 0001."""

COLUMNS = ("delivered_at", "declined_at", "passed_on", "before_notice")


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _refuse_changes(table: str, erasable: tuple[str, ...]) -> None:
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    fixed = ", ".join(column for column in columns if column not in erasable)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {fixed} OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_reworded BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({_reworded(erasable)}) EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for name, act, when in (
        ("rewritten", f"UPDATE OF {fixed}", ""),
        ("deleted", "DELETE", ""),
        ("reworded", "UPDATE", f"WHEN {_reworded(erasable)} "),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_not_{name} BEFORE {act} ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _reworded(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{c} NOT IN ('', OLD.{c})" for c in columns)


def _allow_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("kept", "not_reworded", "not_emptied"):
            op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
        return
    for name in ("rewritten", "deleted", "reworded"):
        op.execute(f"DROP TRIGGER {table}_not_{name}")


def upgrade() -> None:
    """Add the tables and columns, and work out what the new columns say of older rows."""
    _add_columns()
    _work_out()
    _make_answers()
    _make_slots()
    for table, erasable in KEPT.items():
        _refuse_changes(table, erasable)


def _add_columns() -> None:
    _allow_changes("statement")
    # In one statement: alembic adds the foreign key apart, which SQLite cannot.
    op.execute("ALTER TABLE statement ADD COLUMN retracts_id INTEGER REFERENCES statement (id)")
    op.create_index("statement_retracted_once", "statement", ["retracts_id"], unique=True)
    op.add_column("handoff", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoff", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoff", sa.Column("passed_on", sa.Date(), nullable=True))
    op.add_column(
        "handoff",
        sa.Column("before_notice", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _work_out() -> None:
    op.execute(
        "UPDATE handoff SET passed_on = (SELECT MIN(happened_on) FROM statement "
        "WHERE statement.handoff_id = handoff.id AND result IN "
        "('talked', 'met', 'conference', 'received', 'sent', 'advised')) "
        "WHERE sent_at IS NOT NULL"
    )
    op.execute(
        "UPDATE handoff SET before_notice = (1 = 1) "
        "WHERE kind = 'admission_information' AND receiver = 'hospital' "
        "AND sent_at IS NULL AND withdrawn_at IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM statement WHERE statement.stay_id = handoff.stay_id "
        "AND topic = 'admission' "
        "AND result IN ('talked', 'met', 'conference', 'received', 'sent') "
        "AND (side = 'hospital' OR result = 'received'))"
    )


def _make_answers() -> None:
    op.create_table(
        "decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            _closed(
                "decline_reason",
                "not_a_client",
                "changed_office",
                "contract_ended",
                "cannot_take",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("suggested_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["suggested_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("stay_id", "handoff_id", "organization_id"):
        op.create_index(f"ix_decline_{column}", "decline", [column])

    op.create_table(
        "miss_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        sa.Column("side", _closed("miss_reason_side", "hospital", "plan_office"), nullable=False),
        sa.Column(
            "cause",
            _closed(
                "miss_cause",
                "out_of_hours",
                "contact_unknown",
                "persons_wish",
                "sudden_discharge",
                "papers_crossed",
                "short_of_hands",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("stay_id", "handoff_id"):
        op.create_index(f"ix_miss_reason_{column}", "miss_reason", [column])

    op.create_table(
        "handed_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("stay_id", "handoff_id"):
        op.create_index(f"ix_handed_over_{column}", "handed_over", [column])


def _make_slots() -> None:
    op.create_table(
        "conference_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column(
            "side", _closed("conference_slot_side", "hospital", "plan_office"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_why",
            _closed("conference_slot_end", "replaced", "not_chosen", "no_fit"),
            nullable=True,
        ),
        sa.Column("answer", sa.String(200), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="conference_slot_order"),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_why IS NULL)", name="conference_slot_closed"
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["chosen_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_conference_slot_stay_id", "conference_slot", ["stay_id"])
    op.create_index(
        "conference_chosen_once",
        "conference_slot",
        ["handoff_id"],
        unique=True,
        sqlite_where=sa.text("chosen_at IS NOT NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("chosen_at IS NOT NULL AND closed_at IS NULL"),
    )


def downgrade() -> None:
    """Take it away again."""
    for table in ("conference_slot", "handed_over", "miss_reason", "decline"):
        op.drop_table(table)
    for column in COLUMNS:
        op.drop_column("handoff", column)
    _allow_changes("statement")
    op.drop_index("statement_retracted_once", "statement")
    op.drop_column("statement", "retracts_id")
    _refuse_changes("statement", KEPT["statement"])
