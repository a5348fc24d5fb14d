"""What a reader of a month chooses, and what its council decided: the words of one asking.

The same words for counting a month, showing it and publishing it. Counts nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Required, TypedDict

from handoffs.rates.cuts import CUTS, CutBy, NoCut, cuts_called
from rules.kinds import Labelled


class Over(Labelled):
    """Times that a figure can be set side by side over."""

    MONTHS = "month", "月"
    YEARS = "year", "年度"


class Showing(TypedDict, total=False):
    """How a region's months are shown.

    With `hospital_names` false the hospitals are shown as 病院A, 病院B …: a comparison by name
    is for the region's council to decide. `closes_on` is the day of the next month on which a
    month closes, None for its last open day.
    """

    region_name: Required[str]
    hospital_names: Required[bool]
    closes_on: int | None
    now: Required[datetime]


class Choices(Showing, total=False):
    """The same, with what a reader asks for.

    `definition` asks for one figure by its name, also another region's, `by` for ways to split
    instead of those that stand unasked, `over` for months and years side by side.
    """

    definition: str
    by: Sequence[CutBy]
    over: Sequence[Over]


@dataclass(frozen=True)
class Asking:
    """One month that is asked for, with every choice made."""

    region: str
    month: date
    region_name: str
    hospital_names: bool
    now: datetime
    closes_on: int | None = None
    definition: str = ""
    by: Sequence[CutBy] = ()
    over: Sequence[Over] = ()


def split_words(words: Sequence[str]) -> tuple[tuple[CutBy, ...], tuple[Over, ...]]:
    """Find ways to split and times to go through by their words; NoCut names those there are."""
    times = {one.value: one for one in Over}
    for word in words:
        if word not in CUTS and word not in times:
            known = "、".join([*CUTS, *times])
            raise NoCut(f"「{word}」という分け方はありません。あるのは {known} です。")
    over = dict.fromkeys(times[word] for word in words if word in times)
    return cuts_called([word for word in words if word in CUTS]), tuple(over)
