"""What every response tells the browser: load nothing of others, keep nothing, guess nothing."""

from flask import Flask, Response, request

from web import csrf
from web.context import desk

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it browsers send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


STRICTER = {"Referrer-Policy"}
"""Headers that a page may set for itself: one whose address is a secret tells it to nobody."""


def head(app: Flask) -> None:
    """Put the headers on every response of an application."""
    app.after_request(_head)
    app.after_request(csrf.keep_visit)


def _head(response: Response) -> Response:
    own = {name: response.headers[name] for name in STRICTER if name in response.headers}
    response.headers.update(HEADERS | own)
    if desk().secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
