"""One line of JSON on stderr for each request: who, which route, what came of it, how long.

The route is the rule, never the path; nothing that was typed and no text of an error is
written, because both can name a person.
"""

import json
import logging
import secrets
import sys
import time
import traceback
from pathlib import Path

from flask import Flask, Response, g, request

from web.context import presence_or_none

LOGGER = logging.getLogger("web.requests")
_ROOT = Path(__file__).resolve().parent.parent


class _Stderr(logging.Handler):
    """Write each line to stderr as it is at that moment; a stream that was kept may be closed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(f"{record.getMessage()}\n")
            sys.stderr.flush()
        except OSError:
            return  # The disk is full: a line is lost, and the page still says what to do.


def keep(app: Flask) -> None:
    """Write a line for each request of an application."""
    if not LOGGER.handlers:
        LOGGER.addHandler(_Stderr())
        LOGGER.setLevel(logging.INFO)
    app.before_request(_start)
    app.after_request(_write)


def note_error(error: BaseException) -> None:
    """Add the kind of an error and where it came from to this request's line."""
    g.error = {
        "error": type(error).__qualname__,
        "at": [
            f"{_short(frame.filename)}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    }


def request_id() -> str:
    """The id of this request, which an error page shows and the line repeats."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    found: str = g.request_id
    return found


def _start() -> None:
    g.started = time.perf_counter()


def _write(response: Response) -> Response:
    present = presence_or_none()
    line = {
        "request": request_id(),
        "staff": present.actor.staff_id if present else None,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000),
        **g.get("error", {}),
    }
    LOGGER.log(
        logging.ERROR if response.status_code >= 500 else logging.INFO,  # noqa: PLR2004
        json.dumps(line, ensure_ascii=False),
    )
    return response


def _short(filename: str) -> str:
    """A file as it stands in the tree, or its bare name: paths of a machine are nobody's."""
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
