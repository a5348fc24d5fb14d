"""Several deliverers at once, deliverers that are killed, and a mail server that misbehaves.

Nothing is lost, nothing leaves early, and whatever arrives twice arrives with the same key.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

import config
from exchange.mail import MailServer, message_id
from exchange.webhook import Signer
from handoffs.calendars import WEEKDAYS
from handoffs.database import Database
from handoffs.heartbeat import Heartbeat
from handoffs.parties import Organization, Staff
from handoffs.stays.stay import Stay
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import (
    LEASE,
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Recipient,
    enqueue,
)
from handoffs.telling.reminded import Reminder
from handoffs.tokyo import TOKYO
from rules import Library
from scheduler.delivery import PROCESS, one_round, post_of, start, wait_for
from scheduler.jobs import PROCESS as TICK
from scheduler.jobs import sweep
from tests.receivers import Faults, Letters, mail_server, web_server
from tests.scheduler.deliverer import SENDER
from tests.scheduler.record import owe, stay_without_handoffs

DELIVERER = Path(__file__).with_name("deliverer.py")
PATIENCE = 120.0
AT = datetime(2026, 11, 18, 10, tzinfo=TOKYO)
LINK = "https://tsunagi.example.jp/worklist"
EARLY = 5
"""So many messages are for a later day, and must not leave."""


def fill(database: Database, library: Library, count: int) -> None:
    """A person with a reminder to come, and `count` messages of one key each to the hospital."""
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        (handoff,) = owe(session, stay, due_on=AT.date() + timedelta(days=1))
        staff = session.exec(select(Staff)).one()
        session.get_one(Stay, stay.id).contact_staff_id = staff.id
        session.add(
            Mailbox(
                organization_id=staff.organization_id,
                staff_id=staff.id,
                address="kango@example.jp",
                recorded_at=AT,
            )
        )
        for number in range(count + EARLY):
            later = timedelta(days=1) if number >= count else timedelta(0)
            draft = Draft(
                to=Recipient(staff.organization_id, staff.id),
                purpose=Purpose.REMINDER,
                key=f"test/{number}",
                channel=Channel.MAIL,
                not_before=AT + later,
                sender_id=staff.organization_id,
                handoff_id=handoff.id,
            )
            enqueue(session, draft, now=AT)


@contextmanager
def deliverer(address: str, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(DELIVERER), address, str(port)],
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
        process.kill()
        process.communicate()


def until(what: Callable[[], bool]) -> None:
    patience_ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < patience_ends, "waited in vain"
        time.sleep(0.05)


def go(process: subprocess.Popen[str], now: datetime) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{now.isoformat()}\n")
    process.stdin.flush()


def wait_till_done(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "round\n"


def arrived_as_promised(database: Database, letters: Letters, count: int, by: datetime) -> None:
    """Everything arrived, each under its own key, and nothing that is for later."""
    with database.reading() as session:
        written = session.exec(select(Message)).all()
        told = session.exec(select(func.count(col(Reminder.id)))).one()
    got = Counter(str(mail["Message-ID"]) for mail in letters.mails)
    now_due = {message_id(m.key, SENDER) for m in written if m.not_before <= by}
    assert len(now_due) == count + 1
    assert set(got) == now_due
    assert told == 1
    ended = {message.outcome for message in written if message.not_before <= by}
    assert ended == {Outcome.DELIVERED}
    assert [m.outcome for m in written if m.not_before > by] == [None] * EARLY
    by_key: dict[str, set[str]] = {}
    for mail in letters.mails:
        content = f"{mail['Subject']}{mail.get_content()}"
        by_key.setdefault(str(mail["Message-ID"]), set()).add(content)
    assert {len(words) for words in by_key.values()} == {1}


def faults() -> Faults:
    return Faults(
        refuse=0.2,
        hang_up=0.1,
        take_and_hang_up=0.1,
        slow=0.03,
        seconds=0.5,
        seeded=random.Random(20261120),
    )


@pytest.mark.parametrize("count", [12, pytest.param(1000, marks=pytest.mark.long)])
def test_four_deliverers_and_a_server_that_misbehaves_lose_nothing(
    database: Database, migrated_url: str, library: Library, count: int
) -> None:
    fill(database, library, count)

    with mail_server(faults()) as (letters, port), ExitStack() as stack:
        four = [stack.enter_context(deliverer(migrated_url, port)) for _ in range(4)]
        now = AT
        for wait in (0, 2):
            now += timedelta(minutes=wait)
            for process in four:
                go(process, now)
            for process in four:
                wait_till_done(process)
        letters.faults = Faults()
        now += timedelta(hours=1)
        go(four[0], now)
        wait_till_done(four[0])

    arrived_as_promised(database, letters, count, now)


@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.long)])
def test_a_webhook_that_fails_hangs_up_and_is_slow_loses_nothing(
    database: Database, library: Library, count: int
) -> None:
    fill(database, library, count)
    whole = {"staff_id": None, "channel": Channel.WEBHOOK}
    with database.writing() as session:
        number = "1870000009"
        session.exec(select(Organization)).first().number = number  # type: ignore[union-attr]
        for message in session.exec(select(Message)):
            message.sqlmodel_update(whole)
    misbehaving = faults()
    misbehaving.refuse = 0.3
    misbehaving.slow, misbehaving.seconds = 0.1, 1.5  # Longer than is waited for.

    with web_server(faults=misbehaving) as (posted, address):
        reach = Reach(webhooks={number: f"{address}/in"})
        signer = Signer("a secret of sixteen characters", timeout=0.5)
        post = post_of(reach, None, signer, LINK)
        now = AT
        for wait in (0, 2, 6, 20, 60):
            now += timedelta(minutes=wait)
            assert one_round(database, post, lambda at=now: at, lambda: False)  # type: ignore[misc]
        misbehaving.refuse = misbehaving.hang_up = misbehaving.take_and_hang_up = 0
        misbehaving.slow = 0
        now = AT + timedelta(hours=6)
        assert one_round(database, post, lambda: now, lambda: False)

    keys = Counter(one.headers["Idempotency-Key"] for one in posted)
    with database.reading() as session:
        written = session.exec(select(Message)).all()
    due = {one.key for one in written if one.not_before <= now}
    assert set(keys) == due
    assert {one.outcome for one in written if one.key in due} == {Outcome.DELIVERED}
    bodies: dict[str, set[bytes]] = {}
    for one in posted:
        bodies.setdefault(one.headers["Idempotency-Key"], set()).add(one.body)
    assert {len(of_one_key) for of_one_key in bodies.values()} == {1}
    assert sum(keys.values()) > len(keys), "no fault happened: the test proves nothing"


@pytest.mark.parametrize("count", [12, pytest.param(500, marks=pytest.mark.long)])
def test_deliverers_that_are_killed_lose_nothing_and_repeat_only_with_the_same_key(
    database: Database, migrated_url: str, library: Library, count: int
) -> None:
    fill(database, library, count)
    seeded = random.Random(20261120)
    now = AT

    with mail_server() as (letters, port):
        for _ in range(1 if count < 100 else 40):
            with deliverer(migrated_url, port) as first, deliverer(migrated_url, port) as second:
                for process in (first, second):
                    go(process, now)
                time.sleep(seeded.uniform(0.05, 0.3))
                for process in (first, second):
                    process.send_signal(signal.SIGKILL)
                    assert process.wait(PATIENCE) == -signal.SIGKILL
            now += LEASE
        with deliverer(migrated_url, port) as last:
            go(last, now)
            wait_till_done(last)
            go(last, now + LEASE)
            wait_till_done(last)

    arrived_as_promised(database, letters, count, now)


def test_a_slow_server_delays_neither_the_tick_nor_the_end(
    database: Database, library: Library
) -> None:
    fill(database, library, 3)
    stop, let_go = threading.Event(), threading.Event()
    with mail_server(Faults(slow=1, until=let_go)) as (letters, port):
        server = MailServer("127.0.0.1", port, SENDER, starttls=False, timeout=PATIENCE)
        post = post_of(Reach(mail=True), server, None, LINK)
        thread = start(database, post, lambda: AT, stop, seconds=0.05)
        assert thread is not None
        until(lambda: bool(letters.mails))

        assert sweep(database, AT)

        with database.reading() as session:
            assert {m.outcome for m in session.exec(select(Message))} == {None}
            assert session.get(Heartbeat, TICK) is not None
        stop.set()
        let_go.set()
        wait_for(thread)
        assert not thread.is_alive()
    assert len(letters.mails) == 1


def test_where_nothing_is_switched_on_no_thread_runs_and_nothing_is_written(
    database: Database, library: Library
) -> None:
    fill(database, library, 1)

    post = post_of(Reach(), None, None, LINK)

    assert start(database, post, lambda: AT, threading.Event()) is None
    with database.reading() as session:
        assert session.exec(select(Reminder)).all() == []


def test_a_round_that_went_through_beats_its_own_heartbeat(
    database: Database, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    fill(database, library, 2)
    with mail_server() as (letters, port):
        server = MailServer("127.0.0.1", port, SENDER, starttls=False, timeout=2.0)
        post = post_of(Reach(mail=True), server, None, LINK)

        assert one_round(database, post, lambda: AT, lambda: False)

    assert len(letters.mails) == 3
    with database.reading() as session:
        (beat,) = session.exec(select(Heartbeat)).all()
    assert (beat.process, beat.beat_at) == (PROCESS, AT)
    assert "example.jp" not in caplog.text


def test_a_database_that_is_gone_ends_a_round_and_not_the_process(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    post = post_of(Reach(mail=True), None, None, LINK)
    with database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE message RENAME TO message_gone")

    assert not one_round(database, post, lambda: AT, lambda: False)

    assert "Error" in caplog.text
    assert "SELECT" not in caplog.text


def test_the_real_process_delivers_what_its_settings_name(
    database: Database, migrated_url: str, library: Library, tmp_path: Path
) -> None:
    fill(database, library, 2)
    with database.writing() as session:
        for organization in session.exec(select(Organization)):
            organization.hours = dict.fromkeys(WEEKDAYS, "00:00-23:59")
            organization.open_on_public_holidays = True
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TSUNAGI_", "DATABASE_"))},
        "TSUNAGI_DATA": str(tmp_path),
        "TSUNAGI_CONFIG": str(tmp_path / "config.yaml"),
        "DATABASE_URL": migrated_url,
    }
    with mail_server() as (letters, port):
        (tmp_path / "config.yaml").write_text(
            "region: mihon\n"
            "public_base_url: https://tsunagi.example.jp\n"
            f"mail: {{host: 127.0.0.1, port: {port}, starttls: false, sender: {SENDER}}}\n",
            encoding="utf-8",
        )
        with subprocess.Popen(
            [sys.executable, "-m", "scheduler"],
            cwd=config.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                until(lambda: len(letters.mails) >= 2 or process.poll() is not None)
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()

    assert (process.returncode, err) == (0, "")
    assert "kango@example.jp" not in out
    assert all(LINK in mail.get_content() for mail in letters.mails)
