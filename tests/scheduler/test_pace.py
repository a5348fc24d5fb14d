"""When a tick is due, whatever somebody does to the clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given
from hypothesis import strategies as st

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
