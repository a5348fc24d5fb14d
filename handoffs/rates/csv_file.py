"""The month as CSV that Excel opens as it is: UTF-8 with a byte order mark, one row a figure.

A cell that a spreadsheet would take for a formula is written as text.
"""

import csv
import io

from handoffs.csv_cell import harmless
from handoffs.rates.cells import HEAD, lines, notes
from handoffs.rates.figures import MonthlyRates


def csv_file(rates: MonthlyRates) -> bytes:
    """The file with every figure, and how each is counted in the last column of its total."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*HEAD, "数え方"])
    words = {m.label: "".join(m.definition) for m in (*rates.measures, *rates.others)}
    for line in lines(rates):
        said = words.get(str(line[3]), "") if line[4] == "合計" else ""
        writer.writerow([harmless(cell) for cell in (*line, said)])
    for note in notes(rates):
        writer.writerow([harmless(note)])
    return target.getvalue().encode("utf-8-sig")
