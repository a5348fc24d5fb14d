"""Screens: the table of districts; a proposed time of a conference can end by itself.

The reasons for such an end were a closed list, which the database checked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

END = "conference_slot_end"
REASONS = ("replaced", "not_chosen", "no_fit")


def _slots(*, checked: bool) -> sa.Table:
    """The table of proposed times in full: SQLite makes it anew to drop or add a check."""

    def closed(name: str, *words: str, check: bool = True) -> sa.Enum:
        return sa.Enum(*words, name=name, native_enum=False, create_constraint=check, length=40)

    agreed = sa.text("chosen_at IS NOT NULL AND closed_at IS NULL")
    return sa.Table(
        "conference_slot",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column(
            "side", closed("conference_slot_side", "hospital", "plan_office"), nullable=False
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
        sa.Column("closed_why", closed(END, *REASONS, check=checked), nullable=True),
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
        sa.Index("ix_conference_slot_stay_id", "stay_id"),
        sa.Index(
            "conference_chosen_once",
            "handoff_id",
            unique=True,
            sqlite_where=agreed,
            postgresql_where=agreed,
        ),
    )


def _rebuild(*, checked: bool) -> None:
    with op.batch_alter_table(
        "conference_slot", recreate="always", copy_from=_slots(checked=checked)
    ):
        pass


def upgrade() -> None:
    """Add the table, and let the list of reasons grow without a new table each time."""
    op.create_table(
        "district_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["center_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_district_part_region", "district_part", ["region"])
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(checked=False)
    else:
        op.drop_constraint(END, "conference_slot", type_="check")


def downgrade() -> None:
    """Take both back; an end that the list does not know is called replaced."""
    op.drop_table("district_part")
    known = ", ".join(f"'{one}'" for one in REASONS)
    op.execute(
        "UPDATE conference_slot SET closed_why = 'replaced' "  # noqa: S608 - words of this file.
        f"WHERE closed_why NOT IN ({known})"
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(checked=True)
    else:
        op.create_check_constraint(END, "conference_slot", f"closed_why IN ({known})")
