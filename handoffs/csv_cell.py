"""A cell as a spreadsheet may open it: what it would run as a formula is made text.

Full-width signs too: Excel in Japanese takes ＝ for = when somebody edits the cell. The apostrophe
in front is the spreadsheets' own mark for text. Whatever this product writes as CSV goes through
here; files that are read back have their own way (`exchange.rejected_file`).
"""

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
