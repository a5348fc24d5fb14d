"""停止時用紙一式, made by a child of the scheduler and laid down where a house finds it.

One file for each house in one folder, readable by its owner alone; whoever runs the machine hands
each house its own (a synchronised folder, a printer). The file before it is replaced.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from forms import downtime, render
from handoffs.database import Database
from handoffs.downtime_night import ask_for_kits
from handoffs.history import Act, record
from handoffs.long_work import LongWork
from handoffs.parties import actor_of
from handoffs.shown.downtime import downtime_of
from rules import Library

Clock = Callable[[], datetime]

_LOG = logging.getLogger(__name__)


def ask_at_night(database: Database, region: str, clock: Clock) -> bool:
    """Ask for what is not yet asked for today; whether it went through. Raises nothing."""
    now = clock()
    said: dict[str, object] = {}
    try:
        with database.writing() as session:
            said["asked"] = ask_for_kits(session, region, now)
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next hour must come.
        said["error"] = type(error).__name__
    if any(said.values()):
        level = logging.ERROR if "error" in said else logging.INFO
        _LOG.log(level, "%s", json.dumps({"at": now.isoformat(), "job": "downtime_kits", **said}))
    return "error" not in said


def make_kit(
    folder: Path, clock: Clock, database: Database, work: LongWork
) -> Mapping[str, object]:
    """Make the kit that was asked for. Raises PdfError, FontError or OSError where it cannot be."""
    now = clock()
    with database.writing() as session:
        actor = actor_of(session, work.staff_id)
        if actor is None:
            raise LookupError("Whoever the kit was asked for is no longer active.")
        lists = downtime_of(session, actor, library=Library.load(), now=now)
        record(session, actor, Act.DOWNTIME_KIT_MAKE, now=now, detail={"work": work.id})
    content = render(downtime.kit_of(actor.region, lists))
    downtime.keep(content, folder, work.organization_id)
    return {"bytes": len(content)}
