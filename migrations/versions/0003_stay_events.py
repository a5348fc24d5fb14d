"""What happens to a stay: leave and return, transfer, correction, cancellation.

Columns with a foreign key are added in SQL that both databases read, because Alembic would copy
the whole table for them on SQLite and every other table points at it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ERASABLE = ("old_text", "new_text")
"""The words of a correction may be emptied when their time is over; nothing else may change."""


def upgrade() -> None:
    """Add what this revision is about."""
    op.execute("ALTER TABLE stay ADD COLUMN next_hospital_id INTEGER REFERENCES organization(id)")
    op.execute("ALTER TABLE stay ADD COLUMN continues_id INTEGER REFERENCES stay(id)")
    op.add_column("stay", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoff", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    _make_open_once("discharged_on IS NULL AND cancelled_at IS NULL")
    op.create_index(
        "stay_continued_once",
        "stay",
        ["continues_id"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    _create_leave()
    _create_notice()
    _create_correction()


def downgrade() -> None:
    """Take it away again."""
    for table in ("correction", "notice", "leave"):
        op.drop_table(table)
    op.drop_index("stay_continued_once", "stay")
    _make_open_once("discharged_on IS NULL")
    op.drop_column("handoff", "paused_at")
    for column in ("cancelled_at", "continues_id", "next_hospital_id"):
        op.drop_column("stay", column)


def _make_open_once(condition: str) -> None:
    op.drop_index("stay_open_once", "stay")
    op.create_index(
        "stay_open_once",
        "stay",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _list(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _create_leave() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("kind", _list("leave_kind", "overnight", "temporary_discharge"), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("back_planned_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("returned_on IS NULL OR returned_on >= left_on", name="leave_order"),
        sa.CheckConstraint(
            "back_planned_on IS NULL OR back_planned_on >= left_on", name="leave_planned_order"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_leave_stay_id", "leave", ["stay_id"], unique=False)
    still_away = sa.text("returned_on IS NULL AND taken_back_at IS NULL")
    op.create_index(
        "leave_open_once",
        "leave",
        ["stay_id"],
        unique=True,
        sqlite_where=still_away,
        postgresql_where=still_away,
    )


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            _list(
                "notice_kind",
                "cancelled",
                "death",
                "discharge_corrected",
                "discharge_undone",
                "plan_office_ended",
                "plan_office_begun",
                "reinstated",
                "ward_moved",
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_stay_id", "notice", ["stay_id"], unique=False)
    waiting = sa.text("acknowledged_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "notice_waiting",
        "notice",
        ["organization_id"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _create_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            _list(
                "corrected_field",
                "name",
                "kana",
                "birth_on",
                "sex",
                "hospital_number",
                "admitted_on",
                "admitted_time",
            ),
            nullable=False,
        ),
        sa.Column("old_text", sa.String(length=60), nullable=False),
        sa.Column("new_text", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_correction_stay_id", "correction", ["stay_id"], unique=False)
    _refuse_changes("correction")


def _refuse_changes(table: str) -> None:
    """Let rows only be added, as for what was said and decided (revision 0001)."""
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    fixed = ", ".join(column for column in columns if column not in _ERASABLE)
    reworded = " OR ".join(f"NEW.{c} NOT IN ('', OLD.{c})" for c in _ERASABLE)
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION refuse_change()"
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {fixed} OR DELETE ON {table} "
            f"FOR EACH STATEMENT {refuse}"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_reworded BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({reworded}) {refuse}"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {refuse}"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for name, act in (
        ("rewritten", f"UPDATE OF {fixed}"),
        ("deleted", "DELETE"),
    ):
        op.execute(f"CREATE TRIGGER {table}_not_{name} BEFORE {act} ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_not_reworded BEFORE UPDATE ON {table} WHEN {reworded} {refuse}"
    )
