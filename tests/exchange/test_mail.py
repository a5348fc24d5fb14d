"""Handing mails to a real mail server on the loopback address, also to one that misbehaves."""

import socket
from datetime import UTC, datetime

import pytest

from exchange.mail import MailServer, compose, hand_over, message_id
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.letter import Letter
from handoffs.telling.outbox import Channel, Reason
from tests.receivers import Faults, mail_server

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LINK = "https://tsunagi.example.jp/worklist"


def parcel(address: str = "kango@example.jp", **changes: str) -> Parcel:
    return Parcel(
        message_id=1,
        key=changes.get("key", "push/staff:1/2026-11-20/1"),
        purpose="reminder",
        count=1,
        channel=Channel.MAIL,
        address=address,
        letter=Letter(
            changes.get("subject", "【つなぎ】未確認の連絡が1件あります"),
            f"未確認の連絡が1件あります。\n{LINK}\n",
        ),
        link=LINK,
        made_at=NOW,
    )


def server(port: int, **changes: object) -> MailServer:
    given: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "tsunagi@hospital.example.jp",
        "starttls": False,
        "timeout": 1.0,
    }
    return MailServer(**(given | changes))  # type: ignore[arg-type]


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as (letters, port):
        assert hand_over(parcel(), server(port), NOW) == Answer()

    (mail,) = letters.mails
    assert letters.envelopes == [("tsunagi@hospital.example.jp", ["kango@example.jp"])]
    assert str(mail["Subject"]) == "【つなぎ】未確認の連絡が1件あります"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == message_id(parcel().key, "tsunagi@hospital.example.jp")
    assert LINK in mail.get_content()
    assert "staff" not in str(mail["Message-ID"])


def test_a_repeat_has_the_same_message_id_and_another_message_has_another() -> None:
    first, again = compose(parcel(), "a@example.jp", NOW), compose(parcel(), "a@example.jp", NOW)
    other = compose(parcel(key="push/staff:1/2026-11-20/2"), "a@example.jp", NOW)

    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


@pytest.mark.parametrize(
    "address",
    [
        "kango@example.jp\r\nBcc: all@example.jp",
        "kango@example.jp\nX: y",
        "kango@example.jp, all@example.jp",
        "",
        "kango",
        "@example.jp",
    ],
)
def test_an_address_that_would_make_a_second_header_is_refused_for_good(address: str) -> None:
    with mail_server() as (letters, port):
        answer = hand_over(parcel(address), server(port), NOW)

    assert answer == Answer(Reason.BAD_ADDRESS, final=True)
    assert letters.mails == []


def test_a_subject_with_a_line_end_is_refused() -> None:
    with mail_server() as (letters, port):
        answer = hand_over(parcel(subject="件名\r\nBcc: all@example.jp"), server(port), NOW)

    assert answer.final
    assert letters.mails == []


def test_a_server_that_does_not_know_the_address_refuses_for_good() -> None:
    with mail_server() as (letters, port):
        letters.refused_address = "kango@example.jp"

        assert hand_over(parcel(), server(port), NOW) == Answer(Reason.BAD_ADDRESS, final=True)


@pytest.mark.parametrize(
    ("faults", "reason", "taken"),
    [
        (Faults(refuse=1), Reason.BUSY, 0),
        (Faults(hang_up=1), Reason.UNREACHABLE, 0),
        (Faults(take_and_hang_up=1), Reason.UNREACHABLE, 1),
        (Faults(slow=1, seconds=1.5), Reason.UNREACHABLE, 1),
    ],
)
def test_a_server_that_misbehaves_is_tried_again(
    faults: Faults, reason: Reason, taken: int
) -> None:
    with mail_server(faults) as (letters, port):
        assert hand_over(parcel(), server(port), NOW) == Answer(reason)
        assert len(letters.mails) == taken


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert hand_over(parcel(), server(port), NOW) == Answer(Reason.UNREACHABLE)


def test_a_server_without_encryption_is_not_talked_to_where_it_is_asked_for() -> None:
    with mail_server() as (letters, port):
        answer = hand_over(parcel(), server(port, starttls=True), NOW)

    assert answer == Answer(Reason.UNREACHABLE)
    assert letters.mails == []


def test_the_password_is_not_part_of_what_is_shown() -> None:
    assert "himitsu" not in repr(server(25, user="a", password="himitsu"))
