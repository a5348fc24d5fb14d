"""A process that starts sweeping processes on request, for tests that kill many of them.

Usage: python nursery.py ADDRESS NOW BATCH. Says "ready"; for each line on its standard input it
forks a child that sweeps without end, and says the child's number. Forking spares each child the
second that importing takes. When its standard input ends it kills what is left, and ends.
"""

import os
import signal
import sys
import time
from datetime import datetime

from handoffs import missed
from handoffs.database import open_database
from scheduler.jobs import sweep

PAUSE = 0.02


def sweep_without_end(address: str, now: datetime) -> None:
    database = open_database(address)
    while os.getppid() != 1:  # Whoever lost the nursery ends too.
        sweep(database, now)
        time.sleep(PAUSE)


def main() -> None:
    address, now, batch = sys.argv[1:]
    missed.BATCH = int(batch)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children: list[int] = []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            sweep_without_end(address, datetime.fromisoformat(now))
            os._exit(0)
        children.append(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
