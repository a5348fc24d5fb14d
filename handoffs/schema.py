"""Every table of the record, and bringing a database to the newest revision.

Importing this module makes SQLModel know all tables, whichever of them the
caller uses.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

from handoffs import (  # noqa: F401 - each import registers its table.
    accounts,
    assessment,
    certification,
    consent,
    contacts,
    handoff,
    heartbeat,
    history,
    overdue_flag,
    parties,
    patients,
    plan_office,
    statement,
    stay,
)
from handoffs.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
METADATA = SQLModel.metadata


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to a revision. Rows that are there stay."""
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to a revision; "base" takes all of them away."""
    _run(database, command.downgrade, revision)


def is_current(database: Database) -> bool:
    """Whether the database has any tables of ours."""
    return sa.inspect(database.engine).has_table("alembic_version")


def _run(database: Database, act: object, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    act(config, revision)  # type: ignore[operator]
