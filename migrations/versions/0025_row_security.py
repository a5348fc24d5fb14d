"""PostgreSQL's own wall between organizations: row-level security. Nothing on SQLite.

The owner of the tables is not held by it (no FORCE), any other role is. Whose rows such a role
sees stands in settings of its transaction (`handoffs.wall`); without them it sees none. Who
reaches a stay is asked in views, which read with the owner's rights: a policy on `stay` that
asked `plan_office` under its own policy would have no end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ACTING = "(SELECT nullif(current_setting('tsunagi.organization', true), '')::integer)"
_PERSON = "(SELECT nullif(current_setting('tsunagi.person', true), '')::integer)"
_REGION = "(SELECT nullif(current_setting('tsunagi.region', true), ''))"
_CROSSING = "(SELECT coalesce(current_setting('tsunagi.crossing', true), '') <> '')"

# One condition on each branch, so that the planner carries stay and patient into all of them.
_REACHED = f"""
CREATE VIEW wall.reached AS
SELECT id AS stay_id, patient_id FROM stay WHERE hospital_id = {_ACTING}
UNION ALL
SELECT s.id, s.patient_id FROM plan_office p JOIN stay s ON s.id = p.stay_id
 WHERE NOT p.superseded AND s.cancelled_at IS NULL AND NOT s.wants_no_contact
   AND {_ACTING} IN (p.organization_id, p.via_center_id)
UNION ALL
SELECT s.id, s.patient_id FROM handoff h JOIN stay s ON s.id = h.stay_id
 WHERE h.receiver = 'community_support_center' AND h.receiver_id = {_ACTING}
   AND h.sent_at IS NOT NULL AND h.withdrawn_at IS NULL
   AND s.cancelled_at IS NULL AND NOT s.wants_no_contact
UNION ALL
SELECT id, patient_id FROM stay
 WHERE next_hospital_id = {_ACTING} AND destination = 'other_hospital' AND cancelled_at IS NULL
"""  # noqa: S608 - every part stands in this file.
_COUNTED = "CREATE VIEW wall.counted AS SELECT id AS stay_id FROM stay WHERE region = "
_COUNTED += _REGION

_OF_STAY = "EXISTS (SELECT FROM wall.reached w WHERE w.stay_id = {table}.stay_id)"
_IN_COUNT = "EXISTS (SELECT FROM wall.counted w WHERE w.stay_id = {table}.stay_id)"
_OWN = "organization_id = " + _ACTING

# What only those who reach the stay see.
_BY_STAY = (
    "case_link",
    "certification_step",
    "concern",
    "conference_slot",
    "consent",
    "contact_person",
    "correction",
    "decline",
    "fax_sending",
    "handed_over",
    "leave",
    "sharing_reservation",
    "sheet_attachment",
    "sheet_draft",
    "sheet_version",
    "support_step",
    "waiving",
)
# What a health centre counts from beside them: days, standings and answers of its region.
_COUNTED_TABLES = (
    "assessment",
    "certification",
    "handoff",
    "miss_reason",
    "plan_office",
    "statement",
    "survey_answer",
)
# What is also seen by the organization that it names: it wrote it, or it was told.
_ALSO_OWN = ("notice", "survey_answer", "transfer_answer")
_THROUGH = {
    "acknowledgement": ("handoff", "id", "handoff_id"),
    "case_link_secret": ("case_link", "id", "link_id"),
    "overdue_flag": ("handoff", "id", "handoff_id"),
    "roster_entry": ("roster", "id", "roster_id"),
    "sheet_answer": ("sheet_draft", "id", "draft_id"),
}
_BY_ORGANIZATION = {
    "leak": "organization_id",
    "long_work": "organization_id",
    "roster": "organization_id",
    "roster_key": "organization_id",
    "roster_left_out": "organization_id",
    "shadow_line": "hospital_id",
}


def _conditions() -> dict[str, str]:
    """What a row of each table must say to be seen and written."""
    found = {
        "stay": f"hospital_id = {_ACTING} OR region = {_REGION}"
        " OR EXISTS (SELECT FROM wall.reached w WHERE w.stay_id = stay.id)",
        "patient": f"hospital_id = {_ACTING}"
        " OR EXISTS (SELECT FROM wall.reached w WHERE w.patient_id = patient.id)",
        "draft": f"staff_id = {_PERSON}",
    }
    for table in _BY_STAY + _COUNTED_TABLES + _ALSO_OWN:
        found[table] = _OF_STAY.format(table=table)
    for table in _COUNTED_TABLES:
        found[table] += " OR " + _IN_COUNT.format(table=table)
    for table in _ALSO_OWN:
        found[table] += " OR " + _OWN
    for table, (parent, key, column) in _THROUGH.items():
        found[table] = f"EXISTS (SELECT FROM {parent} up WHERE up.{key} = {table}.{column})"
    for table, column in _BY_ORGANIZATION.items():
        found[table] = f"{column} = {_ACTING}"
    return found


_EVENT = f"{_CROSSING} OR {_OWN} OR " + _OF_STAY.format(table="event")


def upgrade() -> None:
    """Make the views and put a policy before every table that tells of a person."""
    if op.get_bind().dialect.name != "postgresql":
        return
    # The views answer with the asker's own rows alone: anybody may ask them.
    op.execute("CREATE SCHEMA wall")
    op.execute(_REACHED)
    op.execute(_COUNTED)
    op.execute("GRANT USAGE ON SCHEMA wall TO PUBLIC")
    op.execute("GRANT SELECT ON wall.reached, wall.counted TO PUBLIC")
    for table, condition in _conditions().items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY wall ON {table} USING ({_CROSSING} OR {condition})")
    # History is added to by everybody, also before anybody is known, and changed by nobody.
    op.execute("ALTER TABLE event ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY wall ON event FOR SELECT USING ({_EVENT})")
    op.execute("CREATE POLICY wall_added ON event FOR INSERT WITH CHECK (true)")


def downgrade() -> None:
    """Take policies and views away; what every query asks for itself is then the only wall."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    made = sa.text("SELECT tablename, policyname FROM pg_policies WHERE policyname LIKE 'wall%'")
    for table, policy in bind.execute(made).all():
        op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP VIEW wall.reached, wall.counted")
    op.execute("DROP SCHEMA wall")
