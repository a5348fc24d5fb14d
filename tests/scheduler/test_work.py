"""Long work in real processes: killed, twice at once, failing, told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

import config
from handoffs import long_work
from handoffs.database import Database
from handoffs.heartbeat import Heartbeat
from handoffs.long_work import LongWork, WorkKind
from handoffs.parties import actor_of
from handoffs.work_failure import WorkFailure
from scheduler.jobs import PROCESS
from scheduler.work import claimant_of, do_one
from scheduler.workshop import Workshop
from tests.people import Cast, settle

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 120.0
OFTEN = (
    "import sys; from scheduler import __main__ as entry; "
    "entry.LOOK_SECONDS = 0.2; sys.exit(entry.main([]))"
)
"""The real process, but for looking more often than every five seconds."""

PARAMETERS = {"from": "2026-05", "to": "2026-06", "edition": "2024-04-01"}


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the children read the real clock.


@pytest.fixture(autouse=True)
def own_machine(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock of the test's own: other work on this machine is none of its business.

    Only after the database has been opened: PostgreSQL keeps its own files where others may look.
    """
    assert database.engine is not None
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("PYTHONPATH", str(config.ROOT))


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.writing() as session:
        return settle(session)


def ask(database: Database, cast: Cast) -> int:
    with database.writing() as session:
        actor = actor_of(session, cast.health_officer.person_id)
        assert actor is not None
        return long_work.ask(session, WorkKind.BACKTEST, PARAMETERS, by=actor, now=now()).id


def row(database: Database, work_id: int) -> LongWork:
    with database.reading() as session:
        return session.get_one(LongWork, work_id)


def until(what: Callable[[], bool]) -> None:
    patience_ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < patience_ends, "waited in vain"
        time.sleep(0.02)


def command(address: str, how: str) -> list[str]:
    return [sys.executable, str(WORKER), address, how]


