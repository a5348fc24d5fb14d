"""Accounts: second factors, invitations, passkeys, rules of a house, emergency accounts.

The sample region's accounts get the secret that is printed with their password: they stand in
prefecture 99, which does not exist, or are the health centre beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SAMPLE_SECRET = "MIHONIRYOKENMIHONIRYOKENMIHONIRY"  # noqa: S105 - printed at every start.
_IN_SAMPLE = """
    FROM staff JOIN organization ON organization.id = staff.organization_id
    WHERE organization.number LIKE '99%' AND organization.region = 'mihon'
       OR organization.number IS NULL AND organization.name = '見本保健所'
          AND staff.sign_in_name = 'health-center'
"""
_KEEPERS = "('discharge-nurse', 'psw', 'care-manager', 'center', 'health-center')"


def upgrade() -> None:
    """Add the tables, and give the sample region's accounts their second factor."""
    op.create_table(
        "account",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("keeps_accounts", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(64), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("totp_since", _MOMENT, nullable=True),
        sa.Column("password_set_at", _MOMENT, nullable=True),
        sa.Column("ends_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "account_rule",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("mixed_characters", sa.Boolean(), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=True),
        sa.Column("absolute_hours", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("totp_secret", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_digest"),
    )
    op.create_index("ix_invitation_staff_id", "invitation", ["staff_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("credential", sa.String(4000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    op.create_index("ix_passkey_staff_id", "passkey", ["staff_id"], unique=False)
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("challenge"),
    )
    op.create_table(
        "known_browser",
        sa.Column("browser_digest", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("browser_digest", "staff_id"),
    )
    op.create_table(
        "emergency_account",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("reviewed_at", _MOMENT, nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.add_column("signed_in", sa.Column("confirmed_at", _MOMENT, nullable=True))
    op.create_index("ix_sign_in_try_last_at", "sign_in_try", ["last_at"], unique=False)
    op.execute(
        "INSERT INTO account (staff_id, keeps_accounts, sample, totp_secret) "
        f"SELECT staff.id, staff.sign_in_name IN {_KEEPERS}, true, '{_SAMPLE_SECRET}' {_IN_SAMPLE}"
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_sign_in_try_last_at", "sign_in_try")
    op.drop_column("signed_in", "confirmed_at")
    for table in (
        "emergency_account",
        "known_browser",
        "passkey_challenge",
        "passkey",
        "invitation",
        "recovery_code",
        "account_rule",
        "account",
    ):
        op.drop_table(table)
