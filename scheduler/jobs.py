"""What the clock does at each tick: flag what is late, then say that it is alive.

Once an hour it closes the months whose day has passed.

The heartbeat tells the truth. It is written after the sweep and only if the sweep went through,
with the moment for which it looked: "everything that was late by then has its flag". While the
sweep keeps failing the heartbeat grows old, and /health and the page say so. An error ends one
tick and never the process.

Beside `web/context.py` and the `__main__.py` of each package the only module that reads a clock.
Logs one JSON line for each sweep, with counts and the type of an error; never its text, which
may quote a row.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlmodel import Session

from handoffs.database import Database
from handoffs.heartbeat import beat
from handoffs.missed import flag_overdue
from handoffs.rates.close_months import close_months
from handoffs.region.policy import closing_on
from handoffs.region.rest import go_by_decisions

PROCESS = "scheduler"
"""The name of this process's heartbeat."""

_LOG = logging.getLogger(__name__)


class StopAsked(Exception):
    """Somebody asked the process to stop while it swept; what was committed stays."""


def _nobody_asked() -> bool:
    return False


def tick(database: Database, stop_asked: Callable[[], bool] = _nobody_asked) -> bool:
    """Sweep what is late by now and beat the heartbeat; whether both went through."""
    return sweep(database, datetime.now(UTC), stop_asked)


def sweep(
    database: Database, now: datetime, stop_asked: Callable[[], bool] = _nobody_asked
) -> bool:
    """Flag everything that is late at `now`, then beat the heartbeat with `now`.

    `stop_asked` is looked at before each batch, so that a long sweep ends soon. Returns whether
    everything went through; raises nothing.
    """
    started = time.perf_counter()
    said: dict[str, object] = {}
    try:
        said["flagged"] = flag_overdue(lambda: _writing(database, stop_asked), now)
        with database.writing() as session:
            beat(session, PROCESS, now)
    except StopAsked:
        said["stopped"] = True
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next tick must come.
        said["error"] = _kinds(error)
    milliseconds = round((time.perf_counter() - started) * 1000)
    went_through = "flagged" in said and "error" not in said
    level = logging.ERROR if "error" in said else logging.INFO
    line = {"at": now.isoformat(), "job": "flag_overdue", **said, "ms": milliseconds}
    _LOG.log(level, "%s", json.dumps(line))
    return went_through


def close_month(
    database: Database,
    region: str,
    closes_on: int | None = None,
    stop_asked: Callable[[], bool] = _nobody_asked,
) -> bool:
    """Freeze the months whose day has passed, one line in the log if there were any.

    Returns whether everything went through; raises nothing.
    """
    started, now = time.perf_counter(), datetime.now(UTC)
    said: dict[str, object] = {}
    try:
        with database.reading() as session:
            go_by_decisions(session, region)
            closes_on = closing_on(session, region, configured=closes_on)
        closed = close_months(database, region, now, closes_on, stop_asked)
        said["closed"] = [f"{month:%Y-%m}" for month in closed]
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next hour must come.
        said["error"] = _kinds(error)
    if any(said.values()):
        milliseconds = round((time.perf_counter() - started) * 1000)
        level = logging.ERROR if "error" in said else logging.INFO
        line = {"at": now.isoformat(), "job": "close_month", **said, "ms": milliseconds}
        _LOG.log(level, "%s", json.dumps(line))
    return "error" not in said


@contextmanager
def _writing(database: Database, stop_asked: Callable[[], bool]) -> Iterator[Session]:
    if stop_asked():
        raise StopAsked
    with database.writing() as session:
        yield session


def _kinds(error: Exception) -> str:
    """Name the type of an error; of a group, the types of what is in it."""
    if isinstance(error, ExceptionGroup):
        return ", ".join(sorted({type(one).__name__ for one in error.exceptions}))
    return type(error).__name__
