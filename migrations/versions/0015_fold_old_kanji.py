"""Search text in which old forms of kanji count as their modern ones, also for those who are there.

What is folded is worked out from name and kana alone, so going back leaves it: the earlier code
finds whoever it found, but for names in the shapes that it did not know.
"""

import sqlalchemy as sa
from alembic import op

from handoffs.stays.patients import folded_names

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_ONCE = 5_000


def upgrade() -> None:
    """Fold every name anew, some thousand at a time."""
    patient = sa.table(
        "patient", sa.column("id"), sa.column("name"), sa.column("kana"), sa.column("folded")
    )
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(patient).where(patient.c.id > last).order_by(patient.c.id).limit(AT_ONCE)
    ).all():
        last = rows[-1].id
        changed = [
            {"of": row.id, "to": folded}
            for row in rows
            if (folded := folded_names(row.name, row.kana)) != row.folded
        ]
        if changed:
            connection.execute(
                sa.update(patient)
                .where(patient.c.id == sa.bindparam("of"))
                .values(folded=sa.bindparam("to")),
                changed,
            )


def downgrade() -> None:
    """Leave the search text as it is."""
