"""A mail that comes back: which of ours it was, and whether it failed for good."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.bounce import LARGEST, Bounce, BounceFolder, read_bounce
from exchange.mail import compose, message_id
from handoffs.telling.despatch import Parcel
from handoffs.telling.letter import Letter
from handoffs.telling.outbox import Channel, mail_digest

KEY = "push/staff:1/2026-11-20/1"
SENDER = "tsunagi@example.jp"
OURS = mail_digest(KEY)


def own_mail() -> EmailMessage:
    parcel = Parcel(
        message_id=1,
        key=KEY,
        purpose="reminder",
        count=1,
        channel=Channel.MAIL,
        address="jimusho@example.jp",
        letter=Letter("【つなぎ】未確認の連絡が1件あります", "本文\n"),
        link="https://tsunagi.example.jp/worklist",
        made_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    return compose(parcel, SENDER, datetime(2026, 11, 20, tzinfo=UTC))


def report(action: str, *, whole: bool = True) -> bytes:
    """A delivery status notification as Postfix writes one."""
    back = own_mail().as_bytes() if whole else own_mail().as_bytes().split(b"\r\n\r\n", 1)[0]
    kind = b"message/rfc822" if whole else b"text/rfc822-headers"
    return b"\r\n".join(
        [
            b"From: MAILER-DAEMON@mail.example.jp (Mail Delivery System)",
            b"To: tsunagi@example.jp",
            b"Subject: Undelivered Mail Returned to Sender",
            b"Auto-Submitted: auto-replied",
            b"MIME-Version: 1.0",
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=XX",
            b"",
            b"--XX",
            b"Content-Type: text/plain; charset=us-ascii",
            b"",
            b"<jimusho@example.jp>: host mx.example.jp said: 550 5.1.1 unknown user",
            b"--XX",
            b"Content-Type: message/delivery-status",
            b"",
            b"Reporting-MTA: dns; mail.example.jp",
            b"",
            b"Final-Recipient: rfc822; jimusho@example.jp",
            f"Action: {action}".encode(),
            b"Status: 5.1.1",
            b"",
            b"--XX",
            b"Content-Type: " + kind,
            b"",
            back,
            b"--XX--",
            b"",
        ]
    )


def words(sender: str, subject: str, quoted: str) -> bytes:
    """A mail of free words, as older servers and out-of-office robots write."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SENDER, subject
    mail["In-Reply-To"] = quoted
    mail.set_content("見本の文です。")
    return mail.as_bytes()


@pytest.mark.parametrize("whole", [True, False], ids=["whole mail", "headers"])
def test_a_report_of_failure_names_which_of_ours_came_back(*, whole: bool) -> None:
    assert read_bounce(report("failed", whole=whole)) == Bounce(frozenset({OURS}))


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_only_late_or_arrived_is_no_bounce(action: str) -> None:
    assert read_bounce(report(action)) is None


def test_an_older_servers_words_count_and_a_robots_do_not() -> None:
    ours = message_id(KEY, SENDER)
    daemon = "Mail System <MAILER-DAEMON@example.jp>"

    assert read_bounce(words(daemon, "failure notice", ours)) == Bounce(frozenset({OURS}))
    assert read_bounce(words(daemon, "Warning: delayed", ours)) is None
    assert read_bounce(words("jimusho@example.jp", "不在のお知らせ", ours)) is None


def test_somebody_elses_bounce_names_none_of_ours() -> None:
    mail = words("postmaster@example.jp", "failure notice", "<20261120.1234@example.jp>")

    assert read_bounce(mail) == Bounce(frozenset())


@given(st.binary(max_size=300))
def test_whatever_is_dropped_there_is_read_without_an_error(content: bytes) -> None:
    read_bounce(content)
    read_bounce(report("failed").replace(b"XX", content[:8] or b"YY"))


def test_a_mail_that_is_nested_without_end_or_too_large_is_none_of_ours() -> None:
    nested = b"".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode()
        for n in range(5000)
    )

    assert read_bounce(nested) is None
    assert read_bounce(report("failed") + b"x" * LARGEST) is None


def test_ours_is_taken_away_the_rest_is_put_aside_and_half_a_file_waits(tmp_path: Path) -> None:
    folder = BounceFolder(tmp_path)
    (tmp_path / "1").write_bytes(report("failed"))
    (tmp_path / "2").write_bytes(words("jimusho@example.jp", "不在のお知らせ", ""))
    (tmp_path / "tsunagi.db").write_bytes(b"SQLite format 3")
    (tmp_path / ".3").write_bytes(report("failed"))

    found = list(folder.mails())

    named = [(file.name, bounce is not None) for file, bounce in found]
    assert named == [("1", True), ("2", False)]
    for file, bounce in found:
        folder.put_away(file, ours=bounce is not None)
    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*")) == [
        ".3",
        "tsunagi.db",
        "unread",
        "unread/2",
    ]
    assert list(BounceFolder(tmp_path / "gone").mails()) == []
