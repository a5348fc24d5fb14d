"""The wall knows what ended: no office after its days, and nobody else once a stay was erased.

On PostgreSQL alone. The hospital keeps its own rows, which name nobody any more where they were
erased; it counts from them.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ACTING = "(SELECT nullif(current_setting('tsunagi.organization', true), '')::integer)"
_OFFICES = " AND s.offices_ended_at IS NULL AND s.erased_at IS NULL"
_ANNOUNCED = " AND erased_at IS NULL"


def _reached(offices: str, announced: str) -> str:
    """Whose stays somebody reaches, with what is asked beside it (see 0025 for the rest)."""
    return f"""
CREATE OR REPLACE VIEW wall.reached AS
SELECT id AS stay_id, patient_id FROM stay WHERE hospital_id = {_ACTING}
UNION ALL
SELECT s.id, s.patient_id FROM plan_office p JOIN stay s ON s.id = p.stay_id
 WHERE NOT p.superseded AND s.cancelled_at IS NULL AND NOT s.wants_no_contact{offices}
   AND {_ACTING} IN (p.organization_id, p.via_center_id)
UNION ALL
SELECT s.id, s.patient_id FROM handoff h JOIN stay s ON s.id = h.stay_id
 WHERE h.receiver = 'community_support_center' AND h.receiver_id = {_ACTING}
   AND h.sent_at IS NOT NULL AND h.withdrawn_at IS NULL
   AND s.cancelled_at IS NULL AND NOT s.wants_no_contact{offices}
UNION ALL
SELECT id, patient_id FROM stay
 WHERE next_hospital_id = {_ACTING} AND destination = 'other_hospital'
   AND cancelled_at IS NULL{announced}
"""  # noqa: S608 - every part stands in this file.


def upgrade() -> None:
    """Let the view ask for what ended, too."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_reached(_OFFICES, _ANNOUNCED))


def downgrade() -> None:
    """Let it ask for what it asked before: it is then the wider of the two walls again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_reached("", ""))
