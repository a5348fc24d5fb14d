"""Style sheets, scripts and drawings are sent compressed; pages are not.

A page holds the marks that its forms are known by beside words that somebody else may have chosen,
and how well it compresses would tell about both. A static file holds no secret.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_TEXTS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
_OK = 200


def pack_static_files(app: Flask) -> None:
    """Compress what the static folder sends, for browsers that ask for it."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if request.endpoint != "static" or response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    asked = request.accept_encodings["gzip"] > 0
    if not asked or response.status_code != _OK or "Content-Range" in response.headers:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    response.close()  # The open file, whose content is at hand now.
    response.set_data(_packed(content))
    response.headers["Content-Encoding"] = "gzip"
    # The mark of the file as it lies on disk is not that of what was sent.
    response.headers.pop("ETag", None)
    return response


@lru_cache(maxsize=64)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
