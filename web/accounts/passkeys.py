"""Signing in with a passkey, registering one, and taking one off.

The browser's part is static/passkeys.js: it hands the challenge to the device and posts the answer
in a form of ours, so that everything that guards a form guards this too. User verification is
required every time: a passkey that a device gives out without a finger, a face or a PIN would be
one factor only.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs import accounts
from handoffs.accounts import passkey
from handoffs.accounts.signed_in import is_sample
from handoffs.history import Act, record
from handoffs.parties import Staff
from web.accounts.at_the_machine import is_at_the_machine
from web.accounts.entering import ONLY_HERE
from web.accounts.relying_party import relying_party
from web.auth import fresh
from web.context import acting, actor, desk, now, reading, taken_in
from web.places import page_at
from web.sign_in import lead_on

pages = Blueprint("passkeys", __name__)

_MOST_TEXT = 20_000
_NOT_HERE = "このアドレスでは、パスキーは使えません。パスワードと確認コードを使ってください。"
_FAILED = (
    "パスキーで確かめられませんでした。もう一度試すか、パスワードと確認コードを使ってください。"
)


class _Failed(Exception):
    """The answer of the device does not hold, for whatever reason."""


@pages.post("/sign-in/passkey")
def ask() -> ResponseReturnValue:
    """Draw a challenge and let the browser ask for a passkey."""
    server = _server()
    if server is None:
        return _enter_screen({}, {"answer": _NOT_HERE})
    options, state = server.authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    with desk().database.writing() as session:
        passkey.keep_challenge(session, state["challenge"], now())
    return _enter_screen(dict(options), {})


@pages.post("/sign-in/passkey/answer")
def answered() -> ResponseReturnValue:
    """Take what the device answered and begin a session, or say that it did not work."""
    try:
        with desk().database.writing() as session:
            token = _enter(session)
    except _Failed as failed:
        with desk().database.writing() as session:
            record(session, None, Act.SIGN_IN_FAILED, now=now())
        return _enter_screen({}, {"answer": str(failed) or _FAILED})
    return lead_on(token)


@pages.get("/account/passkeys/new")
@fresh
def new() -> ResponseReturnValue:
    """Tell what a passkey is, and offer to register one."""
    return _new_screen({}, {} if relying_party() else {"label": _NOT_HERE})


@pages.post("/account/passkeys/new")
@fresh
def begin_new() -> ResponseReturnValue:
    """Draw a challenge and let the browser make a passkey."""
    server, label = _server(), request.form.get("label", "").strip()
    person = actor().person_id
    with reading() as session:
        staff = session.get_one(Staff, person)
        known = passkey.passkeys_of(session, person)
    wrong = _wrong_label(label, len(known))
    if server is None or wrong:
        return _new_screen({}, {"label": wrong or _NOT_HERE})
    user = PublicKeyCredentialUserEntity(
        id=f"tsunagi-{person}".encode(), name=staff.sign_in_name, display_name=staff.sign_in_name
    )
    options, state = server.register_begin(
        user,
        [_credential(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    with desk().database.writing() as session:
        passkey.keep_challenge(session, state["challenge"], now(), person)
    return _new_screen(dict(options), {}, label)


@pages.post("/account/passkeys/add")
@fresh
def add() -> ResponseReturnValue:
    """Take the passkey that a device made."""
    label = request.form.get("label", "").strip()
    try:
        with acting() as session:
            _add(session, label)
            location = url_for("own_account.show", done="passkey")
            taken_in(session, location)
    except _Failed:
        return _new_screen({}, {"label": _FAILED}, label)
    return redirect(location, code=303)


@pages.post("/account/passkeys/<int:passkey_id>/remove")
@fresh
def remove(passkey_id: int) -> ResponseReturnValue:
    """Take one's own passkey off the account."""
    with acting() as session:
        passkey.remove_passkey(session, actor(), passkey_id, now())
        location = url_for("own_account.show", done="removed")
        taken_in(session, location)
    return redirect(location, code=303)


def _add(session: Session, label: str) -> None:
    """Write down the passkey that a device made for who is signed in. Raises _Failed."""
    server, given = _server(), _answer()
    if server is None or given is None or _wrong_label(label, 0):
        raise _Failed
    state = _state(session, given, actor().person_id)
    response = _proved(lambda: RegistrationResponse.from_dict(given))
    made = _proved(lambda: server.register_complete(state, response)).credential_data
    credential_id = websafe_encode(made.credential_id)
    if passkey.passkey_called(session, credential_id) is not None:
        raise _Failed
    passkey.add_passkey(
        session,
        actor(),
        credential_id=credential_id,
        credential=b64encode(bytes(made)).decode(),
        label=label,
        now=now(),
    )


def _enter(session: Session) -> str:
    """Begin the session of whoever's device answered. Raises _Failed."""
    server, given = _server(), _answer()
    if server is None or given is None:
        raise _Failed
    state = _state(session, given, None)
    known = passkey.passkey_called(session, str(given.get("id", "")))
    staff = None if known is None else session.get(Staff, known.staff_id)
    if known is None or staff is None or not staff.active:
        raise _Failed
    response = _proved(lambda: AuthenticationResponse.from_dict(given))
    _proved(lambda: server.authenticate_complete(state, [_credential(known)], response))
    count = response.response.authenticator_data.counter
    if count and count <= known.sign_count:
        raise _Failed  # A copy of the key: its counter stood still.
    if is_sample(session, staff.id) and not is_at_the_machine():
        raise _Failed(ONLY_HERE)
    known.sign_count, known.used_at = count, now()
    return accounts.start_session(session, staff, now())


def _server() -> Fido2Server | None:
    party = relying_party()
    if party is None:
        return None
    entity = PublicKeyCredentialRpEntity(name="つなぎ", id=party.name)
    return Fido2Server(entity, verify_origin=lambda origin: origin == party.origin)


def _state(session: Session, given: dict[str, Any], person: int | None) -> dict[str, Any]:
    """What the library remembers of a challenge, which is taken here. Raises _Failed."""
    try:
        said = json.loads(websafe_decode(given["response"]["clientDataJSON"]))
        challenge = str(said["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _Failed from None
    if not passkey.take_challenge(session, challenge, now(), person):
        raise _Failed
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.REQUIRED}


def _proved(proof: Any) -> Any:  # noqa: ANN401 - whatever the library's step returns.
    """Run one step of the library. Raises _Failed for whatever it holds against the answer."""
    try:
        return proof()
    except Exception:  # noqa: BLE001 - Bytes of a stranger: any complaint means no.
        raise _Failed from None


def _answer() -> dict[str, Any] | None:
    text = request.form.get("answer", "")
    if not text or len(text) > _MOST_TEXT:
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _credential(kept: passkey.Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(b64decode(kept.credential))


def _wrong_label(label: str, known: int) -> str | None:
    if not label or len(label) > passkey.LONGEST_LABEL:
        return f"どの端末か分かる名前を、{passkey.LONGEST_LABEL}文字までで入力してください。"
    if known >= passkey.MOST:
        return f"パスキーは{passkey.MOST}つまでです。使わないものを外してください。"
    return None


def _enter_screen(options: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    to = page_at(request.form.get("to", ""))
    page = render_template(
        "accounts/passkey_enter.html", options=json.dumps(options), errors=errors, to=to
    )
    return page, 422 if errors else 200


def _new_screen(
    options: dict[str, Any], errors: dict[str, str], label: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "accounts/passkey_new.html",
        options=json.dumps(options) if options else "",
        errors=errors,
        label=label,
    )
    return page, 422 if errors else 200
