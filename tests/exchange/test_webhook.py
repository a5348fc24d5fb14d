"""Posting to a real receiver on the loopback address: codes only, signed, no redirect followed."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from exchange.web_address import is_allowed
from exchange.webhook import Signer, post
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.letter import Letter
from handoffs.telling.outbox import Channel, Reason
from tests.receivers import web_server

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SIGNER = Signer("kagi-kagi-kagi-kagi", timeout=0.5)


def parcel(address: str) -> Parcel:
    return Parcel(
        message_id=1,
        key="push/organization:1/2026-11-20/1",
        purpose="reminder",
        count=3,
        channel=Channel.WEBHOOK,
        address=address,
        letter=Letter("件名", "本文"),
        link="https://tsunagi.example.jp/worklist",
        made_at=NOW,
    )


def test_what_is_posted_is_codes_a_key_and_a_signature() -> None:
    with web_server() as (got, address):
        assert post(parcel(f"{address}/in?to=1"), SIGNER, NOW) == Answer()

    (request,) = got
    assert request.path == "/in?to=1"
    assert json.loads(request.body) == {
        "version": 1,
        "key": "push/organization:1/2026-11-20/1",
        "purpose": "reminder",
        "count": 3,
        "made_at": "2026-11-20T01:00:00+00:00",
        "sign_in": "https://tsunagi.example.jp/worklist",
    }
    assert request.headers["Idempotency-Key"] == "push/organization:1/2026-11-20/1"
    at = request.headers["Tsunagi-Timestamp"]
    assert at == str(int(NOW.timestamp()))
    signed = hmac.new(b"kagi-kagi-kagi-kagi", at.encode() + b"." + request.body, hashlib.sha256)
    assert request.headers["Tsunagi-Signature"] == f"sha256={signed.hexdigest()}"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, Answer()),
        (302, Answer(Reason.BAD_ADDRESS, final=True)),
        (400, Answer(Reason.NOT_ACCEPTED, final=True)),
        (404, Answer(Reason.NOT_ACCEPTED, final=True)),
        (429, Answer(Reason.BUSY)),
        (500, Answer(Reason.BUSY)),
        (0, Answer(Reason.UNREACHABLE)),
    ],
)
def test_what_the_receiver_answers_decides_whether_it_is_tried_again(
    status: int, answer: Answer
) -> None:
    with web_server([status]) as (got, address):
        assert post(parcel(f"{address}/in"), SIGNER, NOW) == answer

    assert [request.path for request in got] == ["/in"]


def test_a_receiver_that_answers_slowly_is_not_waited_for() -> None:
    with web_server(seconds=1.0) as (_, address):
        assert post(parcel(f"{address}/in"), SIGNER, NOW) == Answer(Reason.UNREACHABLE)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://hospital.example.jp/in", True),
        ("https://hospital.example.jp:8443/in", True),
        ("http://127.0.0.1:8000/in", True),
        ("http://[::1]:8000/in", True),
        ("http://hospital.example.jp/in", False),
        ("http://localhost/in", False),
        ("http://127.0.0.1.example.jp/in", False),
        ("https://user:secret@hospital.example.jp/in", False),
        ("https://hospital.example.jp:99999/in", False),
        ("ftp://hospital.example.jp/in", False),
        ("//hospital.example.jp/in", False),
        ("", False),
    ],
)
def test_only_https_or_the_loopback_address_is_posted_to(address: str, allowed: bool) -> None:  # noqa: FBT001
    assert is_allowed(address) is allowed
    if not allowed:
        assert post(parcel(address), SIGNER, NOW) == Answer(Reason.BAD_ADDRESS, final=True)


def test_the_secret_is_not_part_of_what_is_shown() -> None:
    assert "kagi" not in repr(SIGNER)
