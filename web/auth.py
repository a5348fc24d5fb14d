"""The gate before every view: who is there, whether the form is ours, what the route asks.

Which door stands before a route is a line of `handoffs.policy.routes`; a route without a line is
closed to everybody. What somebody typed into a form when their session had run out is kept for them
alone and handed back after they signed in again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import select

from handoffs import accounts
from handoffs.access import Permission, may
from handoffs.errors import NotPermitted
from handoffs.policy import PUBLIC, Door, door_of
from handoffs.wall import Crossing, show_rows_of
from web import csrf
from web.context import actor, desk, now, presence, presence_or_none, reading, show_own_rows
from web.going_on import ask_with
from web.heartbeats import standing_still
from web.places import page_of, takes_at
from web.region.decided import with_decisions

View = TypeVar("View", bound=Callable[..., Any])

_FRESH = "tsunagi_fresh"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_ALONE = {"static", "health.health"}
"""Endpoints that must answer without the database."""

TOUCH_EVERY = timedelta(minutes=1)
"""How often a session in use is written to the database; reading pages must not write."""

LINKS = "case_links"
"""The pages for whoever has no account: nobody there is ever sent to sign in."""

_NOT_TYPED = {"form_token", "form_id", "password", "new_password", "code", "pin", "secret"}

_ABOUT_ACCOUNTS = {"emergency_accounts", "house_accounts", "own_account", "passkeys"}
_NEVER_KEPT = _ABOUT_ACCOUNTS | {
    "concerns",
    "drafts",
    "finding",
    "rosters",
    "simulator",
    "ward_lists",
}
"""Whose forms are lost rather than kept: what is typed there stands in its own table alone, or
nowhere, such as the draft of a rule that somebody tries, a name that somebody looks for, the
rows of a file that they can choose again, or a password."""


def fresh(view: View) -> View:
    """Mark a view: whoever comes in has shown both factors a few minutes ago, or is asked to."""
    setattr(view, _FRESH, True)
    return view


def stand_before(app: Flask) -> None:
    """Put the gate before every view of an application."""
    app.before_request(_look)
    app.before_request(_let_in)
    app.teardown_request(lambda _error: show_rows_of(None))


def _look() -> None:
    """See who is there and whether the scheduler's parts run, in one brief session."""
    g.presence, g.ran_out, g.standing_still = None, False, frozenset()
    through = Crossing.LINK if request.blueprint == LINKS else None
    show_own_rows(through=through)
    if request.endpoint in _ALONE:
        return
    token = request.cookies.get(csrf.session_cookie())
    if not token and request.blueprint != LINKS:
        return
    with reading() as session:
        g.desk = with_decisions(session, desk())
        if not token:
            return
        g.presence = accounts.presence_of(
            session, token, now=now(), idle=desk().idle, absolute=desk().absolute
        )
        show_own_rows(session, through=through)
        row = session.get(accounts.SignedIn, accounts.digest(token))
        g.ran_out = g.presence is None and row is not None and row.ended_at is None
        g.standing_still = standing_still(session)
        if g.presence is not None and request.method == "GET":
            g.drafts_wait = accounts.has_drafts(session, g.presence.actor.person_id)
    if g.presence is not None and row is not None and now() - row.seen_at >= TOUCH_EVERY:
        with desk().database.writing() as session:
            accounts.touch(session, g.presence.token_digest, now())


def _let_in() -> ResponseReturnValue | None:
    if request.endpoint is None or request.routing_exception is not None:
        return None  # Flask answers with 404 or 405.
    asks = door_of(request.endpoint, request.method)
    if asks is None:
        abort(403)
    if request.method not in _SAFE:
        refused = _refuse_strange_form(asks)
        if refused is not None:
            return refused
    if asks == PUBLIC:
        return None
    if presence_or_none() is None:
        return _to_sign_in("ended" if g.ran_out else None)
    if not may(actor(), Permission(asks)):
        raise NotPermitted(
            "この画面は、あなたの職種では使いません。上のメニューから選び直してください。"
        )
    asks_anew = getattr(current_app.view_functions[request.endpoint], _FRESH, False)
    if asks_anew and not presence().is_fresh(now()):
        if request.method == "POST" and _may_go_along():
            return ask_with(request.form.items(multi=True))
        to = page_of(request.path)
        return redirect(url_for("own_account.ask_again", to=to), code=303)
    return None


def _may_go_along() -> bool:
    """Whether a page may show what was posted again, unseen: no secret and no file is in it."""
    return not request.files and (_NOT_TYPED - {"form_token", "form_id"}).isdisjoint(request.form)


def _refuse_strange_form(asks: Door) -> ResponseReturnValue | None:
    """Stop a post that is no form of ours; keep what somebody typed who was signed out."""
    if not csrf.comes_from_us() or not csrf.is_well_formed():
        abort(400)
    with reading() as session:
        fits = csrf.token_fits(session)
    if presence_or_none() is not None:
        return None if fits else abort(400)
    if asks == PUBLIC:
        # A tab that outlived its session or the browser's cookies: nothing is done, ask anew.
        if not fits and request.blueprint == LINKS:
            return redirect(url_for(f"{LINKS}.show", **(request.view_args or {})), code=303)
        return None if fits else _to_sign_in("old")
    if not g.ran_out or not fits:
        return _to_sign_in("ended")
    return _to_sign_in("kept" if _keep_typed() else "ended")


def fields_to_keep() -> dict[str, list[str]]:
    """What was posted, without marks and secrets."""
    return {
        name: values
        for name, values in request.form.to_dict(flat=False).items()
        if name not in _NOT_TYPED
    }


def is_kept_at(action: str) -> bool:
    """Whether what is typed into a form that leads there may be kept."""
    endpoint = takes_at(action)
    if endpoint is None or door_of(endpoint, "POST") in {PUBLIC, None}:
        return False
    return endpoint.rpartition(".")[0] not in _NEVER_KEPT


def keeps_here() -> bool:
    """Whether the page that is asked for has forms whose text may be kept."""
    return presence_or_none() is not None and request.blueprint not in _NEVER_KEPT


def _keep_typed() -> bool:
    page = page_of(request.path)
    fields = fields_to_keep()
    if page is None or not fields or not is_kept_at(request.path):
        return False
    with desk().database.writing() as session:
        accounts.keep_draft(
            session,
            request.cookies[csrf.session_cookie()],
            path=page,
            fields=fields,
            now=now(),
        )
    return True


def _to_sign_in(why: str | None) -> ResponseReturnValue:
    """Lead to the sign-in page, which leads back afterwards."""
    page = page_of(request.path)
    to = None if page in {None, "/"} else page
    return redirect(url_for("sign_in.sign_in", to=to, why=why), code=303)


def kept_draft() -> dict[str, list[str]] | None:
    """What this person typed on this page when their session had run out, once.

    For the GET of a page with a form. The page then says by itself that this is 入力の続き.
    What is older than a session can be is about another day's patient and is dropped.
    """
    staff_id = actor().person_id
    query = select(accounts.Draft.kept_at).where(
        accounts.Draft.staff_id == staff_id, accounts.Draft.path == request.path
    )
    with reading() as session:
        kept_at = session.exec(query).one_or_none()
    if kept_at is None:
        return None
    with desk().database.writing() as session:
        draft = accounts.take_draft(session, staff_id, request.path)
    if draft is None or now() - kept_at > desk().absolute:
        return None
    g.draft_taken = True
    return draft
