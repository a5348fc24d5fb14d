"""What the clock does about signing in: delete what is over, close what ended, once an hour.

Idempotent and raises nothing. One JSON line in the log where anything was done, with counts by
table and the type of an error, never its text.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime

from handoffs.accounts.retention import forget_old
from handoffs.database import Database

_LOG = logging.getLogger(__name__)


def forget(database: Database, clock: Callable[[], datetime]) -> bool:
    """Delete the drafts, sessions and codes whose time is over; whether it went through."""
    now = clock()
    said: dict[str, object] = {}
    try:
        with database.writing() as session:
            said.update(forget_old(session, now))
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next hour must come.
        said = {"error": type(error).__name__}
    if said:
        level = logging.ERROR if "error" in said else logging.INFO
        _LOG.log(level, "%s", json.dumps({"at": now.isoformat(), "job": "forget", **said}))
    return "error" not in said
