"""Printed sheets (様式): what leaves the house on paper, as PDF.

A sheet is data: a definition (fields, choices, blocks) read from YAML, and a `FilledSheet` with
the answers. `render` turns it into the bytes of an A4 PDF, black and white, fit for a FAX.
"forms" means printed sheets only: what a browser posts is an *input* and lives in
`web/inputs.py`.

Beside the sheets stand what paper and screen share: `handoffs.era` reads and writes Japanese
dates, `forms.chart` draws the six months as SVG.

This package knows handoffs. It knows no request, opens no database and reads no clock.
"""

from forms import printer
from forms.catalogue import Catalogue, catalogue
from forms.definition import NOTICE, Definition
from forms.errors import DefinitionError, FontError, FormsError, PdfError, SheetError
from forms.filled import FilledSheet
from forms.mask import Mask
from forms.quarterly import QuarterlyReport
from forms.sheets import LONGEST_TEXT, MOST_ROWS, MissedCoordinationReport, Sheet
from forms.yearly_sheet import YearlySheet

__all__ = [
    "NOTICE",
    "Catalogue",
    "Definition",
    "DefinitionError",
    "FilledSheet",
    "FontError",
    "FormsError",
    "Mask",
    "MissedCoordinationReport",
    "PdfError",
    "QuarterlyReport",
    "Sheet",
    "SheetError",
    "YearlySheet",
    "archived",
    "catalogue",
    "render",
    "render_together",
]


def render(sheet: Sheet) -> bytes:
    """Print a sheet: return the bytes of its PDF.

    Takes about half a second of one core, in a process of its own; renderings queue, one at a
    time on a machine. The same sheet gives the same bytes.

    Raises:
        PdfError: a text is too long, a character has no glyph, or the sheet cannot be printed
            whole. The message names the field, never its contents.
        FontError: the font has not been made (`python -m forms font`).
    """
    return printer.pdf(_checked(sheet))


def archived(sheet: Sheet) -> bytes:
    """Print a sheet as PDF/A-3, tagged, to be kept for years. Raises as `render`."""
    return printer.archive(_checked(sheet))


def render_together(*sheets: FilledSheet) -> bytes:
    """Print several sheets as one PDF, numbered through, as they leave in one FAX.

    Raises:
        PdfError, FontError: as `render`.
    """
    from forms import markup  # noqa: PLC0415

    for sheet in sheets:
        check(sheet)
    return printer.pdf(markup.together(*sheets))


def check(sheet: Sheet) -> None:
    """Refuse what cannot be laid out, before anything is. Raises as `render`."""
    # Imported at the first sheet: whoever only reads a date or draws the chart needs no font.
    from forms import glyphs  # noqa: PLC0415

    if sheet.rows() > MOST_ROWS:
        raise PdfError(f"行が多すぎます({MOST_ROWS}行まで)。分けて印刷してください。")
    for label, text in sheet.texts():
        if len(text) > LONGEST_TEXT:
            raise PdfError(f"「{label}」が長すぎます({LONGEST_TEXT}文字まで)。短くしてください。")
    glyphs.check_texts(sheet.texts())


def _checked(sheet: Sheet) -> str:
    """Return the HTML of a sheet that can be laid out."""
    from forms import markup  # noqa: PLC0415

    check(sheet)
    return markup.html(sheet)
