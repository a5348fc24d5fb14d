"""Room for the secrets of authenticator apps once they are encrypted.

The migration has no key: `python -m handoffs migrate` locks what stands there afterwards. Going
back takes the locked ones away, since no older program reads them: everybody is let in by a new
code then, as after a lost telephone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = (("account", True), ("invitation", False))
_PLAIN, _LOCKED = 64, 200


def upgrade() -> None:
    """Widen the columns."""
    _resize(_PLAIN, _LOCKED)


def downgrade() -> None:
    """Make them narrow again; what does not fit is gone, as are the codes that rest on it."""
    op.execute("UPDATE account SET totp_secret = NULL WHERE length(totp_secret) > 64")
    op.execute("DELETE FROM invitation WHERE length(totp_secret) > 64")
    _resize(_LOCKED, _PLAIN)


def _resize(before: int, after: int) -> None:
    for table, nullable in _TABLES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "totp_secret",
                existing_type=sa.String(before),
                type_=sa.String(after),
                existing_nullable=nullable,
            )
