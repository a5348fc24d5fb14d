"""What the clock does about the history: chain what settled, and write its end down once a day.

Idempotent and raises nothing. One JSON line in the log where anything was done. The line of the day
stands in the log too: whoever keeps the log elsewhere has the end of the chain twice.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from handoffs.audit.anchor import anchor_of, is_written, write_down
from handoffs.audit.chain import MOST, chain_more
from handoffs.database import Database
from handoffs.tokyo import day_of

EVERY_SECONDS = 60.0

_LOG = logging.getLogger(__name__)


def chain(database: Database, clock: Callable[[], datetime]) -> bool:
    """Chain everything that has settled, a block in each transaction; whether it went through."""
    now = clock()
    said: dict[str, object] = {}
    count = 0
    try:
        while database.keys is not None:
            with database.writing() as session:
                more = chain_more(session, database.keys, now)
            count += more
            if more < MOST:
                break
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next minute must come.
        said["error"] = type(error).__name__
    if "error" in said:
        _say(now, "chain", {"chained": count, **said})
    return "error" not in said


def anchor(database: Database, folder: Path, clock: Callable[[], datetime]) -> bool:
    """Write the end of the chain down, unless today's line stands; whether it went through."""
    now = clock()
    said: dict[str, object] = {}
    try:
        if not is_written(folder, day_of(now)):
            with database.reading() as session:
                end = anchor_of(session, now)
            if end is not None:
                write_down(folder, end)
                said.update(asdict(end))
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next hour must come.
        said = {"error": type(error).__name__}
    if said:
        _say(now, "anchor", said)
    return "error" not in said


def start(
    database: Database, folder: Path, clock: Callable[[], datetime], stop: threading.Event
) -> threading.Thread:
    """Chain each minute, and write the end down each day, until `stop` is set."""

    def run() -> None:
        while True:
            chain(database, clock)
            anchor(database, folder, clock)
            if stop.wait(EVERY_SECONDS):
                return

    thread = threading.Thread(target=run, name="history", daemon=True)
    thread.start()
    return thread


def _say(now: datetime, job: str, said: dict[str, object]) -> None:
    level = logging.ERROR if "error" in said else logging.INFO
    _LOG.log(level, "%s", json.dumps({"at": now.isoformat(), "job": job, **said}))
