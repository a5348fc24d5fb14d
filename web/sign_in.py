"""Signing in and out, the way home, and two switches that stand on every page.

A wrong name and a wrong password look the same and take the same time. No password is
compared inside a transaction.
"""

import unicodedata

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs import accounts
from handoffs.access import Permission, may
from handoffs.parties import Actor, Staff
from web import csrf, dates
from web.auth import PUBLIC, access_of, public, requires
from web.context import acting, desk, now, presence, presence_or_none, reading, taken_in
from web.looks import TEXT_SIZE
from web.places import endpoint_at, page_at

pages = Blueprint("sign_in", __name__)

_LONGEST_NAME = 60
_LONGEST_PASSWORD = 200
_A_YEAR = 365 * 24 * 60 * 60

_WRONG = "サインイン名かパスワードが違います。確かめて、もう一度入力してください。"
_WHY = {
    "ended": "しばらく操作がなかったか、サインインから長い時間がたったため、サインアウトしました。"
    "もう一度サインインしてください。",
    "kept": "時間がたったため、サインアウトしました。入力した内容は残っています。"
    "サインインすると、続きから始められます。",
    "old": "画面を開いてから時間がたっていました。もう一度入力してください。",
    "out": "サインアウトしました。",
}


@pages.get("/")
@public
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
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page."""
    if presence_or_none() is not None:
        return redirect(url_for("sign_in.home"), code=303)
    return _page(why=request.args.get("why"), to=request.args.get("to"))


@pages.post("/sign-in")
@public
def sign_in_posted() -> ResponseReturnValue:
    """Take in a name and a password; lead on, or say once more what is asked."""
    # Terminals on wards are left in full-width mode; a sign-in name is not worth a failure.
    name = unicodedata.normalize("NFKC", request.form.get("sign_in_name", "")).strip()
    password = request.form.get("password", "")
    errors = {}
    if not name:
        errors["sign_in_name"] = "サインイン名を入力してください。"
    if not password:
        errors["password"] = "パスワードを入力してください。"  # noqa: S105 - it is a message.
    if errors:
        return _page(name=name, errors=errors, status=422)
    with reading() as session:
        pause = accounts.wait_for(session, name, now())
        staff = accounts.staff_named(session, name[:_LONGEST_NAME])
    if pause:
        rest = dates.wait(pause.total_seconds())
        words = f"続けて間違えたため、あと{rest}待ってからお試しください。"
        response = make_response(_page(name=name, errors={"password": words}, status=429))
        response.headers["Retry-After"] = str(int(pause.total_seconds()) + 1)
        return response
    fits = accounts.password_fits(
        staff.password_hash if staff else None, password[:_LONGEST_PASSWORD]
    )
    if staff is None or not fits:
        with desk().database.writing() as session:
            accounts.note_failure(session, name, now())
        return _page(name=name, errors={"sign_in_name": _WRONG}, status=422)
    return _begin(staff)


def _begin(staff: Staff) -> ResponseReturnValue:
    """Begin a session with a token of its own and lead to where the person was going."""
    before = presence_or_none()
    with desk().database.writing() as session:
        if before is not None:
            accounts.end_session(session, before, now())
        token = accounts.start_session(session, staff, now())
        present = accounts.presence_of(
            session, token, now=now(), idle=desk().idle, absolute=desk().absolute
        )
    if present is None:  # The account was closed between the two.
        return _page(name=staff.sign_in_name, errors={"sign_in_name": _WRONG}, status=422)
    to = _open_page(request.form.get("to", ""), present.actor)
    response = make_response(redirect(to or home_of(present.actor), code=303))
    csrf.set_cookie(response, csrf.session_cookie(), token)
    return response


def _open_page(path: str, actor: Actor) -> str | None:
    """The page at a path, if it is one of ours that this person's role opens."""
    endpoint = endpoint_at(path)
    asks = None if endpoint is None else access_of(endpoint)
    if asks is None or asks == PUBLIC or not may(actor, Permission(asks)):
        return None
    return page_at(path)


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
        "sign_in.html", name=name, why=_WHY.get(why or ""), to=page, errors=errors or {}
    )
    return words, status


@pages.post("/sign-out")
@public
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
@requires(Permission.COLLEAGUES_SHOW)
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
@public
def text_size() -> ResponseReturnValue:
    """Remember a larger or the standard text on this computer."""
    back = page_at(request.form.get("page", "")) or url_for("sign_in.home")
    response = make_response(redirect(back, code=303))
    size = "large" if request.form.get("size") == "large" else "standard"
    response.set_cookie(
        TEXT_SIZE, size, max_age=_A_YEAR, secure=desk().secure, httponly=True, samesite="Lax"
    )
    return response
