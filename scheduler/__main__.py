"""`python -m scheduler`: read the settings, open the database, tick until told to stop.

Ends with 0 on SIGTERM or Ctrl-C, between two batches of a sweep, and with 2 and one line when
it cannot start. Prints the settings without secrets, then one JSON line for each sweep.

`python -m scheduler work` does one piece of long work and ends; the scheduler starts it as its
child. With 0 also when nothing waited or another is at work on this machine.
"""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

import config
from exchange.bounce import BounceFolder
from exchange.fax_folder import FaxFolder
from exchange.mail import MailServer
from exchange.webhook import Signer
from forms.fax_papers import papers
from handoffs import schema
from handoffs.calendars import go_by_file
from handoffs.database import Database, open_database
from handoffs.long_work import WorkKind
from handoffs.region.rest import go_by_decisions
from handoffs.telling.mailbox import Reach
from rules import Library, RulesError
from rules.terminal import exit_after
from scheduler import delivery, history
from scheduler.backups import Nightly
from scheduler.forgetting import forget
from scheduler.jobs import close_month, tick
from scheduler.kits import ask_at_night, make_kit
from scheduler.months import Months
from scheduler.pace import Pace, pull_back
from scheduler.rest import recount_region
from scheduler.retention import Retention
from scheduler.work import DOING, Doing, do_one, set_limits, this_machine
from scheduler.workshop import Workshop

LOOK_SECONDS = 5.0
"""How often the main thread looks whether the clock was set back, and whether work waits."""

KITS = "downtime"
"""The folder of the kits for hours without network, inside the data folder."""

NO_TABLES = (
    "データベースの表がないか、最新ではありません。"
    "先に python -m handoffs migrate を実行してください(make run なら自動で行われます)。"
)
NO_DATABASE = (
    "データベースを開けません。config.yaml の database と、動いているかを確かめてください。"
)


