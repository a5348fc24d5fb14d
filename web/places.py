"""Which pages of ours a path means: the only paths that a browser is ever sent to.

A path that came from outside is never used as it is. It is matched against the URL map and
built anew from what matched, so that no address of another site survives.
"""

from typing import Any

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_LONGEST = 200


def page_at(path: str) -> str | None:
    """The page of ours at a path, written by us; None where there is none to show."""
    found = _match(path)
    return None if found is None else url_for(found[0], **found[1])


def page_of(path: str) -> str | None:
    """The page that a form posting to `path` stands on: that path, or the nearest above it."""
    while path:
        page = page_at(path)
        if page is not None:
            return page
        path = path.rpartition("/")[0]
    return None


def endpoint_at(path: str) -> str | None:
    """The endpoint behind the page at a path; None where there is none."""
    found = _match(path)
    return None if found is None else found[0]


def takes_at(path: str) -> str | None:
    """The endpoint that takes what is posted to a path; None where nothing does."""
    found = _match(path, "POST")
    return None if found is None else found[0]


def taking_at(path: str) -> str | None:
    """A path of ours that takes what is posted to it, written by us; None where nothing does."""
    found = _match(path, "POST")
    return None if found is None else url_for(found[0], **found[1])


def _match(path: str, method: str = "GET") -> tuple[str, dict[str, Any]] | None:
    if not path.startswith("/") or len(path) > _LONGEST:
        return None
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, values = adapter.match(path, method=method)
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint == "static" else (endpoint, dict(values))
