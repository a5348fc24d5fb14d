"""Where long work is done: looks whether any waits, and keeps one child that does it.

Stands beside the tick and never in it: starting a process takes a moment, waiting for one is
never done. The child claims for itself (`work`); here is only begun, tidied up and ended. The
row in the database is the truth, so that any number of these may look.
"""

import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from handoffs import long_work
from handoffs.conference_end import end_passed, has_passed_slots
from handoffs.database import Database
from handoffs.region.joining import has_old_requests, purge_requests
from handoffs.roster.keeping import has_old_rosters, purge_rosters
from scheduler.work import claimant_of, this_machine

COMMAND = (sys.executable, "-m", "scheduler", "work")
GRACE_SECONDS = 2.0
PAUSE_SECONDS = 30.0
"""After a child that ended with an error: one that cannot even begin is not begun all day."""

_LOG = logging.getLogger(__name__)


class Workshop:
    """At most one child of this process."""

    def __init__(self, database: Database, command: Sequence[str] = COMMAND) -> None:
        """Take the database in which work waits, and the command line of a child."""
        self.database = database
        self.command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._not_before = time.monotonic()

    def look(self, now: datetime) -> None:
        """Tidy up after a child that ended, forget what is too old, begin work that waits.

        Returns at once and raises nothing: a database that cannot be reached now is reached
        at the next look, and the heartbeat tells of it.
        """
        try:
            self._tidy_up()
            self._forget(now)
            self._begin(now)
        except (SQLAlchemyError, OSError) as error:
            _LOG.error('{"job": "workshop", "error": "%s"}', type(error).__name__)

    def close(self) -> None:
        """End the child, and give back what it had, so that nobody waits for its lease."""
        child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._child = None
        try:
            self._give_back(child, at_fault=False)
        except SQLAlchemyError as error:
            _LOG.error('{"job": "workshop", "error": "%s"}', type(error).__name__)

    def _tidy_up(self) -> None:
        child = self._child
        if child is None or child.poll() is None:
            return
        if child.returncode != 0:
            self._give_back(child, at_fault=True)
        if child.returncode > 0:
            self._not_before = time.monotonic() + PAUSE_SECONDS
        self._child = None

    def _give_back(self, child: subprocess.Popen[bytes], *, at_fault: bool) -> None:
        with self.database.writing() as session:
            long_work.give_back(session, claimant_of(child.pid), at_fault=at_fault)

    def _forget(self, now: datetime) -> None:
        with self.database.reading() as session:
            old = long_work.has_expired(session, now)
            kept_long = has_old_rosters(session, now) or has_old_requests(session, now)
            passed = has_passed_slots(session, now)
        if old or kept_long or passed:
            with self.database.writing() as session:
                long_work.purge(session, now)
                purge_rosters(session, now)
                purge_requests(session, now)
                end_passed(session, now)

    def _begin(self, now: datetime) -> None:
        if self._child is not None or time.monotonic() < self._not_before:
            return
        with self.database.reading() as session:
            waits = long_work.waits(session, now)
        if not waits:
            return
        with this_machine() as free:
            if not free:
                return
        # In a group of its own: a Ctrl-C in the terminal reaches us, and we end it in order.
        self._child = subprocess.Popen(self.command, process_group=0)  # noqa: S603 - our own.
