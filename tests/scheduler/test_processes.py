"""Several clocks at once, a clock that is killed, and the real process from start to stop."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

import config
from handoffs.database import Database
from handoffs.heartbeat import Heartbeat, age_of
from handoffs.history import Act, Event
from handoffs.overdue_flag import OverdueFlag
from handoffs.tokyo import late_from
from rules import Library
from scheduler.jobs import PROCESS, sweep
from tests.scheduler.record import DUE, NOW, events, flags, owe, stay_without_handoffs

SWEEPER = Path(__file__).with_name("sweeper.py")
PATIENCE = 60.0


def owing(database: Database, library: Library, count: int) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), count)


@contextmanager
def sweepers(
    address: str, how_many: int, batch: int, rounds: int = 1
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that are ready to sweep and wait for a word."""
    environment = {**os.environ, "PYTHONPATH": str(config.ROOT)}
    command = [sys.executable, str(SWEEPER), address, NOW.isoformat(), str(batch), str(rounds)]
    started = [
        subprocess.Popen(
            command,
            cwd=config.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(how_many)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def each_flagged_once(database: Database, count: int) -> None:
    with database.reading() as session:
        flagged = Counter((flag.handoff_id, flag.due_at) for flag in flags(session))
        told = Counter((e.handoff_id, e.at) for e in events(session, Act.HANDOFF_OVERDUE))
    assert len(flagged) == count
    assert set(flagged.values()) == {1}
    assert told == flagged
    assert {due_at for _, due_at in flagged} == {late_from(DUE)}


@pytest.mark.parametrize("how_many", [2, 4])
def test_processes_that_sweep_at_once_flag_each_handoff_once(
    database: Database, migrated_url: str, library: Library, how_many: int
) -> None:
    owing(database, library, 120)

    with sweepers(migrated_url, how_many, batch=7, rounds=3) as processes:
        for process in processes:
            go(process)
        assert [process.wait(PATIENCE) for process in processes] == [0] * how_many

    each_flagged_once(database, 120)


def test_threads_that_sweep_at_once_flag_each_handoff_once(
    database: Database, library: Library
) -> None:
    owing(database, library, 120)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: sweep(database, NOW), range(8)))

    assert done == [True] * 8
    each_flagged_once(database, 120)


def test_a_sweep_that_is_killed_loses_nothing_and_doubles_nothing(
    database: Database, migrated_url: str, library: Library
) -> None:
    owing(database, library, 300)
    seeded = random.Random(20261120)

    for _ in range(4):
        with sweepers(migrated_url, 1, batch=5) as (process,):
            assert process.stdout is not None
            go(process)
            for _ in range(seeded.randint(2, 9)):
                assert process.stdout.readline() == "batch\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait(PATIENCE) == -signal.SIGKILL
        with database.reading() as session:
            set_so_far = len(flags(session))
            assert set_so_far == len(events(session, Act.HANDOFF_OVERDUE))
            assert age_of(session, PROCESS, NOW) is None
    assert 0 < set_so_far < 300

    assert sweep(database, NOW)
    each_flagged_once(database, 300)


def environment_of(folder: Path, address: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TSUNAGI_", "DATABASE_"))}
    return {**kept, "TSUNAGI_DATA": str(folder), "DATABASE_URL": address}


def until(what: Callable[[], bool]) -> None:
    patience_ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < patience_ends, "waited in vain"
        time.sleep(0.05)


def has_beaten(database: Database) -> bool:
    with database.reading() as session:
        return session.exec(select(func.count(col(Heartbeat.process)))).one() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_real_process_flags_beats_and_stops_with_zero(
    database: Database, migrated_url: str, library: Library, tmp_path: Path, number: signal.Signals
) -> None:
    started_at = datetime.now(UTC)  # noqa: TID251 - the child reads the real clock.
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        owe(session, stay, 3, due_on=started_at.date() - timedelta(days=3))
        owe(session, stay, 1, due_on=started_at.date() + timedelta(days=3))
    with subprocess.Popen(
        [sys.executable, "-m", "scheduler"],
        cwd=config.ROOT,
        env=environment_of(tmp_path, migrated_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            until(lambda: has_beaten(database) or process.poll() is not None)
            asked = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE)
            took = time.monotonic() - asked
        finally:
            process.kill()

    assert process.returncode == 0
    assert took < 8
    assert err == ""
    assert "Traceback" not in out
    said = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert [tick["flagged"] for tick in said if tick["job"] == "flag_overdue"][:1] == [3]
    with database.reading() as session:
        assert session.exec(select(func.count(col(OverdueFlag.id)))).one() == 3
        (beat,) = session.exec(select(Heartbeat)).all()
        told = session.exec(select(Event).where(Event.act == Act.HANDOFF_OVERDUE)).all()
    assert beat.process == PROCESS
    assert beat.beat_at >= started_at
    assert len(told) == 3


def start_and_end(folder: Path, address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scheduler"],
        cwd=config.ROOT,
        env=environment_of(folder, address),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_without_tables_it_says_in_one_line_what_to_run(tmp_path: Path, database_url: str) -> None:
    ended = start_and_end(tmp_path, database_url)

    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "python -m handoffs migrate" in line


def test_without_a_database_it_says_so_in_one_line_and_repeats_no_password(tmp_path: Path) -> None:
    address = f"postgresql+psycopg://somebody:hunter2@/nowhere?host={tmp_path}"

    ended = start_and_end(tmp_path, address)

    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "データベースを開けません" in line
    assert "hunter2" not in ended.stdout + ended.stderr
