"""One piece of long work, done in a process of its own (`python -m scheduler work`).

Low in priority, with ends set to memory and time before anything of the record is read, and
alone on its machine: a locked file, freed by the kernel with the process, keeps a second out.
Claims, works without any transaction open, and keeps the result or says in words why there is
none. Logs one JSON line with the kind, the number and the type of an error; never its text.
"""

import fcntl
import json
import logging
import os
import resource
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from handoffs import long_work
from handoffs.backtest.work import result_of
from handoffs.database import Database
from handoffs.long_work import LongWork, WorkKind
from handoffs.work_failure import WorkFailure
from rules import Library, RulesError

LEAST_PRIORITY = 10
"""Added to the niceness: a page or the tick goes first whenever it wants the processor."""

MOST_MEMORY = 1 << 30
"""Bytes of address space. A year of 20,000 stays was measured to need under half of it."""

_SECONDS = int(long_work.LONGEST.total_seconds())
_LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Doing = Callable[[Database, LongWork], Mapping[str, object]]


class TookTooLong(BaseException):
    """The time is over. Not an Exception, so that nothing on the way takes it for its own."""


def claimant_of(pid: int) -> str:
    """Name a process of this machine, as a claim does."""
    return f"{socket.gethostname()[:80]}:{pid}"


def set_limits() -> None:
    """Go behind everybody else, and end rather than eat the machine."""
    os.nice(LEAST_PRIORITY)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    # The alarm comes first and leaves words; this ends a loop that no alarm reaches.
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS + 30, _SECONDS + 30))
    # A core file would hold what was read of the record.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, _time_is_over)
    signal.alarm(_SECONDS)


def _time_is_over(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong


FAILURES: tuple[tuple[type[BaseException], WorkFailure], ...] = (
    (RulesError, WorkFailure.UNUSABLE),
    (MemoryError, WorkFailure.TOO_LARGE),
    (TookTooLong, WorkFailure.TOO_LONG),
)
"""What went wrong, as the asker is told; everything else is BROKEN."""


@contextmanager
def this_machine() -> Iterator[bool]:
    """Keep other long work of this user off the machine; False where some is going on."""
    lock = Path(tempfile.gettempdir()) / f"tsunagi-long-work-{os.getuid()}.lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _backtest(database: Database, work: LongWork) -> Mapping[str, object]:
    return result_of(database.reading, work, Library.load())


DOING: Mapping[WorkKind, Doing] = {WorkKind.BACKTEST: _backtest}
"""What is done for each kind."""


def do_one(database: Database, clock: Clock, doing: Mapping[WorkKind, Doing] = DOING) -> bool:
    """Claim one piece of work and do it; False where there was none to claim.

    Raises SQLAlchemyError where the record cannot be reached: the work stays claimed, and is
    taken up again when the lease is over or the scheduler gives it back.
    """
    with database.writing() as session:
        work = long_work.claim(session, claimant_of(os.getpid()), clock())
    if work is None:
        return False
    said: dict[str, object] = {"job": "work", "kind": work.kind.value, "work": work.id}
    result, failure = _outcome(database, work, doing, said)
    with database.writing() as session:
        if failure is None:
            ended = long_work.finish(session, work, result, now=clock())
        else:
            said["failure"] = failure.value
            ended = long_work.fail(session, work, failure, now=clock())
    if not ended:
        said["overtaken"] = True
    began = work.claimed_at or clock()
    seconds = (clock() - began).total_seconds()
    level = logging.INFO if failure is None else logging.ERROR
    line = {"at": began.isoformat(), **said, "try": work.tries, "seconds": round(seconds, 1)}
    _LOG.log(level, "%s", json.dumps(line))
    return True


def _outcome(
    database: Database,
    work: LongWork,
    doing: Mapping[WorkKind, Doing],
    said: dict[str, object],
) -> tuple[Mapping[str, object], WorkFailure | None]:
    """Do the work, and sort whatever went wrong into the failures that have words."""
    try:
        return doing[work.kind](database, work), None
    except SQLAlchemyError:
        raise
    except (Exception, TookTooLong) as error:  # noqa: BLE001 - Whatever it is, the asker is told.
        said["error"] = type(error).__name__
        named = (failure for kind, failure in FAILURES if isinstance(error, kind))
        return {}, next(named, WorkFailure.BROKEN)
    finally:
        # What is left is one short transaction, which must not be cut off.
        signal.alarm(0)
