"""`python -m scheduler`: read the settings, open the database, tick until told to stop.

Ends with 0 on SIGTERM or Ctrl-C, between two batches of a sweep, and with 2 and one line when
it cannot start. Prints the settings without secrets, then one JSON line for each sweep.
"""

import logging
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

import config
from handoffs import schema
from handoffs.database import Database, open_database
from scheduler.jobs import tick
from scheduler.pace import Pace, pull_back

LOOK_SECONDS = 5.0
"""How often the main thread looks whether the clock was set back."""

NO_TABLES = (
    "データベースに表がありません。先に python -m handoffs migrate を実行してください"
    "(make run なら自動で行われます)。"
)
NO_DATABASE = (
    "データベースを開けません。config.yaml の database と、動いているかを確かめてください。"
)


def main() -> int:
    """Start, tick, and stop when asked."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        settings = config.load()
        settings.data_folder()
        database = open_database(settings.database_url)
        if not schema.is_current(database):
            print(NO_TABLES, file=sys.stderr)
            return 2
    except config.ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except SQLAlchemyError:
        # Its text may hold the address with the user's name: it is not repeated.
        print(NO_DATABASE, file=sys.stderr)
        return 2
    print(*settings.lines(), sep="\n", flush=True)
    _log_to_the_terminal()
    run(database, timedelta(seconds=settings.scheduler.tick_seconds), stop)
    database.close()
    return 0


def run(database: Database, interval: timedelta, stop: threading.Event) -> None:
    """Tick at once and then each interval, until `stop` is set.

    One job in memory: it holds no state, so nothing is lost with it. A tick that is late runs
    however late it is (`misfire_grace_time=None`), once (`coalesce`), and never beside another.
    """
    scheduler = BackgroundScheduler(timezone=ZoneInfo("Asia/Tokyo"))
    job = scheduler.add_job(
        tick,
        Pace(interval),
        args=[database, stop.is_set],
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    while not stop.wait(LOOK_SECONDS):
        pull_back(job, interval, datetime.now(UTC))
    scheduler.shutdown(wait=True)


def _log_to_the_terminal() -> None:
    """Write our own lines as they are; APScheduler says nothing that the heartbeat does not."""
    ours = logging.getLogger("scheduler")
    ours.setLevel(logging.INFO)
    ours.addHandler(logging.StreamHandler(sys.stdout))
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
