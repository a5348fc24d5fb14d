"""A mail that the server took and that comes back a day later: work on its sender's list."""

import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import Session, select

import config
from exchange.bounce import BounceFolder
from exchange.mail import MailServer
from handoffs.database import Database
from handoffs.telling.bounce import take_bounce
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import (
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    enqueue,
    mail_digest,
)
from handoffs.telling.undelivered import undelivered_of
from scheduler.delivery import Post, one_round, post_of
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast, settle
from tests.receivers import Letters, mail_server

LINK = "https://tsunagi.example.jp/worklist"
NEXT_DAY = NOW + timedelta(days=1)


def written(session: Session, cast: Cast) -> None:
    """A message to the care manager about a handoff of the hospital."""
    session.add(
        Mailbox(
            organization_id=cast.office_id,
            staff_id=cast.care_manager.staff_id,
            address="keamane@example.jp",
            recorded_at=NOW,
        )
    )
    handoff = make_handoff(session, make_stay(session, cast))
    draft = Draft(
        to=Recipient(cast.office_id, cast.care_manager.staff_id),
        purpose=Purpose.REMINDER,
        key="test/1",
        channel=Channel.MAIL,
        not_before=NOW,
        sender_id=cast.hospital_id,
        handoff_id=handoff.id,
    )
    enqueue(session, draft, now=NOW)


def post(port: int, folder: Path | None) -> Post:
    server = MailServer("127.0.0.1", port, "tsunagi@example.jp", starttls=False, timeout=5)
    bounces = BounceFolder(folder) if folder is not None else None
    return post_of(Reach(mail=True), server, None, LINK, bounces=bounces)


def came_back(letters: Letters) -> bytes:
    (mail,) = letters.mails
    back = EmailMessage()
    back["From"], back["To"] = "MAILER-DAEMON@example.jp", "tsunagi@example.jp"
    back["Subject"] = "Undelivered Mail Returned to Sender"
    back["In-Reply-To"] = str(mail["Message-ID"])
    back.set_content("keamane@example.jp: 550 5.1.1 unknown user")
    return back.as_bytes()


def state(database: Database) -> tuple[Outcome | None, Reason | None]:
    with database.reading() as session:
        message = session.exec(select(Message)).one()
        return message.outcome, message.reason


def test_a_bounce_in_the_folder_is_work_of_the_sender(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        cast = settle(session)
        written(session, cast)
    folder = tmp_path / "back"
    folder.mkdir()
    with mail_server() as (letters, port):
        deliver = post(port, folder)
        assert one_round(database, deliver, lambda: NOW, lambda: False)
        assert state(database) == (Outcome.DELIVERED, None)
        for name in ("1", "2"):
            (folder / name).write_bytes(came_back(letters))
        assert one_round(database, deliver, lambda: NEXT_DAY, lambda: False)

    assert state(database) == (Outcome.REFUSED, Reason.BOUNCED)
    with database.reading() as session:
        (lost,) = undelivered_of(session, cast.discharge_nurse)
    assert (lost.reason, lost.since) == (Reason.BOUNCED, NEXT_DAY)
    assert list(folder.iterdir()) == []
    assert len(letters.mails) == 1


def test_where_nothing_is_named_nobody_looks(database: Database) -> None:
    with database.writing() as session:
        written(session, settle(session))
    with mail_server() as (_, port):
        assert one_round(database, post(port, None), lambda: NOW, lambda: False)

    assert state(database) == (Outcome.DELIVERED, None)


@pytest.mark.parametrize("digests", [frozenset[str](), frozenset({mail_digest("another")})])
def test_what_is_none_of_ours_changes_nothing(database: Database, digests: frozenset[str]) -> None:
    with database.writing() as session:
        written(session, settle(session))

    with database.writing() as session:
        assert not take_bounce(session, digests, now=NEXT_DAY)

    assert state(database) == (None, None)


def test_the_command_takes_one_from_a_file_or_a_pipe(
    migrated_url: str, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        written(session, settle(session))
        # The command reads the clock: what is a month old is looked for no more.
        session.flush()
        session.exec(select(Message)).one().created_at += timedelta(days=3650)
    with mail_server() as (letters, port):
        one_round(database, post(port, None), lambda: NOW, lambda: False)
    file = tmp_path / "back.eml"
    file.write_bytes(came_back(letters))
    (tmp_path / "config.yaml").write_text("region: mihon\n", encoding="utf-8")
    settings = {
        "TSUNAGI_DATA": str(tmp_path),
        "TSUNAGI_CONFIG": str(tmp_path / "config.yaml"),
        "DATABASE_URL": migrated_url,
    }

    def run(name: str, content: bytes | None = None) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "exchange", "bounce", name],
            cwd=config.ROOT,
            env=settings,
            input=content,
            capture_output=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).decode()

    assert run(str(tmp_path / "none"))[0] == 2
    assert run("-", b"spam")[0] == 1
    assert state(database) == (Outcome.DELIVERED, None)
    code, text = run("-", file.read_bytes())
    assert (code, "届かなかった連絡" in text) == (0, True)
    assert "keamane" not in text
    assert run(str(file))[0] == 0
    assert state(database) == (Outcome.REFUSED, Reason.BOUNCED)
