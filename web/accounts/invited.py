"""Beginning with a code that the keeper of the accounts handed over.

Password and app are set up on one page, before anything else opens. The code travels in forms
only, never in an address, and every code that cannot be used gets the same answer.
"""

from collections.abc import Mapping

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from forms.qr import drawing
from handoffs import accounts
from handoffs.accounts.invitation import Invitation, open_invitation, redeem, secret_of
from handoffs.accounts.totp import address_for_app, step_of
from handoffs.errors import BadEntry
from handoffs.parties import Staff
from web.accounts.entering import Refused, arrive, begin
from web.accounts.new_password import hashed, hint, typed_password
from web.context import desk, now, presence_or_none, reading

pages = Blueprint("invited", __name__)

ISSUER = "Tsunagi"
_LONGEST_CODE = 40
_UNUSABLE = (
    "この番号は使えません。入力を確かめてください。期限が過ぎたとき、一度使ったときは、"
    "所属先のアカウント担当者に、新しい番号を作ってもらってください。"
)


@pages.get("/invited")
def show() -> ResponseReturnValue:
    """Ask for the code."""
    return _door()


@pages.post("/invited")
def entered() -> ResponseReturnValue:
    """Take in the code and show what is to be set up."""
    with reading() as session:
        found = open_invitation(session, _code(), now())
    return _door({"invitation": _UNUSABLE}) if found is None else _set_up(found, {})


@pages.post("/invited/set-up")
def set_up() -> ResponseReturnValue:
    """Give the account its password and app, show the recovery codes once, and begin."""
    with reading() as session:
        found = open_invitation(session, _code(), now())
        staff = None if found is None else session.get(Staff, found.staff_id)
    if found is None or staff is None:
        return _door({"invitation": _UNUSABLE})
    try:
        with reading() as session:
            typed = typed_password(session, staff)
            secret = secret_of(session, found)
        step = step_of(secret, request.form.get("code", ""), now())
        if step is None:
            return _set_up(
                found, {"code": "確認コードが違います。新しいコードで入力してください。"}
            )
        kept = hashed(typed)
    except BadEntry as bad:
        return _set_up(found, bad.fields)
    except Refused as refused:
        return _set_up(found, {"new_password": refused.message})
    with desk().database.writing() as session:
        still = open_invitation(session, _code(), now())
        if still is None:
            return _door({"invitation": _UNUSABLE})
        staff, codes = redeem(session, still, password_hash=kept, step=step, now=now())
        token = accounts.start_session(session, staff, now())
    try:
        return recovery_page(codes, token)
    except Refused:  # Closed in this very moment.
        return _door({"invitation": _UNUSABLE})


def recovery_page(codes: list[str], token: str | None = None) -> ResponseReturnValue:
    """Show recovery codes, this once. With a token the session begins on this very page."""
    if token is None:
        return render_template("accounts/recovery_codes.html", codes=codes)
    before = presence_or_none()
    actor = arrive(token)
    page = render_template("accounts/recovery_codes.html", codes=codes)
    return begin(make_response(page), token, actor, before)


def set_up_parts(secret: str, sign_in_name: str) -> Mapping[str, object]:
    """What a page shows so that an app can be set up: a QR code, and the secret to type."""
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return {
        "qr": drawing(address_for_app(secret, sign_in_name, ISSUER)),
        "secret": secret,
        "secret_words": " ".join(groups),
    }


def _code() -> str:
    return request.form.get("invitation", "")[:_LONGEST_CODE]


def _door(errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    page = render_template("accounts/invited.html", errors=errors or {})
    return page, 422 if errors else 200


def _set_up(found: Invitation, errors: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        staff = session.get_one(Staff, found.staff_id)
        about, secret = hint(session, staff), secret_of(session, found)
    page = render_template(
        "accounts/set_up.html",
        staff=staff,
        invitation=_code(),
        hint=about,
        errors=errors,
        **set_up_parts(secret, staff.sign_in_name),
    )
    return page, 422 if errors else 200
