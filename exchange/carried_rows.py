"""The rows of a list on their way from a preview to its import, as one text.

Between the two nothing is stored: the browser keeps the rows on its page and sends them back.
Only what the import uses goes along: the columns it knows, and of them only the rows that could
be read; of a ward list only the people whom the ward confirmed. They are read again as if they
came from the file.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from exchange.csv_file import FileRefused, Line
from exchange.heading import Heading

_ANEW = "確認した内容を読み取れません。何も取り込んでいません。もう一度ファイルを選んでください。"


class _Row(Protocol):
    @property
    def line(self) -> Line:
        """The row as it stands in the file."""


class _List(Protocol):
    @property
    def heading(self) -> Heading:
        """Where the known columns stand."""

    @property
    def rows(self) -> Sequence[_Row]:
        """The rows that could be read."""


def carried_text(listed: _List) -> str:
    """The heading and the rows, each with the number of its line in the file."""
    places = listed.heading.places
    rows = [(listed.heading.line, tuple(places))]
    rows += [
        (row.line.number, tuple(row.line.cells[at] for at in places.values()))
        for row in listed.rows
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def carried_lines(text: str) -> Iterator[Line]:
    """The lines of such a text. Raises FileRefused for one that was never made here."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise FileRefused(_ANEW) from None
    if not isinstance(rows, list):
        raise FileRefused(_ANEW)
    lines = [_line(row) for row in rows]
    return iter(lines)


def _line(row: object) -> Line:
    match row:
        case [int(number), [*cells]]:
            texts = tuple(cell for cell in cells if isinstance(cell, str))
            if len(texts) == len(cells):
                return Line(number, texts)
    raise FileRefused(_ANEW)
