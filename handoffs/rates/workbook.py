"""The month as an Excel workbook: the definitions on its first sheet, then the figures.

Made from what was taken care of by `small_numbers`, never from the screen's figures. Cells are
words and numbers; there is no formula, and text that looks like one stays text.
"""

import io

from xlsxwriter import Workbook

from handoffs.rates.cells import Sheet, sheets
from handoffs.rates.figures import MonthlyRates
from handoffs.rates.references import references

_WIDTHS = {"数え方": 90, "公表された数字": 50, "指標": 34, "内訳": 34, "確かめられていないこと": 40}


def workbook(rates: MonthlyRates) -> bytes:
    """The file, byte for byte the same for the same figures."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    # The moment of the count stands for the file's own: no clock is read here.
    book.set_properties({"created": rates.as_of.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    percent = book.add_format({"num_format": "0.0%"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets(rates, references()):
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, sheet.head, bold)
        for column, name in enumerate(sheet.head):
            page.set_column(column, column, _WIDTHS.get(name, 16))
        _fill(page, sheet, percent, wrapped)
    book.close()
    return target.getvalue()


def _fill(page: object, sheet: Sheet, percent: object, wrapped: object) -> None:
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            rate = isinstance(cell, float)
            style = percent if rate else wrapped if sheet.title != "数字" else None
            if isinstance(cell, str):
                page.write_string(number, column, cell, style)  # type: ignore[attr-defined]
            else:
                page.write_number(number, column, cell, style)  # type: ignore[attr-defined]
