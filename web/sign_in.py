"""Signing in and out, the way home, and two switches that stand on every page.

Name, password and code are asked for on one page and answered with one text, so that nobody
learns which of them was right (`web.accounts.entering`).
"""

import unicodedata

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs import accounts
from handoffs.access import Permission, may
from handoffs.parties import Actor
from web import csrf
from web.accounts.entering import Refused, Wait, arrive, asked_to_wait, begin, enter, open_page
from web.accounts.relying_party import relying_party
from web.context import acting, desk, now, presence, presence_or_none, taken_in
from web.looks import TEXT_SIZE
from web.places import page_at

pages = Blueprint("sign_in", __name__)

_A_YEAR = 365 * 24 * 60 * 60

_ASKED = {
    "sign_in_name": "サインイン名を入力してください。",
    "password": "パスワードを入力してください。",
    "code": "認証アプリの6桁の確認コードか、予備コードを入力してください。",
}
_WHY = {
    "ended": "しばらく操作がなかったか、サインインから長い時間がたったため、サインアウトしました。"
    "もう一度サインインしてください。",
    "kept": "時間がたったため、サインアウトしました。入力した内容は残っています。"
    "サインインすると、続きから始められます。",
    "old": "画面を開いてから時間がたっていました。もう一度入力してください。",
    "out": "サインアウトしました。",
}


@pages.get("/")
def home() -> ResponseReturnValue:
    """Lead to the page where a person's day begins."""
    present = presence_or_none()
    if present is None:
        return redirect(url_for("sign_in.sign_in"), code=303)
    return redirect(home_of(present.actor), code=303)


def home_of(actor: Actor) -> str:
    """The path of the page where a person's day begins."""
    if may(actor, Permission.RATES_READ):
        return url_for("reports.latest")
    return "/stays" if actor.is_hospital else "/worklist"


@pages.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page."""
    if presence_or_none() is not None:
        return redirect(url_for("sign_in.home"), code=303)
    return _page(why=request.args.get("why"), to=request.args.get("to"))


@pages.post("/sign-in")
def sign_in_posted() -> ResponseReturnValue:
    """Take in a name, a password and a code; lead on, or say once more what is asked."""
    # Terminals on wards are left in full-width mode; a sign-in name is not worth a failure.
    name = unicodedata.normalize("NFKC", request.form.get("sign_in_name", "")).strip()
    typed = {field: request.form.get(field, "") for field in ("password", "code")}
    typed["sign_in_name"] = name
    errors = {field: words for field, words in _ASKED.items() if not typed[field]}
    if errors:
        return _page(name=name, errors=errors, status=422)
    try:
        token = enter(name, typed["password"], typed["code"])
    except Wait as wait:
        return asked_to_wait(_page(name=name, errors={"password": wait.words}, status=429), wait)
    except Refused as refused:
        return _page(name=name, errors={"sign_in_name": refused.message}, status=422)
    return lead_on(token)


def lead_on(token: str) -> ResponseReturnValue:
    """Begin the session in this browser and lead to where the person was going."""
    before = presence_or_none()
    try:
        somebody = arrive(token)
    except Refused as refused:
        return _page(errors={"sign_in_name": refused.message}, status=422)
    to = open_page(request.form.get("to", ""), somebody)
    response = make_response(redirect(to or home_of(somebody), code=303))
    return begin(response, token, somebody, before)


def _page(
    *,
    name: str = "",
    why: str | None = None,
    to: str | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = page_at(to or request.form.get("to", ""))
    words = render_template(
        "sign_in.html",
        name=name,
        why=_WHY.get(why or ""),
        to=page,
        errors=errors or {},
        passkeys_work=relying_party() is not None,
    )
    return words, status


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session at once, here and on the server."""
    present = presence_or_none()
    if present is not None:
        with desk().database.writing() as session:
            accounts.end_session(session, present, now())
    response = make_response(redirect(url_for("sign_in.sign_in", why="out"), code=303))
    response.delete_cookie(
        csrf.session_cookie(), path="/", secure=desk().secure, httponly=True, samesite="Lax"
    )
    return response


@pages.post("/colleagues")
def colleagues() -> ResponseReturnValue:
    """Switch to the clients of the whole office, or back to one's own."""
    shown = request.form.get("shown") == "yes"
    # A stay that only the switch made visible is gone when it is off: back to the list.
    back = page_at(request.form.get("page", "")) if shown else None
    location = back or "/worklist"
    with acting() as session:
        accounts.show_colleagues(session, presence(), now(), shown=shown)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/text-size")
def text_size() -> ResponseReturnValue:
    """Remember a larger or the standard text on this computer."""
    back = page_at(request.form.get("page", "")) or url_for("sign_in.home")
    response = make_response(redirect(back, code=303))
    size = "large" if request.form.get("size") == "large" else "standard"
    response.set_cookie(
        TEXT_SIZE, size, max_age=_A_YEAR, secure=desk().secure, httponly=True, samesite="Lax"
    )
    return response
