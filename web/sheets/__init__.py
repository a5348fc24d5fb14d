"""Sheets in the browser: written, checked, printed, sent, and looked at again.

`composing` puts a sheet together, `typed` reads what was posted, `page` shows it; every other
module is a page or an act of its own. What a browser posts is read here; what a sheet is, is in
`forms`, and what was written is kept by `handoffs.sheets`.
"""

from web.sheets import (  # noqa: F401 - each import adds its routes.
    entry,
    lists,
    plans,
    prints,
    reservations,
    sending,
    versions,
)
from web.sheets.blueprint import pages

__all__ = ["pages"]
