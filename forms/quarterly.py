"""The quarter as slides for the region's council: wide paper, few large figures, words behind.

Counts only, made of what three months publish (`handoffs.rates.quarter`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from handoffs.rates.quarter import Quarter


@dataclass(frozen=True, kw_only=True)
class QuarterlyReport:
    """Three slides: the first figure with its six months, the others, how they are counted."""

    name: ClassVar[str] = "quarterly_report"
    title: ClassVar[str] = "退院調整の三か月"

    quarter: Quarter

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield "地域名", self.quarter.region_name
        for line in self.quarter.lines:
            yield "指標名", line.measure.label
            for words in line.measure.definition:
                yield f"{line.measure.label}の数え方", words

    def rows(self) -> int:
        """Return how many lines the tables have together."""
        return len(self.quarter.lines) * (len(self.quarter.months) + 1)
