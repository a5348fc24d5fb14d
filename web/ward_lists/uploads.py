"""What a browser sends of a list: the file, and after the preview the rows that it may keep.

For ward lists and for client rosters.

A file stays in memory and is gone with its request. No larger one is taken than the server holds
there without a file of its own on the disk.
"""

from flask import Flask, request

from exchange.csv_file import FileRefused

LARGEST = 480 * 1000
"""Bytes of one file. Werkzeug puts what is above 500 KiB on the disk; 2,000 people have less."""

FILE, ROWS, DIFFERENT = "file", "rows", "different"
"""The file; the rows that a preview hands on; the lines that the ward says are somebody new."""

_ROOM = 16 * 1024
_FILES = {"ward_lists.previewed", "rosters.previewed"}
_CARRIED = {"ward_lists.imported", "rosters.imported"}
"""Where a file is sent, and where the rows of a preview come back."""

_PARTS = 1_000_000
"""Bytes of a posted preview: 200 rows of the longest words."""


def take_larger_posts(app: Flask) -> None:
    """Let these addresses take more than a form; before the gate reads any."""

    @app.before_request
    def _larger() -> None:
        if request.method == "POST" and request.endpoint in _FILES:
            request.max_content_length = LARGEST + _ROOM
        if request.method == "POST" and request.endpoint in _CARRIED:
            request.max_content_length = request.max_form_memory_size = _PARTS


def uploaded() -> bytes:
    """The bytes of the file that was sent. Raises FileRefused where there is none, or too much."""
    file = request.files.get(FILE)
    content = file.read(LARGEST + 1) if file else b""
    if not content:
        raise FileRefused("ファイルを選んでください。空のファイルは取り込めません。")
    if len(content) > LARGEST:
        raise FileRefused("480KBを超えています。病棟ごとなどに分けて取り込んでください。")
    return content


def lines_ticked() -> frozenset[int]:
    """The lines that the ward says are people of their own; what is no number is nobody's."""
    return frozenset(
        int(text) for text in request.form.getlist(DIFFERENT) if text.isascii() and text.isdigit()
    )
