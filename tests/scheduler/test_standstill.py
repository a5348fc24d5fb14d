"""A clock that stood, and went on: the banner, /health, and everything made up for.

Once at frozen time with the whole application, and once with the real process, which is stopped
(SIGSTOP) as a machine that sleeps stops it, and goes on.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlmodel import func, select

import app as composition
import config
from handoffs.database import Database
from handoffs.heartbeat import Heartbeat
from handoffs.overdue_flag import OverdueFlag
from handoffs.tokyo import late_from
from rules import Library
from scheduler.jobs import PROCESS, sweep
from tests.factories import make_handoff, make_stay
from tests.people import NOW, settle
from tests.scheduler.record import owe, stay_without_handoffs
from tests.web.page import Visitor
from web.context import EXTENSION

BANNER = "期限の見張りが止まっています"
PATIENCE = 90.0


@pytest.fixture(scope="module")
def put_together(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Flask:
    """The whole application, over a record that no test uses."""
    return composition.create_app(
        config.Settings(
            region="mihon",
            public_base_url="http://localhost",
            database_url=f"sqlite:///{migrated_file}",
            port=8000,
            data=tmp_path_factory.mktemp("unused"),
            session=config.SessionSettings(),
            scheduler=config.SchedulerSettings(),
            rates=config.RatesSettings(),
            file=config.ROOT / "config.yaml",
        )
    )


@pytest.fixture
def application(put_together: Flask, database: Database) -> Flask:
    """The same over the test's own record."""
    before = put_together.extensions[EXTENSION]
    put_together.extensions[EXTENSION] = replace(before, database=database)
    return put_together


def test_a_dead_scheduler_is_seen_within_three_minutes_and_catches_up(
    application: Flask, database: Database
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        with database.writing() as session:
            cast = settle(session)
            stay = make_stay(session, cast)
            for day in (20, 21, 22, 30):
                make_handoff(session, stay, due_on=NOW.date().replace(day=day))
        assert sweep(database, NOW)  # Its last sign of life.
        visitor = Visitor(application).arrive(cast.ward_nurse, NOW)
        visitor.fetch("/health")
        assert BANNER not in visitor.open("/stays").all_text

        clock.shift(timedelta(minutes=3, seconds=1))
        visitor.fetch("/health", 503)
        assert BANNER in visitor.open("/stays").all_text

        clock.shift(timedelta(days=3))
        back = datetime.now(UTC)  # noqa: TID251 - the frozen one.
        assert sweep(database, back)
        later = Visitor(application).arrive(cast.ward_nurse, back)
        later.fetch("/health")
        assert BANNER not in later.open("/stays").all_text
        with database.reading() as session:
            flags = session.exec(select(OverdueFlag).order_by(OverdueFlag.due_at)).all()  # type: ignore[arg-type]
        days = [NOW.date().replace(day=day) for day in (20, 21, 22)]
        assert [flag.due_at for flag in flags] == [late_from(day) for day in days]
        assert {flag.noticed_at for flag in flags} == {back}


def flagged(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(OverdueFlag)).one()


def until(what: Callable[[], bool], patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while not what():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)


@pytest.mark.parametrize("seconds", [3, pytest.param(600, marks=pytest.mark.long)])
def test_a_process_that_slept_flags_what_fell_due_meanwhile_and_once(
    database: Database, migrated_url: str, library: Library, tmp_path: Path, seconds: int
) -> None:
    today = datetime.now(UTC).date()  # noqa: TID251 - the child reads the real clock.
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        owe(session, stay, 1, due_on=today - timedelta(days=3))
    (tmp_path / "config.yaml").write_text("region: mihon\nscheduler: {tick_seconds: 5}\n")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TSUNAGI_", "DATABASE_"))},
        "TSUNAGI_DATA": str(tmp_path),
        "TSUNAGI_CONFIG": str(tmp_path / "config.yaml"),
        "DATABASE_URL": migrated_url,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "scheduler"],
        cwd=config.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            until(lambda: flagged(database) == 1)
            until(lambda: is_idle(database))
            process.send_signal(signal.SIGSTOP)
            # What falls due while it sleeps, as far as the clock can tell.
            with database.writing() as session:
                owe(session, stay, 20, due_on=today - timedelta(days=1))
            time.sleep(seconds)
            assert flagged(database) == 1
            process.send_signal(signal.SIGCONT)
            woke = time.monotonic()
            until(lambda: flagged(database) == 21)
            took = time.monotonic() - woke
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert flagged(database) == 21
    print(f"asleep {seconds} s, made up for {took:.1f} s after waking")  # noqa: T201 - for the docs.


def is_idle(database: Database) -> bool:
    """Whether the first tick is over: stopped in a transaction, it would hold SQLite's lock."""
    with database.reading() as session:
        return session.get(Heartbeat, PROCESS) is not None
