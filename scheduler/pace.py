"""When the next tick is due, told in a way that survives a clock being set.

APScheduler's own interval counts every interval that lies between two moments, one by one. A
clock set ahead by years, as by a flat battery, would keep it busy with millions of ticks that
nobody needs; a clock set back would let it wait until the old time has come again. Here a tick
is due one interval after the last, or at once when that has passed, whatever lay between; and
a tick that has slipped too far ahead is pulled back. Reads no clock.
"""

from datetime import datetime, timedelta

from apscheduler.job import Job
from apscheduler.triggers.base import BaseTrigger


class Pace(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types.
    """A tick at once, and then one each interval; what was missed counts as one."""

    def __init__(self, interval: timedelta) -> None:
        """Take the time between two ticks."""
        self.interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Say when the tick after `previous` is due; the name is APScheduler's."""
        if previous is None:
            return now
        following = previous + self.interval
        return following if following > now else now + self.interval


def pull_back(job: Job, interval: timedelta, now: datetime) -> bool:
    """Let the tick run at once if it lies further ahead than an interval: the clock was set back.

    Returns whether it had to be pulled.
    """
    due = job.next_run_time
    if due is None or due - now <= interval:
        return False
    job.modify(next_run_time=now)
    return True
