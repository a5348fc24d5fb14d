"""年報: one fiscal year of a region on paper, with the handbook's list and the region's goals.

Counts only. It leaves the health centre: whoever makes it has taken out what is small
(`handoffs.rates.yearly.report.published_year`), and a report that was not is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forms.errors import SheetError
from handoffs.rates.yearly.report import YearlyReport


@dataclass(frozen=True, kw_only=True)
class YearlySheet:
    """The report of one fiscal year. Raises SheetError for one that may not leave."""

    name: ClassVar[str] = "yearly_report"
    title: ClassVar[str] = "入退院支援 年報"

    report: YearlyReport

    def __post_init__(self) -> None:
        """Refuse a report in which small counts still stand."""
        if not self.report.leaves:
            raise SheetError("小さな件数を除いていない年報は印刷できません。")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield "地域名", self.report.region_name
        for line in self.report.indicators:
            yield "指標の地域", line.place
            for _, figure in line.figures:
                if figure is not None:
                    yield f"{line.indicator.label}の出典", figure.source
                    yield f"{line.indicator.label}の数え方", figure.definition
        for series in self.report.own:
            for words in series.definition:
                yield f"{series.indicator.label}の数え方", words
        for goal in self.report.goals:
            for text in (goal.goal, goal.target, goal.measures, goal.result, goal.next_step):
                yield f"目標{goal.number}", text
        for baseline in self.report.baselines:
            yield "基準値", f"{baseline.definition}{baseline.source}"

    def rows(self) -> int:
        """Return how many lines the tables have together."""
        report = self.report
        return len(report.indicators) + len(report.own) + 5 * len(report.goals)
