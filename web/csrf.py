"""Whether a posted form comes from a page of ours, shown to the same person.

Three marks, and all must be right: the browser's own word on where the request comes from,
the session's form token, and a form id of the right shape. Before anybody is signed in the
token belongs to the visit, which is a cookie of its own.
"""

import re
import secrets

from flask import Response, g, request
from sqlmodel import Session, select

from handoffs.accounts import SignedIn, digest
from web.context import desk, now, presence_or_none

_FORM_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SAME = {"same-origin", "none"}


def session_cookie() -> str:
    """The name of the cookie that holds a session's token."""
    return _cookie("tsunagi")


def visit_cookie() -> str:
    """The name of the cookie that marks a visit before sign-in."""
    return _cookie("tsunagi-visit")


def link_cookie() -> str:
    """The name of the cookie of a browser in which a link without sign-in was opened."""
    return _cookie("tsunagi-link")


def browser_cookie() -> str:
    """The name of the cookie by which a browser where people sign in is known again."""
    return _cookie("tsunagi-browser")


def _cookie(name: str) -> str:
    return f"__Host-{name}" if desk().secure else name


def new_form_id() -> str:
    """Draw the id of one showing of one form."""
    return secrets.token_urlsafe(16)


def form_token() -> str:
    """What the forms of this page carry: the session's token, or the visit's."""
    present = presence_or_none()
    if present is not None:
        return present.form_token
    visit = request.cookies.get(visit_cookie()) or g.get("visit")
    if not visit:
        visit = g.visit = secrets.token_urlsafe(24)
    return digest(visit)


def keep_visit(response: Response) -> Response:
    """Give the browser the visit whose token stands in a form of this page."""
    if "visit" in g:
        set_cookie(response, visit_cookie(), g.visit)
    return response


def set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot use; seconds, or the visit."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        secure=desk().secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def comes_from_us() -> bool:
    """Whether the browser, as far as it says, sends this from a page of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _SAME:
        return False
    ours = {desk().public_origin, f"{request.scheme}://{request.host}"}
    return request.headers.get("Origin") in {None, *ours}


def is_well_formed() -> bool:
    """Whether what was posted can be a form of ours: an id, and text that can be stored."""
    if not _FORM_ID.fullmatch(request.form.get("form_id", "")):
        return False
    # No browser types a NUL, and PostgreSQL keeps none.
    return not any("\0" in part for pair in request.form.items(multi=True) for part in pair)


def token_fits(session: Session) -> bool:
    """Whether the posted token belongs to this person or, signed out, to this browser.

    A token of an earlier session of the same person fits too: somebody who signed in again
    in a second tab must not lose what stands in the first.
    """
    posted = request.form.get("form_token", "")
    present = presence_or_none()
    if present is None:
        visit = request.cookies.get(visit_cookie())
        of_visit = visit is not None and _equal(posted, digest(visit))
        return of_visit or token_fits_ended(session, posted)
    if _equal(posted, present.form_token):
        return True
    earlier = session.exec(
        select(SignedIn).where(
            SignedIn.staff_id == present.actor.staff_id, SignedIn.form_token == posted
        )
    ).first()
    return earlier is not None and now() - earlier.started_at <= desk().absolute


def token_fits_ended(session: Session, posted: str) -> bool:
    """Whether the token is that of the session which ran out in this browser."""
    row = session.get(SignedIn, digest(request.cookies.get(session_cookie(), "")))
    return row is not None and row.ended_at is None and _equal(posted, row.form_token)


def _equal(posted: str, expected: str) -> bool:
    # compare_digest refuses text beyond ASCII; bytes it takes.
    return secrets.compare_digest(posted.encode(), expected.encode())
