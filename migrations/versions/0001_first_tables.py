"""The first tables, and the rule that what was said and decided is never rewritten."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


KEPT = {
    "event": (),
    "assessment": (),
    "statement": ("content", "counterpart"),
}
"""Tables whose rows are added and never rewritten: what was said and decided stays.

The columns named may be emptied when their time is over; nothing else may change.
"""


def _refuse_changes(table: str, erasable: tuple[str, ...]) -> None:
    columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
    fixed = ", ".join(column for column in columns if column not in erasable)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {fixed} OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        if erasable:
            op.execute(
                f"CREATE TRIGGER {table}_not_reworded BEFORE UPDATE ON {table} "
                f"FOR EACH ROW WHEN ({_reworded(erasable)}) EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for name, act in (("rewritten", f"UPDATE OF {fixed}"), ("deleted", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_not_{name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    if erasable:
        op.execute(
            f"CREATE TRIGGER {table}_not_reworded BEFORE UPDATE ON {table} "
            f"WHEN {_reworded(erasable)} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _reworded(columns: tuple[str, ...]) -> str:
    """Say in SQL that one of these columns becomes something else than empty."""
    return " OR ".join(f"NEW.{c} NOT IN ('', OLD.{c})" for c in columns)


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index.
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.String(20), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process"),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hospital",
                "care_support_office",
                "small_multifunctional",
                "community_support_center",
                "health_center",
                name="organization_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kana", sa.String(100), nullable=False),
        sa.Column("number", sa.String(10), nullable=True),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("fax", sa.String(20), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("closed_days", sa.JSON(), nullable=False),
        sa.Column("open_on_public_holidays", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "number", name="organization_number"),
    )
    op.create_index("ix_organization_region", "organization", ["region"], unique=False)

    op.create_table(
        "sign_in_try",
        sa.Column("name_digest", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_digest"),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["center_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("center_id", "office_id", name="delegation_pair"),
    )
    op.create_index("ix_delegation_office_id", "delegation", ["office_id"], unique=False)

    op.create_table(
        "patient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("hospital_number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kana", sa.String(60), nullable=False),
        sa.Column("folded", sa.String(130), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum(
                "unknown",
                "female",
                "male",
                name="patient_sex",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("in_region", sa.Boolean(), nullable=True),
        sa.Column("whereabouts_hidden", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(kana) BETWEEN 1 AND 60", name="patient_kana"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name="patient_name"),
        sa.ForeignKeyConstraint(
            ["hospital_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hospital_id", "hospital_number", name="patient_hospital_number"),
    )
    op.create_index("ix_patient_folded", "patient", ["folded"], unique=False)
    op.create_index("ix_patient_hospital_id", "patient", ["hospital_id"], unique=False)

    op.create_table(
        "ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "general",
                "community_care",
                "community_medical",
                "rehabilitation",
                "long_term",
                "psychiatric",
                "dementia",
                "palliative",
                "emergency",
                name="ward_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["hospital_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hospital_id", "name", name="ward_name"),
    )
    op.create_index("ix_ward_hospital_id", "ward", ["hospital_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "ward_nurse",
                "discharge_nurse",
                "social_worker",
                "psychiatric_social_worker",
                "care_manager",
                "center_staff",
                "health_officer",
                name="staff_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("sign_in_name", sa.String(60), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["ward.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sign_in_name"),
    )
    op.create_index("ix_staff_organization_id", "staff", ["organization_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("staff_id", "path", name="draft_once"),
    )
    op.create_index("ix_draft_staff_id", "draft", ["staff_id"], unique=False)

    op.create_table(
        "posted_form",
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(200), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("form_id"),
    )
    op.create_table(
        "signed_in",
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_colleagues", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index("ix_signed_in_staff_id", "signed_in", ["staff_id"], unique=False)

    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("admitted_time", sa.Time(), nullable=True),
        sa.Column("planned_discharge_on", sa.Date(), nullable=True),
        sa.Column(
            "planned_certainty",
            sa.Enum(
                "undecided",
                "about",
                "fixed",
                name="planned_certainty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("discharged_time", sa.Time(), nullable=True),
        sa.Column(
            "destination",
            sa.Enum(
                "home",
                "specified_facility",
                "group_home",
                "nursing_home",
                "health_facility",
                "medical_facility",
                "disability_facility",
                "other_hospital",
                "death",
                "self_discharge",
                "unknown",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("wants_no_contact", sa.Boolean(), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=True),
        sa.Column("contact_staff_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(planned_certainty = 'undecided') = (planned_discharge_on IS NULL)",
            name="stay_planned_certainty",
        ),
        sa.CheckConstraint(
            "(discharged_on IS NULL) = (destination IS NULL)", name="stay_destination_known"
        ),
        sa.CheckConstraint(
            "discharged_on IS NULL OR discharged_on >= admitted_on", name="stay_order"
        ),
        sa.CheckConstraint(
            "planned_discharge_on IS NULL OR planned_discharge_on >= admitted_on",
            name="stay_planned_order",
        ),
        sa.ForeignKeyConstraint(
            ["center_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["contact_staff_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hospital_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["ward.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_stay_hospital_id", "stay", ["hospital_id"], unique=False)
    op.create_index("ix_stay_patient_id", "stay", ["patient_id"], unique=False)
    op.create_index("stay_admitted", "stay", ["region", "admitted_on"], unique=False)
    op.create_index("stay_discharged", "stay", ["region", "discharged_on"], unique=False)
    op.create_index(
        "stay_open_once",
        "stay",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("discharged_on IS NULL"),
        postgresql_where=sa.text("discharged_on IS NULL"),
    )

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "admission",
                "assessment",
                "change",
                name="assessment_occasion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("edition_in_force", sa.String(10), nullable=False),
        sa.Column("edition_digest", sa.String(64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "coordination",
            sa.Enum(
                "required",
                "not_required",
                "undetermined",
                name="coordination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["judged_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assessment_stay_id", "assessment", ["stay_id"], unique=False)

    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "unknown",
                "none",
                "target",
                "support_1",
                "support_2",
                "care_1",
                "care_2",
                "care_3",
                "care_4",
                "care_5",
                name="care_need_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "application",
            sa.Enum(
                "unknown",
                "none",
                "new",
                "renewal",
                "change",
                name="care_application",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "insured_category",
            sa.Enum(
                "unknown",
                "first",
                "second",
                "deemed_second",
                "under_40",
                name="insured_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("insurer_number", sa.String(6), nullable=True),
        sa.Column("insured_number", sa.String(10), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="certification_validity",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_certification_stay_id", "certification", ["stay_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "given",
                "withheld",
                name="consent_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "posted",
                "oral",
                "written",
                "family",
                "law",
                "entrusted",
                "joint_use",
                name="consent_ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_stay_id", "consent", ["stay_id"], unique=False)

    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "key_person",
                "main_carer",
                "guardian",
                "daily_life_support",
                "caseworker",
                "nobody",
                name="contact_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("telephone", sa.String(20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contact_person_stay_id", "contact_person", ["stay_id"], unique=False)

    op.create_table(
        "handoff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "admission_notice",
                "admission_information",
                "discharge_notice",
                "discharge_conference",
                "discharge_information",
                "referral",
                "discharge_date",
                "transfer_notice",
                "ward_move_notice",
                "care_manager_assigned",
                "after_discharge_information",
                "care_plan_copy",
                "outcome",
                name="handoff_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "sender",
            sa.Enum(
                "hospital",
                "care_manager",
                "community_support_center",
                "municipality",
                "person_or_family",
                "next_hospital",
                name="handoff_sender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "receiver",
            sa.Enum(
                "hospital",
                "care_manager",
                "community_support_center",
                "municipality",
                "person_or_family",
                "next_hospital",
                name="handoff_receiver",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "required",
                "undetermined",
                name="handoff_standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("waits_for", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("counting", sa.String(200), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("preferred_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_notice", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_reason", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="handoff_due"),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR sent_at IS NOT NULL", name="handoff_confirmed_after_sent"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "handoff_due_now",
        "handoff",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND waived_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND waived_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "handoff_rule_once",
        "handoff",
        ["stay_id", "rule_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_handoff_receiver_id", "handoff", ["receiver_id"], unique=False)
    op.create_index("ix_handoff_stay_id", "handoff", ["stay_id"], unique=False)

    op.create_table(
        "plan_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unknown",
                "assigned",
                "unassigned",
                "paused",
                name="plan_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "arrangement",
            sa.Enum(
                "office",
                "center",
                "delegated",
                "designated",
                "small_multifunctional",
                "facility",
                "self",
                name="plan_arrangement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("care_manager_id", sa.Integer(), nullable=True),
        sa.Column("care_manager_name", sa.String(60), nullable=False),
        sa.Column("via_center_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('assigned', 'paused') OR organization_id IS NULL", name="plan_office_status"
        ),
        sa.ForeignKeyConstraint(
            ["care_manager_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.ForeignKeyConstraint(
            ["via_center_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_plan_office_organization_id", "plan_office", ["organization_id"], unique=False
    )
    op.create_index("ix_plan_office_stay_id", "plan_office", ["stay_id"], unique=False)
    op.create_index(
        "plan_office_current",
        "plan_office",
        ["stay_id"],
        unique=True,
        sqlite_where=sa.text("NOT superseded"),
        postgresql_where=sa.text("NOT superseded"),
    )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "colleagues:hide",
                "colleagues:show",
                "handoff:confirm",
                "handoff:move",
                "handoff:open",
                "handoff:overdue",
                "handoff:send",
                "handoff:sheet",
                "handoff:waive",
                "handoff:withdraw",
                "import:ward_list",
                "overdue:close",
                "rates:read",
                "sign_in:success",
                "sign_in:failure",
                "sign_out:done",
                "statement:make",
                "stay:admit",
                "stay:assess",
                "stay:certify",
                "stay:consent",
                "stay:discharge",
                "stay:list",
                "stay:plan_discharge",
                "stay:plan_office",
                "stay:read",
                "stay:take",
                name="event_act",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_staff_id", "event", ["staff_id"], unique=False)
    op.create_index("ix_event_stay_id", "event", ["stay_id"], unique=False)

    op.create_table(
        "overdue_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handoff_id", "due_at", name="overdue_once"),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "hospital",
                "plan_office",
                name="statement_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "topic",
            sa.Enum(
                "admission",
                "discharge",
                "referral",
                "other",
                name="statement_topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "in_person",
                "telephone",
                "fax",
                "mail",
                "post",
                "network",
                "tsunagi",
                "none",
                name="statement_means",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "talked",
                "absent",
                "message",
                "met",
                "conference",
                "sent",
                "received",
                "advised",
                "through_family",
                "nothing_heard",
                "not_contacted",
                name="statement_result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_time", sa.Time(), nullable=True),
        sa.Column("content", sa.String(2000), nullable=False),
        sa.Column("counterpart", sa.String(60), nullable=False),
        sa.Column("sheet_digest", sa.String(64), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"],
            ["stay.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_statement_handoff_id", "statement", ["handoff_id"], unique=False)
    op.create_index("ix_statement_stay_id", "statement", ["stay_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, erasable in KEPT.items():
        _refuse_changes(table, erasable)


def downgrade() -> None:
    for table in (
        "statement",
        "overdue_flag",
        "event",
        "plan_office",
        "handoff",
        "contact_person",
        "consent",
        "certification",
        "assessment",
        "stay",
        "signed_in",
        "posted_form",
        "draft",
        "staff",
        "ward",
        "patient",
        "delegation",
        "sign_in_try",
        "organization",
        "heartbeat",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
