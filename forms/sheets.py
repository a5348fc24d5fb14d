"""What can be printed: a sheet that is filled in, or the month's report.

A sheet holds what is known and nothing else. The もれ率月報 alone is no form to fill in and has a
template of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forms.downtime import DowntimeKit
from forms.filled import FilledSheet
from forms.guide import RoleGuide
from forms.quarterly import QuarterlyReport
from forms.yearly_sheet import YearlySheet
from handoffs.rates.figures import MonthlyRates

LONGEST_TEXT = 4_000
"""Characters of one field. A report of 2,000 fits twice; a pasted chart does not."""

MOST_ROWS = 200
"""Rows of a sheet; laying out a table takes about 4 ms a row."""


@dataclass(frozen=True, kw_only=True)
class MissedCoordinationReport:
    """もれ率月報: the three figures of a region and month, for its health centre.

    Counts only. It leaves the health centre: whoever makes it has taken out what is small
    (`handoffs.rates.published`), and the sheet says so.
    """

    name: ClassVar[str] = "missed_coordination_report"
    title: ClassVar[str] = "退院調整もれ率 月報"

    rates: MonthlyRates

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield "地域名", self.rates.region_name
        for measure in self.rates.measures:
            yield "指標名", measure.label
            for words in measure.definition:
                yield f"{measure.label}の数え方", words
            for label, _ in measure.beside:
                yield f"{measure.label}の欄外", label
            for cut in measure.cuts:
                yield f"{measure.label}の内訳", cut.label
                for row in cut.rows:
                    yield f"{measure.label}の内訳({cut.label})", row.label

    def rows(self) -> int:
        """Return how many lines the tables have together."""
        return sum(len(cut.rows) for measure in self.rates.measures for cut in measure.cuts)


Sheet = (
    FilledSheet | MissedCoordinationReport | QuarterlyReport | YearlySheet | DowntimeKit | RoleGuide
)
