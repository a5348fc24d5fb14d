"""Four schedulers that are killed again and again, and what they leave behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

import config
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act
from handoffs.overdue_flag import OverdueFlag
from handoffs.tokyo import late_from
from rules import Library
from scheduler.jobs import sweep
from tests.scheduler.record import DUE, NOW, events, flags, owe, stay_without_handoffs

NURSERY = Path(__file__).with_name("nursery.py")
SCHEDULERS = 4
EVERY = 0.3
PATIENCE = 3600.0
EARLY = 50
"""So many are due tomorrow, and must not be flagged today."""


@contextmanager
def nursery(address: str, batch: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(NURSERY), address, NOW.isoformat(), str(batch)],
        cwd=config.ROOT,
        env={**os.environ, "PYTHONPATH": str(config.ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        try:
            process.communicate(timeout=30)
        finally:
            process.kill()


def child_of(process: subprocess.Popen[str]) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("another\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def flagged(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count(col(OverdueFlag.id)))).one()


@pytest.mark.parametrize("count", [150, pytest.param(10_000, marks=pytest.mark.long)])
def test_four_schedulers_killed_without_end_flag_everything_once(
    database: Database, migrated_url: str, library: Library, count: int
) -> None:
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        owe(session, stay, count)
        owe(session, stay, EARLY, due_on=NOW.date())
    seeded = random.Random(20261122)
    kills, patience_ends = 0, time.monotonic() + PATIENCE

    # Small batches: most of them are under way when their process dies.
    with nursery(migrated_url, 10) as process:
        running = [child_of(process) for _ in range(SCHEDULERS)]
        while kills < 3 or flagged(database) < count:
            assert time.monotonic() < patience_ends, "waited in vain"
            time.sleep(EVERY)
            dying = running.pop(seeded.randrange(SCHEDULERS))
            os.kill(dying, signal.SIGKILL)
            kills += 1
            running.append(child_of(process))
        for dying in running:
            os.kill(dying, signal.SIGKILL)

    assert sweep(database, NOW)
    with database.reading() as session:
        set_once = Counter((flag.handoff_id, flag.due_at) for flag in flags(session))
        told = Counter((e.handoff_id, e.at) for e in events(session, Act.HANDOFF_OVERDUE))
        marked = session.exec(select(Handoff).where(col(Handoff.flagged_for).is_not(None))).all()
    assert len(set_once) == count
    assert set(set_once.values()) == {1}
    assert told == set_once
    assert {due_at for _, due_at in set_once} == {late_from(DUE)}
    assert {(one.id, one.flagged_for) for one in marked} == set(set_once)
    with database.reading() as session:
        early = [flag for flag in flags(session) if flag.due_at > NOW - timedelta(days=1)]
    assert early == []
    print(f"{count} flags, {kills} kills")  # noqa: T201 - for the figures in docs/reliability.md.
