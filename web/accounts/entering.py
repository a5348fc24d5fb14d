"""Getting in: one text for every failure, one place that begins a session.

A wrong name, password or code look the same, take the same time and are counted in the same
lane. Passwords are compared a few at a time: whoever floods the page with tries makes neither the
others wait for long nor the machine stand.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from handoffs import accounts
from handoffs.access import Permission, may
from handoffs.accounts import password, tries
from handoffs.accounts.second_factor import take_second_factor
from handoffs.accounts.signed_in import Presence, is_sample
from handoffs.parties import Actor, Staff
from handoffs.policy import PUBLIC, door_of
from web import csrf, dates
from web.accounts.at_the_machine import is_at_the_machine
from web.context import desk, now, reading
from web.places import endpoint_at, page_at
from web.turns import TURNS

LONGEST_NAME = 60
_A_YEAR = 365 * 24 * 60 * 60
_AT_ONCE = threading.BoundedSemaphore(2)
"""Passwords that one process compares at once: argon2id takes a core and 64 MB each."""

_PATIENCE_SECONDS = 4.0

WRONG = (
    "サインイン名・パスワード・確認コードのどれかが違います。確かめて、もう一度入力してください。"
    "確認コードは一度しか使えないので、次のコードに変わるのを待って入力してください。"
)
ONLY_HERE = (
    "見本医療圏のアカウントは、動かしている機械で開いたときだけ使えます"
    "（パスワードが公開されているためです）。"
)
CROWDED = "サインインが混み合っています。少し待ってから、もう一度押してください。"


class Wait(Exception):
    """This lane has to wait before the next try."""

    def __init__(self, pause: timedelta) -> None:
        """Keep for how long."""
        super().__init__("a lane has to wait")
        self.pause = pause

    @property
    def words(self) -> str:
        """What the page says."""
        rest = dates.wait(self.pause.total_seconds())
        return f"続けて間違えたため、あと{rest}待ってからお試しください。"


class Refused(Exception):
    """Nobody got in; `message` is all that is said."""

    def __init__(self, message: str = WRONG) -> None:
        """Keep the message as it will be shown."""
        super().__init__("nobody got in")
        self.message = message


def enter(name: str, typed: str, code: str) -> str:
    """Begin a session for whoever knows the password and has the code, and return its token.

    Raises Wait or Refused.
    """
    staff, lane = _whoever(name)
    if not _compare(staff, typed):
        _fail(lane)
    if staff is None:
        raise Refused
    with reading() as session:
        refused_here = is_sample(session, staff.id) and not is_at_the_machine()
    if refused_here:
        raise Refused(ONLY_HERE)
    with desk().database.writing() as session:
        if not take_second_factor(session, staff.id, code, now()):
            tries.note_failure(session, lane, now())
            token = None
        else:
            token = accounts.start_session(session, staff, now(), lane)
    if token is None:
        raise Refused
    return token


def confirm_again(staff_id: int, typed: str, code: str) -> bool:
    """Whether somebody who is signed in shows both factors once more. Raises Wait or Refused."""
    with reading() as session:
        staff = session.get_one(Staff, staff_id)
    _, lane = _whoever(staff.sign_in_name)
    if not _compare(staff, typed):
        _fail(lane)
    with desk().database.writing() as session:
        if take_second_factor(session, staff_id, code, now()):
            return True
        tries.note_failure(session, lane, now())
    raise Refused


def arrive(token: str) -> Actor:
    """Who holds a session that just began; from here on this request is theirs.

    Raises Refused where the account was closed just now.
    """
    with reading() as session:
        present = accounts.presence_of(
            session, token, now=now(), idle=desk().idle, absolute=desk().absolute
        )
    if present is None:
        raise Refused
    g.presence = present
    return present.actor


def begin(response: Response, token: str, actor: Actor, before: Presence | None = None) -> Response:
    """Give the browser its session, know it from now on, and end whatever session it had."""
    browser = request.cookies.get(csrf.browser_cookie()) or tries.new_browser()
    with desk().database.writing() as session:
        if before is not None:
            accounts.end_session(session, before, now())
        tries.know_browser(session, browser, actor.person_id, now())
    csrf.set_cookie(response, csrf.session_cookie(), token)
    csrf.set_cookie(response, csrf.browser_cookie(), browser, _A_YEAR)
    return response


def open_page(path: str, actor: Actor) -> str | None:
    """The page at a path, if it is one of ours that this person's role opens."""
    endpoint = endpoint_at(path)
    asks = None if endpoint is None else door_of(endpoint, "GET")
    if asks is None or asks == PUBLIC or not may(actor, Permission(asks)):
        return None
    return page_at(path)


def asked_to_wait(page: ResponseReturnValue, wait: Wait) -> Response:
    """Put on a page for how long the browser is asked to wait."""
    response = make_response(page)
    response.headers["Retry-After"] = str(int(wait.pause.total_seconds()) + 1)
    return response


@contextmanager
def one_of_few() -> Iterator[None]:
    """Compare or hash one password, after a short wait for one's turn. Raises Refused."""
    with TURNS.aside():
        if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
            raise Refused(CROWDED)
        try:
            yield
        finally:
            _AT_ONCE.release()


def _whoever(name: str) -> tuple[Staff | None, str]:
    """Whose name it is, if anybody's, and the lane in which this browser tries it. Raises Wait."""
    with reading() as session:
        staff = accounts.staff_named(session, name[:LONGEST_NAME])
        browser = request.cookies.get(csrf.browser_cookie())
        lane = tries.lane(session, name, staff.id if staff else None, browser)
        pause = tries.wait_for(session, lane, now())
    if pause:
        raise Wait(pause)
    return staff, lane


def _compare(staff: Staff | None, typed: str) -> bool:
    with one_of_few():
        return password.password_fits(staff.password_hash if staff else None, typed)


def _fail(lane: str) -> None:
    with desk().database.writing() as session:
        tries.note_failure(session, lane, now())
    raise Refused
