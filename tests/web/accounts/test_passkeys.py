"""Passkeys against a device of our own making, which can also cheat."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)
from flask import Flask

from handoffs.database import Database
from handoffs.parties import Staff
from tests.people import Cast
from tests.web.page import Form, Page, Visitor
from web.context import EXTENSION

Enter = Callable[[str], Visitor]

FLAG = AuthenticatorData.FLAG
SEEN_AND_VERIFIED = FLAG.UP | FLAG.UV


@dataclass
class Device:
    """One authenticator with one key, for one origin. `flags` is what it says of the person."""

    origin: str = "http://localhost"
    name: str = "localhost"
    flags: AuthenticatorData.FLAG = SEEN_AND_VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = b"an id of sixteen"

    def make(self, page: Page) -> Form:
        """Make a passkey for the challenge of a page, and fill in its form."""
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = AttestedCredentialData.create(bytes(16), self.id, public)
        told = AuthenticatorData.create(self._hash(), self.flags | FLAG.AT, self.count, data)
        made = AttestationObject.create("none", told, {})
        form, client = self._client(page, CollectedClientData.TYPE.CREATE)
        return self._fill(form, clientDataJSON=client, attestationObject=bytes(made))

    def answer(self, page: Page) -> Form:
        """Sign the challenge of a page, and fill in its form."""
        self.count += 1 if self.count else 0
        told = AuthenticatorData.create(self._hash(), self.flags, self.count)
        form, client = self._client(page, CollectedClientData.TYPE.GET)
        signed = bytes(told) + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._fill(
            form, clientDataJSON=client, authenticatorData=bytes(told), signature=signature
        )

    def _hash(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()

    def _client(self, page: Page, kind: CollectedClientData.TYPE) -> tuple[Form, bytes]:
        (form,) = [one for one in page.forms() if one.node.get("data-passkey")]
        options: dict[str, Any] = json.loads(form.node["data-options"])["publicKey"]
        assert options.get("userVerification", "required") == "required"
        challenge = websafe_decode(options["challenge"])
        return form, bytes(CollectedClientData.create(kind, challenge, self.origin))

    def _fill(self, form: Form, **parts: bytes) -> Form:
        answer = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(part) for name, part in parts.items()},
            "clientExtensionResults": {},
        }
        return form.fill(answer=json.dumps(answer))


def _register(visitor: Visitor, device: Device, status: int = 200) -> Page:
    form = visitor.open("/account/passkeys/new").form("/account/passkeys/new")
    return device.make(form.fill(label="見本の端末").submit()).submit(status)


def _asked(app: Flask) -> Page:
    return Visitor(app).open("/sign-in").form("/sign-in/passkey").submit()


def test_a_passkey_opens_a_session_once_for_each_challenge(app: Flask, enter: Enter) -> None:
    device = Device()
    page = _register(enter("ward_nurse"), device)
    assert "見本の端末" in page.text
    form = device.answer(_asked(app))
    assert form.submit().path == "/stays"
    other = Visitor(app).open("/sign-in").form("/sign-in")
    form.fields = [
        (n, other.value(n) if n in {"form_token", "form_id"} else v) for n, v in form.fields
    ]
    assert other.page.visitor.post("/sign-in/passkey/answer", form.fields, 422).errors


@pytest.mark.parametrize(
    "cheat",
    [
        {"flags": FLAG.UP},
        {"flags": FLAG.UV},
        {"origin": "http://elsewhere.example"},
        {"name": "elsewhere.example"},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"id": b"an id of nobody!"},
    ],
)
def test_a_device_that_cheats_opens_nothing(
    app: Flask, enter: Enter, cheat: dict[str, Any]
) -> None:
    """R-A2: without user verification a passkey would be one factor only."""
    device = Device()
    _register(enter("ward_nurse"), device)
    page = replace(device, **cheat).answer(_asked(app)).submit(422)
    assert set(page.errors) == {"answer"}
    assert page.visitor.client.get_cookie("tsunagi") is None


def test_a_copied_key_and_a_closed_account_open_nothing(
    app: Flask, enter: Enter, database: Database, cast: Cast
) -> None:
    device = Device(count=7)
    _register(enter("ward_nurse"), device)
    assert device.answer(_asked(app)).submit().path == "/stays"
    behind = replace(device, count=device.count - 1)
    assert behind.answer(_asked(app)).submit(422).errors
    with database.writing() as session:
        session.get_one(Staff, cast.ward_nurse.person_id).active = False
    assert device.answer(_asked(app)).submit(422).errors


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", '{"response": 1}', "[" * 9000, "x" * 30_000]
)
def test_what_is_no_answer_of_a_device_is_refused(app: Flask, answer: str) -> None:
    page = _asked(app)
    (form,) = [one for one in page.forms() if one.node.get("data-passkey")]
    assert set(form.fill(answer=answer).submit(422).errors) == {"answer"}


def test_a_passkey_is_registered_with_verification_and_taken_off_by_its_owner(
    app: Flask, enter: Enter
) -> None:
    visitor = enter("ward_nurse")
    assert _register(visitor, Device(flags=FLAG.UP), 422).errors
    page = _register(visitor, Device())
    (form,) = [one for one in page.forms() if one.action.endswith("/remove")]
    enter("discharge_nurse").open("/account")
    stranger = enter("discharge_nurse")
    marks = stranger.open("/account").form("/account/sessions").fields
    stranger.post(form.action, marks, 404)
    assert "パスキーを外しました" in form.submit().text
    assert Device().answer(_asked(app)).submit(422).errors


def test_a_bare_address_has_no_passkeys(app: Flask) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], public_origin="http://127.0.0.1")
    visitor = Visitor(app)
    sent = visitor.client.get("/sign-in", base_url="http://127.0.0.1")
    assert "パスキー" not in sent.text
