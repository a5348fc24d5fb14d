"""The month as CSV that Excel opens as it is: UTF-8 with a byte order mark, one row a figure.

A cell that a spreadsheet would take for a formula is written as text.
"""

from handoffs.csv_cell import csv_of
from handoffs.rates.cells import HEAD, lines, notes
from handoffs.rates.figures import MonthlyRates


def csv_file(rates: MonthlyRates) -> bytes:
    """The file with every figure, and how each is counted in the last column of its total."""
    words = {m.label: "".join(m.definition) for m in (*rates.measures, *rates.others)}
    told = [
        (*line, words.get(str(line[3]), "") if line[4] == "合計" else "") for line in lines(rates)
    ]
    return csv_of([*HEAD, "数え方"], [*told, *((note,) for note in notes(rates))])
