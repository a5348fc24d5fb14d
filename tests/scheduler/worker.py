"""A child that claims long work, says so, and works until it is killed.

Usage: python worker.py ADDRESS HOW, where HOW is "slowly" (until killed), "done" (ends with a
result at once), or the name of an error that is raised in the middle.
"""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from handoffs.database import Database, open_database
from handoffs.long_work import LongWork, WorkKind
from scheduler.work import do_one, set_limits, this_machine


def work(_database: Database, work: LongWork) -> Mapping[str, object]:
    sys.stdout.write("claimed\n")
    sys.stdout.flush()
    match sys.argv[2]:
        case "slowly":
            time.sleep(600)
        case "memory":
            bytearray(4 << 30)
        case "value":
            raise ValueError("secret")
    return {"by": work.tries}


def main() -> None:
    set_limits()
    database = open_database(sys.argv[1])
    with this_machine() as free:
        if not free:
            sys.stdout.write("taken\n")
            return
        # The real clock, as in the product's own child.
        clock = lambda: datetime.now(UTC)  # noqa: E731, TID251
        done = do_one(database, clock, {WorkKind.BACKTEST: work})
    sys.stdout.write(f"{done}\n")


if __name__ == "__main__":
    main()
