"""A process that sweeps, for tests that need several of them or kill one.

Usage: python sweeper.py ADDRESS NOW BATCH [ROUNDS]. Opens the database, says "ready", waits for
a line on its standard input and then sweeps; says "batch" after each committed batch and "swept"
after each sweep.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from handoffs import missed
from handoffs.database import open_database
from scheduler.jobs import sweep


class Telling:
    """A database that says when a transaction of its own has been committed."""

    def __init__(self, address: str) -> None:
        self.database = open_database(address)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing() as session:
            yield session
        say("batch")


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    address, now, batch, *rounds = sys.argv[1:]
    missed.BATCH = int(batch)
    database = Telling(address)
    with database.database.reading():
        say("ready")
    sys.stdin.readline()
    for _ in range(int(rounds[0]) if rounds else 1):
        if not sweep(database, datetime.fromisoformat(now)):  # type: ignore[arg-type]
            sys.exit(1)
        say("swept")


if __name__ == "__main__":
    main()
