"""One's own account: what guards it, where it is signed in, and changing either.

Whoever changes what guards the account has shown both factors within the last minutes, or is
asked to first. What is changed here is one's own alone; a colleague's is in `house_accounts`.
"""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.accounts import own
from handoffs.accounts.account import account_of, keeps_accounts
from handoffs.accounts.emergency import awaiting_review
from handoffs.accounts.passkey import passkeys_of
from handoffs.accounts.second_factor import (
    new_recovery_codes,
    recovery_codes_left,
    set_totp,
)
from handoffs.accounts.signed_in import confirm, end_sessions, sessions_of
from handoffs.accounts.totp import is_secret, new_secret, step_of
from handoffs.errors import BadEntry
from handoffs.parties import Staff
from web.accounts.entering import Refused, Wait, asked_to_wait, confirm_again, open_page
from web.accounts.invited import recovery_page, set_up_parts
from web.accounts.new_password import hashed, hint, typed_password
from web.accounts.relying_party import relying_party
from web.auth import fresh
from web.context import acting, actor, desk, now, presence, reading, taken_in
from web.going_on import ask, carried_to, go_on
from web.places import page_at

pages = Blueprint("own_account", __name__)

_DONE = {
    "password": "パスワードを変えました。ほかの端末のサインインは終わりました。",
    "app": "認証アプリを登録し直しました。前のアプリのコードは、もう使えません。",
    "sessions": "ほかの端末のサインインを、すべて終えました。",
    "passkey": "パスキーを登録しました。",
    "removed": "パスキーを外しました。",
    "codes": "予備コードは一度だけ表示されました。書き留められなかったときは、作り直してください。",
}
_WRONG = "パスワードか確認コードが違います。確認コードは、新しいものに変わるのを待ってください。"


@pages.get("/account")
def show() -> ResponseReturnValue:
    """Show what guards this account and where it is signed in."""
    person = actor().person_id
    with reading() as session:
        staff = session.get_one(Staff, person)
        account = account_of(session, person)
        shown = {
            "staff": staff,
            "account": account,
            "codes_left": recovery_codes_left(session, person),
            "passkeys": passkeys_of(session, person),
            "sessions": [one for one in sessions_of(session, person) if _runs(one.seen_at)],
            "keeper": keeps_accounts(session, actor()),
            "awaiting_review": awaiting_review(session, actor().organization_id),
        }
    page = render_template(
        "accounts/own.html",
        here=presence().token_digest,
        done=_DONE.get(request.args.get("done", "")),
        passkeys_work=relying_party() is not None,
        **shown,
    )
    # A terminal that was left alone asks whether it is still the same person who is signed in.
    return page, {"Tsunagi-Person": str(person)}


@pages.post("/account/sessions")
def end_others() -> ResponseReturnValue:
    """End every session of this person but this one."""
    with acting() as session:
        end_sessions(session, actor().person_id, now(), by=actor(), but=presence().token_digest)
        return _done(session, "sessions")


@pages.get("/account/password")
@fresh
def password() -> ResponseReturnValue:
    """Ask for a new password."""
    return _password_screen({})


@pages.post("/account/password")
@fresh
def password_posted() -> ResponseReturnValue:
    """Take a new password; every other session ends."""
    try:
        with reading() as session:
            typed = typed_password(session, session.get_one(Staff, actor().person_id))
        kept = hashed(typed)
    except BadEntry as bad:
        return _password_screen(bad.fields)
    except Refused as refused:
        return _password_screen({"new_password": refused.message})
    with acting() as session:
        own.change_password(session, presence(), kept, now())
        return _done(session, "password")


@pages.get("/account/app")
@fresh
def app() -> ResponseReturnValue:
    """Show what a new app is set up with."""
    return _app_screen(new_secret(), {})


@pages.post("/account/app")
@fresh
def app_posted() -> ResponseReturnValue:
    """Take a new app that proved itself by a code."""
    secret = request.form.get("secret", "")
    if not is_secret(secret):
        return _app_screen(new_secret(), {"code": "図が新しくなりました。読み取り直してください。"})
    step = step_of(secret, request.form.get("code", ""), now())
    if step is None:
        return _app_screen(
            secret, {"code": "確認コードが違います。新しいコードで入力してください。"}
        )
    with acting() as session:
        set_totp(session, actor().person_id, secret, step, now())
        end_sessions(session, actor().person_id, now(), by=actor(), but=presence().token_digest)
        return _done(session, "app")


@pages.post("/account/recovery")
@fresh
def recovery() -> ResponseReturnValue:
    """Replace the recovery codes and show the new ones, this once."""
    with acting() as session:
        codes = new_recovery_codes(session, actor().person_id, now())
        taken_in(session, url_for("own_account.show", done="codes"))
    return recovery_page(codes)


@pages.get("/account/confirm")
def ask_again() -> ResponseReturnValue:
    """Ask for both factors once more."""
    return _confirm_screen({})


@pages.post("/account/confirm")
def confirmed() -> ResponseReturnValue:
    """Take both factors once more and lead on."""
    form = request.form
    try:
        confirm_again(actor().person_id, form.get("password", ""), form.get("code", ""))
    except Wait as wait:
        return asked_to_wait((_confirm_screen({"password": wait.words})[0], 429), wait)
    except Refused:
        return _confirm_screen({"password": _WRONG})
    with desk().database.writing() as session:
        confirm(session, presence(), now())
    carried = carried_to()
    if carried is not None:
        return go_on(carried)
    to = open_page(form.get("to", ""), actor()) or url_for("own_account.show")
    return redirect(to, code=303)


def _runs(seen_at: datetime) -> bool:
    return now() - seen_at <= desk().idle


def _done(session: Session, what: str) -> ResponseReturnValue:
    location = url_for("own_account.show", done=what)
    taken_in(session, location)
    return redirect(location, code=303)


def _password_screen(errors: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        about = hint(session, session.get_one(Staff, actor().person_id))
    page = render_template("accounts/password.html", errors=errors, hint=about)
    return page, 422 if errors else 200


def _app_screen(secret: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        name = session.get_one(Staff, actor().person_id).sign_in_name
    page = render_template("accounts/app.html", errors=errors, **set_up_parts(secret, name))
    return page, 422 if errors else 200


def _confirm_screen(errors: Mapping[str, str]) -> tuple[str, int]:
    page = ask(errors, page_at(request.values.get("to", "")))
    return page, 422 if errors else 200
