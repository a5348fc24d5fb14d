"""Figures from outside, the region's goals, the yearly survey, and the shadow month."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _coded(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _staff() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["staff_id"], ["staff.id"])


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "outside_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column(
            "kind",
            _coded("outside_figure_kind", "indicator", "coverage", "baseline"),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("value", sa.String(16), nullable=False),
        sa.Column(
            "unit",
            _coded("outside_figure_unit", "times", "people", "cases", "percent"),
            nullable=False,
        ),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=True),
        sa.Column("definition", sa.String(400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("value = '' OR source <> ''", name="outside_figure_sourced"),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "outside_figure_key", "outside_figure", ["region", "kind", "name", "place", "period"]
    )
    op.create_table(
        "regional_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(200), nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("measures", sa.String(600), nullable=False),
        sa.Column("result", sa.String(600), nullable=False),
        sa.Column("next_step", sa.String(600), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("regional_goal_key", "regional_goal", ["region", "year", "number"])
    _survey()
    _shadow()


def _survey() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("answers_until", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.UniqueConstraint("region", "month", name="survey_month_once"),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "question",
            _coded("survey_question", "coordination", "information", "reflected"),
            nullable=False,
        ),
        sa.Column(
            "word",
            _coded("survey_word", "yes", "no", "family", "late", "unknown"),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"]),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "survey_answer_key", "survey_answer", ["survey_id", "organization_id", "stay_id"]
    )
    op.create_table(
        "survey_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("unlisted_met", sa.Integer(), nullable=False),
        sa.Column("unlisted_not_met", sa.Integer(), nullable=False),
        sa.Column("unlisted_informed", sa.Integer(), nullable=False),
        sa.Column("unlisted_not_informed", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("survey_return_key", "survey_return", ["survey_id", "organization_id"])


def _shadow() -> None:
    op.create_table(
        "shadow_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("paper_admission_on", sa.Date(), nullable=True),
        sa.Column("paper_discharge_on", sa.Date(), nullable=True),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hospital_id"], ["organization.id"]),
        _staff(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("shadow_line_key", "shadow_line", ["hospital_id", "month", "code"])


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "shadow_line",
        "survey_return",
        "survey_answer",
        "survey",
        "regional_goal",
        "outside_figure",
    ):
        op.drop_table(table)