@contextmanager
def worker(address: str, how: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command(address, how), stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_child_that_is_killed_in_the_middle_is_followed_by_one_that_does_it_once(
    database: Database, migrated_url: str, cast: Cast
) -> None:
    work_id = ask(database, cast)
    with worker(migrated_url, "slowly") as killed:
        assert said(killed) == "claimed"
        killed.send_signal(signal.SIGKILL)
        assert killed.wait(PATIENCE) == -signal.SIGKILL
    held = row(database, work_id)
    assert held.lease_until is not None
    assert held.finished_at is None
    with worker(migrated_url, "done") as too_early:
        assert said(too_early) == "False"

    clock = [now() + long_work.LEASE]
    kinds = {WorkKind.BACKTEST: lambda _database, work: {"by": work.tries}}
    assert do_one(database, lambda: clock[0], kinds)
    assert not do_one(database, lambda: clock[0], kinds)
    assert (row(database, work_id).result, row(database, work_id).tries) == ({"by": 2}, 2)


def test_a_second_one_waits_outside_while_the_first_works(
    database: Database, migrated_url: str, cast: Cast
) -> None:
    ids = [ask(database, cast), ask(database, cast)]
    with worker(migrated_url, "slowly") as first:
        assert said(first) == "claimed"
        with worker(migrated_url, "done") as second:
            assert said(second) == "taken"
            assert second.wait(PATIENCE) == 0
        assert [row(database, work_id).tries for work_id in ids] == [1, 0]


@pytest.mark.parametrize(
    ("how", "failure"), [("value", WorkFailure.BROKEN), ("memory", WorkFailure.TOO_LARGE)]
)
def test_what_goes_wrong_is_kept_in_words_for_whoever_asked(
    database: Database, migrated_url: str, cast: Cast, how: str, failure: WorkFailure
) -> None:
    work_id = ask(database, cast)
    with worker(migrated_url, how) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "secret" not in out
    ended = row(database, work_id)
    assert (ended.failure, ended.result, ended.lease_until) == (failure, None, None)


def test_time_that_is_over_is_told_and_not_tried_again(database: Database, cast: Cast) -> None:
    work_id = ask(database, cast)

    def too_long(_database: Database, _work: LongWork) -> dict[str, object]:
        signal.raise_signal(signal.SIGALRM)
        return {}

    from scheduler.work import _time_is_over  # noqa: PLC0415 - the handler that a child sets.

    before = signal.signal(signal.SIGALRM, _time_is_over)
    try:
        assert do_one(database, now, {WorkKind.BACKTEST: too_long})
    finally:
        signal.signal(signal.SIGALRM, before)
    assert row(database, work_id).failure is WorkFailure.TOO_LONG


def looking(workshop: Workshop, what: Callable[[], bool]) -> None:
    def look() -> bool:
        workshop.look(now())
        return what()

    until(look)


def test_a_workshop_takes_up_at_once_what_its_killed_child_had(
    database: Database, migrated_url: str, cast: Cast
) -> None:
    work_id = ask(database, cast)
    workshop = Workshop(database, command(migrated_url, "slowly"))
    try:
        looking(workshop, lambda: row(database, work_id).tries == 1)
        first = workshop._child
        assert first is not None
        assert row(database, work_id).claimant == claimant_of(first.pid)
        workshop.command = command(migrated_url, "done")
        os.kill(first.pid, signal.SIGKILL)
        looking(workshop, lambda: row(database, work_id).finished_at is not None)
    finally:
        workshop.close()
    assert row(database, work_id).result == {"by": 2}


def test_two_workshops_begin_one_child(database: Database, migrated_url: str, cast: Cast) -> None:
    ids = [ask(database, cast), ask(database, cast)]
    workshops = [Workshop(database, command(migrated_url, "slowly")) for _ in range(2)]
    try:
        for workshop in workshops:
            workshop.look(now())
        until(lambda: row(database, ids[0]).tries == 1)
        for _ in range(5):
            for workshop in workshops:
                workshop.look(now())
        alive = [
            workshop._child
            for workshop in workshops
            if workshop._child is not None and workshop._child.poll() is None
        ]
        assert [row(database, work_id).tries for work_id in ids] == [1, 0]
        until(lambda: sum(child.poll() is None for child in alive) == 1)
    finally:
        for workshop in workshops:
            workshop.close()


def test_closing_ends_the_child_and_costs_the_work_no_try(
    database: Database, migrated_url: str, cast: Cast
) -> None:
    work_id = ask(database, cast)
    workshop = Workshop(database, command(migrated_url, "slowly"))
    looking(workshop, lambda: row(database, work_id).tries == 1)
    child = workshop._child
    assert child is not None
    workshop.close()
    assert child.returncode == -signal.SIGTERM
    given_back = row(database, work_id)
    assert (given_back.tries, given_back.claimant, given_back.finished_at) == (0, None, None)


def test_a_look_returns_at_once_and_forgets_what_is_too_old(
    database: Database, migrated_url: str, cast: Cast
) -> None:
    work_id = ask(database, cast)
    workshop = Workshop(database, command(migrated_url, "slowly"))
    try:
        began = time.monotonic()
        workshop.look(now())
        workshop.look(now() + long_work.KEPT + timedelta(days=1))
        assert time.monotonic() - began < 5
    finally:
        workshop.close()
    with database.reading() as session:
        assert session.get(LongWork, work_id) is None


def test_the_real_scheduler_has_it_done_by_a_child_beats_on_and_stops_with_zero(
    database: Database, migrated_url: str, cast: Cast, tmp_path: Path
) -> None:
    first = ask(database, cast)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TSUNAGI_", "DATABASE_"))}
    environment = {**kept, "TSUNAGI_DATA": str(tmp_path), "DATABASE_URL": migrated_url}
    with subprocess.Popen(
        [sys.executable, "-c", OFTEN],
        cwd=config.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            until(lambda: row(database, first).claimant is not None)
            held = row(database, first).claimant
            assert held is not None
            os.kill(int(held.rpartition(":")[2]), signal.SIGKILL)
            until(lambda: row(database, first).finished_at is not None)
            second = ask(database, cast)
            until(lambda: row(database, second).claimant is not None)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    assert (process.returncode, err) == (0, "")
    done, stopped = row(database, first), row(database, second)
    assert (done.failure, done.tries) == (None, 2)
    assert done.result is not None
    assert done.result["stays"] == 0
    assert (stopped.finished_at, stopped.claimant, stopped.tries) == (None, None, 0)
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert {line["job"] for line in lines} >= {"flag_overdue", "work"}
    with database.reading() as session:
        assert session.exec(select(Heartbeat)).one().process == PROCESS