def main(arguments: list[str] | None = None) -> int:
    """Start, tick, and stop when asked; or do one piece of work."""
    parser = argparse.ArgumentParser(prog="python -m scheduler", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["work"], help="一つだけ計算して終わる")
    works = parser.parse_args(arguments).what == "work"
    stop = threading.Event()
    if works:
        set_limits()
    else:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
    try:
        settings = config.load()
        settings.data_folder()
        go_by_file(settings.public_holidays)
        database = open_database(settings.database_url, settings.keys())
        if not schema.is_current(database):
            print(NO_TABLES, file=sys.stderr)
            return 2
    except (config.ConfigError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2
    except SQLAlchemyError:
        # Its text may hold the address with the user's name: it is not repeated.
        print(NO_DATABASE, file=sys.stderr)
        return 2
    _log_to_the_terminal()
    if works:
        return _work(database, settings.region, settings.data / KITS)
    print(*settings.lines(), sep="\n", flush=True)
    delivering = delivery.start(database, _post(settings), lambda: datetime.now(UTC), stop)
    chaining = history.start(database, settings.anchor_folder(), lambda: datetime.now(UTC), stop)
    closes = settings.rates.month_closes
    closing = partial(
        close_month,
        database,
        settings.region,
        closes if isinstance(closes, int) else None,
        stop.is_set,
    )
    months = Months(
        database,
        settings.region,
        Library.load().of_region(settings.region)[-1].region_name,
        settings.rates.hospital_names == "shown",
        closes if isinstance(closes, int) else None,
        lambda: datetime.now(UTC),
        stop.is_set,
    )
    asking = partial(ask_at_night, database, settings.region, lambda: datetime.now(UTC))
    forgetting = partial(forget, database, lambda: datetime.now(UTC))
    keeping = settings.keeping
    backing_up = (
        Nightly(Path(keeping.backup_folder), keeping.backup_hour, lambda: datetime.now(UTC))
        if keeping.is_on
        else None
    )
    retaining = Retention(
        database,
        settings.retention.hospitals,
        settings.retention.office_access_days,
        settings.data / KITS,
        lambda: datetime.now(UTC),
        stop.is_set,
        settings.region,
    )
    interval = timedelta(seconds=settings.scheduler.tick_seconds)
    run(database, interval, stop, closing, months, asking, forgetting, backing_up, retaining)
    delivery.wait_for(delivering)
    chaining.join(timeout=LOOK_SECONDS)
    database.close()
    return 0


def run(  # noqa: PLR0913, PLR0917 - each job may be left out.
    database: Database,
    interval: timedelta,
    stop: threading.Event,
    closing: Callable[[], bool] | None = None,
    months: Months | None = None,
    asking: Callable[[], bool] | None = None,
    forgetting: Callable[[], bool] | None = None,
    backing_up: Callable[[], bool] | None = None,
    retaining: Callable[[], bool] | None = None,
) -> None:
    """Tick at once and then each interval, until `stop` is set.

    `closing`, `asking`, `forgetting`, `backing_up` and `retaining` come each hour. The counts of
    `months` are kept ready each interval, and made anew each hour.

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
    hourly = [
        job for job in (closing, asking, forgetting, backing_up, retaining) if job is not None
    ]
    if months is not None:
        hourly.append(months.keep_anew)
        scheduler.add_job(
            months.keep_ready,
            "interval",
            seconds=max(interval.total_seconds(), 1),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    for job_of_an_hour in hourly:
        # Idempotent, so an hour that is missed while the machine sleeps is made up by the next.
        scheduler.add_job(
            job_of_an_hour,
            "interval",
            hours=1,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    workshop = Workshop(database)
    workshop.look(datetime.now(UTC))
    while not stop.wait(LOOK_SECONDS):
        pull_back(job, interval, datetime.now(UTC))
        workshop.look(datetime.now(UTC))
    workshop.close()
    scheduler.shutdown(wait=True)


def _post(settings: config.Settings) -> delivery.Post:
    """Put together what messages leave by; nothing unless the settings name a way."""
    mail = settings.mail
    server = MailServer(
        host=mail.host,
        port=mail.port,
        sender=mail.sender,
        starttls=mail.starttls,
        user=mail.user,
        password=settings.mail_password,
    )
    reach = Reach(
        mail=mail.is_on,
        webhooks=settings.webhook.organizations,
        beyond_office=settings.reminders.beyond_office,
        coordinator=settings.reminders.coordinator,
        fax=settings.fax.is_on,
        fax_second_person=settings.fax.second_person,
    )
    signer = Signer(settings.webhook_secret) if settings.webhook.organizations else None
    link = f"{settings.public_base_url}/worklist"
    fax = FaxFolder(Path(settings.fax.folder), papers) if settings.fax.is_on else None
    bounces = BounceFolder(Path(mail.bounces)) if mail.is_on and mail.bounces else None
    return delivery.post_of(
        reach, server if mail.is_on else None, signer, link, fax, bounces, settings.region
    )


def _work(database: Database, region: str, kits: Path) -> int:
    """Do one piece of work, if any waits and this machine has none going on."""

    def clock() -> datetime:
        return datetime.now(UTC)

    try:
        with this_machine() as free:
            if free:
                with database.reading() as session:
                    go_by_decisions(session, region)
                doing: dict[WorkKind, Doing] = {
                    **DOING,
                    WorkKind.DOWNTIME_KIT: partial(make_kit, kits, clock),
                    WorkKind.RECOUNT: partial(recount_region, clock),
                }
                do_one(database, clock, doing)
    except SQLAlchemyError:
        print(NO_DATABASE, file=sys.stderr)
        return 2
    finally:
        database.close()
    return 0


def _log_to_the_terminal() -> None:
    """Write our own lines as they are; APScheduler says nothing that the heartbeat does not."""
    ours = logging.getLogger("scheduler")
    ours.setLevel(logging.INFO)
    ours.addHandler(logging.StreamHandler(sys.stdout))
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    exit_after(main)
