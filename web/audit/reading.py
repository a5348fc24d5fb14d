"""The one door through which every answer goes: whom it shows is written down before it is sent.

A page does not say whom it shows; it may say what kind of reading it was (`note_read`). Whoever was
loaded while it was made is entered with it, in one row however long the list is. An answer that
cannot be written down is not sent.
"""

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from handoffs.audit import loaded
from handoffs.history import Act, record
from web.context import Noted, desk, now, presence_or_none

_REDIRECTS = range(300, 400)
_REFUSED = {403, 404, 405, 413, 429}
_BROKEN = 500


def stand_around(app: Flask) -> None:
    """Gather whom every request of an application loads, and write it down."""
    app.before_request(_begin)
    app.after_request(_write)
    app.teardown_request(_stop)


def _begin() -> None:
    g.loaded = loaded.begin()


def _stop(_error: BaseException | None) -> None:
    loaded.stop()


def _write(response: Response) -> Response:
    noted: list[Noted] = g.pop("noted", [])
    shown = _shown(response)
    names = shown.names()
    if names and not noted:
        noted = [_unsaid(shown)]
    if not noted:
        return response
    present = presence_or_none()
    by = present.actor if present else None
    # With the first that is about nobody in particular: a list names those whom it shows.
    bearer = next((one for one in noted if one.stay_id is None), noted[0])
    try:
        with desk().database.writing() as session:
            for one in noted:
                # A row that names one stay and showed nobody else says it all.
                alone = names == f",{one.stay_id},"
                record(
                    session,
                    by,
                    one.act,
                    now=now(),
                    stay_id=one.stay_id,
                    detail=one.detail,
                    shown=names if names and one is bearer and not alone else None,
                    page=request.endpoint,
                )
    except SQLAlchemyError as error:
        # Flask has no page for what goes wrong so late, and would answer with its own 500.
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _shown(response: Response) -> loaded.Loaded:
    """Whom an answer shows: nobody where it leads elsewhere, refuses or broke."""
    status = response.status_code
    gathered: loaded.Loaded | None = g.pop("loaded", None)
    if gathered is None or status in _REDIRECTS or status in _REFUSED or status >= _BROKEN:
        return loaded.Loaded()
    return gathered


def _unsaid(shown: loaded.Loaded) -> Noted:
    """What a page is entered as that said nothing of itself: about one stay, or a list."""
    if request.view_args and len(shown.stays) == 1:
        return Noted(Act.STAY_READ, next(iter(shown.stays)), None)
    return Noted(Act.STAY_LIST, None, None)
