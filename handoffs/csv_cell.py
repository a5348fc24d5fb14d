"""Cells as a spreadsheet may open them: what it would run as a formula is made text.

Full-width signs too: Excel in Japanese takes ＝ for = when somebody edits the cell. The apostrophe
in front is the spreadsheets' own mark for text. Whatever this product writes as CSV goes through
here; files that are read back have their own way (`exchange.rejected_file`).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TypeVar

_SIGNS = tuple("=+-@＝＋－＠−")
_BREAKS = ("\t", "\r", "\n", "\0")

Value = TypeVar("Value")


def harmless(cell: Value) -> Value | str:
    """Return a cell that no spreadsheet runs; numbers and other values as they are."""
    if not isinstance(cell, str):
        return cell
    wakes = cell.startswith(_BREAKS) or cell.lstrip().startswith(_SIGNS)
    return f"'{cell}" if wakes else cell


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a file that Excel opens as it is: a head, and harmless cells."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")
