"""One act on one stay: read the form, call the verb, lead to the page; or show the form again.

The same for every act, so that no page can save half, forget the form that was posted, or lose
what somebody typed.
"""

from collections.abc import Callable, Mapping

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import find_stay
from handoffs.errors import BadEntry, Overtaken
from handoffs.stays.stay import Stay
from web.auth import kept_draft
from web.context import acting, actor, taken_in

Errors = Mapping[str, str]


def acted(
    stay_id: int,
    act: Callable[[Session, Stay], None],
    again: Callable[[Errors], str],
    *,
    done: str,
    to: str | None = None,
) -> ResponseReturnValue:
    """Do one act on a stay and lead to its page, or to `to`.

    `again` shows the form with its errors.

    `act` reads the form and calls the verb. Raises NotVisible and NotPermitted.
    """
    location = to or url_for("stays.show", stay_id=stay_id, done=done)
    try:
        with acting() as session:
            act(session, find_stay(session, actor(), stay_id))
            taken_in(session, location)
    except BadEntry as bad:
        return again(bad.fields), 422
    except Overtaken as overtaken:
        return again({"version": overtaken.message}), 409
    return redirect(location, code=303)


def draft() -> dict[str, str]:
    """What somebody had typed when their session ran out; never an old version."""
    return {name: texts[0] for name, texts in (kept_draft() or {}).items() if name != "version"}
