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
    conference,
    decline,
    handed_over,
    handoff,
    heartbeat,
    history,
    long_work,
    miss_reason,
    notice,
    overdue_flag,
    parties,
    plan_office,
    statement,
    waiving,
)
from handoffs.accounts import (  # noqa: F401 - the same.
    account,
    emergency,
    invitation,
    passkey,
    retention,
    second_factor,
)
from handoffs.audit import block, leak  # noqa: F401 - the same.
from handoffs.database import Database
from handoffs.decision import (  # noqa: F401 - the same.
    assessment,
)
from handoffs.fax import (  # noqa: F401 - the same.
    channel,
    number,
)
from handoffs.keeping import hold  # noqa: F401 - the same.
from handoffs.link import (  # noqa: F401 - the same.
    agreement,
    case_link,
)
from handoffs.rates import month_close, month_company, month_count, month_sheet  # noqa: F401 - the same.
from handoffs.rates.shadow import line  # noqa: F401 - the same.
from handoffs.rates.survey import survey  # noqa: F401 - the same.
from handoffs.rates.yearly import goals, outside  # noqa: F401 - the same.
from handoffs.region import contact_confirmation, districts, joining, policy  # noqa: F401 - the same.
from handoffs.roster import kept  # noqa: F401 - the same.
from handoffs.sheets import (  # noqa: F401 - the same.
    attachment,
    draft,
    reservation,
    version,
)
from handoffs.stays import (  # noqa: F401 - the same.
    certification,
    certification_steps,
    concern,
    consent,
    contacts,
    correction,
    leave,
    patients,
    stay,
    transfer_answer,
)
from handoffs.support import step  # noqa: F401 - the same.
from handoffs.telling import (  # noqa: F401 - the same.
    absence,
    acknowledgement,
    duty_person,
    mailbox,
    outbox,
    reminded,
)

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


def revision_of(database: Database) -> str:
    """Name the revision at which the tables are, or nothing where there are none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _run(database: Database, act: object, revision: str) -> None:
    config = _config()
    config.attributes["engine"] = database.engine
    act(config, revision)  # type: ignore[operator]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
