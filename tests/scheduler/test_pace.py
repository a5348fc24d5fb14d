"""When a tick is due, whatever somebody does to the clock."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given
from hypothesis import strategies as st

from handoffs.database import open_database
from scheduler import __main__ as process
from scheduler.pace import Pace, pull_back

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def job() -> Job:
    scheduler = BackgroundScheduler(timezone=TOKYO)
    return scheduler.add_job(print, Pace(MINUTE), next_run_time=NOW + MINUTE)


def test_the_first_tick_is_due_at_once() -> None:
    assert Pace(MINUTE).get_next_fire_time(None, NOW) == NOW


def test_ticks_keep_their_distance() -> None:
    assert Pace(MINUTE).get_next_fire_time(NOW, NOW + MINUTE / 2) == NOW + MINUTE


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36500)))
def test_whatever_was_missed_is_one_tick(standstill: timedelta) -> None:
    following = Pace(MINUTE).get_next_fire_time(NOW, NOW + standstill)

    assert NOW + standstill < following <= NOW + standstill + MINUTE


def test_ten_years_ahead_are_made_up_for_by_a_single_tick(job: Job) -> None:
    job._scheduler.start(paused=True)
    try:
        assert len(job._get_run_times(NOW + timedelta(days=3650))) == 1
    finally:
        job._scheduler.shutdown()


def test_a_clock_that_was_set_back_does_not_keep_the_tick_waiting(job: Job) -> None:
    job._scheduler.start(paused=True)
    try:
        assert pull_back(job, MINUTE, NOW - timedelta(hours=1))
        assert job.next_run_time == NOW - timedelta(hours=1)
        assert not pull_back(job, MINUTE, NOW - timedelta(hours=1))
    finally:
        job._scheduler.shutdown()


@pytest.mark.parametrize("hours", [-1, 24], ids=["an hour back", "a day forward"])
def test_the_real_scheduler_ticks_within_two_intervals_of_a_set_clock(
    hours: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[float] = []
    really = time.perf_counter
    interval = timedelta(seconds=2)
    monkeypatch.setattr(process, "tick", lambda *_given: ticks.append(really()))
    monkeypatch.setattr(process, "Workshop", lambda _database: _NoWork())
    monkeypatch.setattr(process, "LOOK_SECONDS", 0.2)
    stop = threading.Event()
    database = open_database(f"sqlite:///{tmp_path / 'unused.db'}")
    with time_machine.travel(NOW, tick=True) as clock:
        runs = threading.Thread(target=process.run, args=[database, interval, stop])
        runs.start()
        try:
            _until(lambda: len(ticks) > 0)
            clock.move_to(datetime.now(UTC) + timedelta(hours=hours))  # noqa: TID251 - moved.
            set_at, so_far = really(), len(ticks)
            _until(lambda: len(ticks) > so_far)
        finally:
            stop.set()
            runs.join(10)
    assert not runs.is_alive()
    assert ticks[so_far] - set_at < 2 * interval.total_seconds()


class _NoWork:
    def look(self, now: datetime) -> None: ...

    def close(self) -> None: ...


def _until(what: Callable[[], bool]) -> None:
    for _ in range(600):
        if what():
            return
        threading.Event().wait(0.02)
    raise AssertionError("waited in vain")
