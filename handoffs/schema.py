"""Every table of the record, and bringing a database to the newest revision.

Importing this module makes SQLModel know all tables, whichever of them the
caller uses.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from handoffs import (  # noqa: F401 - each import registers its table.
    absence,
    accounts,
    acknowledgement,
    assessment,
    case_link,
    certification,
    conference,
    consent,
    contacts,
    correction,
    decline,
    duty_person,
    fax,
    fax_number,
    handed_over,
    handoff,
    heartbeat,
    history,
    leave,
    link_agreement,
    long_work,
    mailbox,
    miss_reason,
    notice,
    outbox,
    overdue_flag,
    parties,
    patients,
    plan_office,
    reminded,
    statement,
    stay,
)
from handoffs.database import Database
from handoffs.rates import month_close  # noqa: F401 - the same.

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
METADATA = SQLModel.metadata


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to a revision. Rows that are there stay."""
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to a revision; "base" takes all of them away."""
    _run(database, command.downgrade, revision)


def is_current(database: Database) -> bool:
    """Whether the tables are those of the newest revision: neither older nor unknown to us."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    return revision == ScriptDirectory.from_config(_config()).get_current_head()


def _run(database: Database, act: object, revision: str) -> None:
    config = _config()
    config.attributes["engine"] = database.engine
    act(config, revision)  # type: ignore[operator]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
