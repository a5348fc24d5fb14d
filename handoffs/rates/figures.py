"""What a published figure is made of: counts, ranges, splits and the definition in words."""

from dataclasses import dataclass
from datetime import date, datetime

COUNTED, OF, UNKNOWN = "counted", "of", "unknown"
"""The counts of a figure, by which `hidden` names those that were taken out."""


@dataclass(frozen=True)
class Figure:
    """A count out of a whole, with those about whom nothing certain is known.

    The rate lies between `low` and `high`; both are None where there is nobody to count, and
    where counts were taken out for being small (`hidden` names them): they are not in here.
    """

    counted: int
    of: int
    unknown: int = 0
    hidden: frozenset[str] = frozenset()

    @property
    def low(self) -> float | None:
        """The share if no unknown case counts (0 to 1)."""
        if not self.of or COUNTED in self.hidden:
            return None
        return self.counted / self.of

    @property
    def high(self) -> float | None:
        """The share if every unknown case counts (0 to 1)."""
        if not self.of or self.hidden & {COUNTED, UNKNOWN}:
            return None
        return (self.counted + self.unknown) / self.of

    @property
    def is_hidden(self) -> bool:
        """Whether the rate cannot be shown because a count was taken out."""
        return bool(self.hidden & {COUNTED, OF})


@dataclass(frozen=True)
class Row:
    """One line of a cut, such as 要支援 or one hospital. `key` stays where the label changes."""

    label: str
    figure: Figure
    key: str = ""


@dataclass(frozen=True)
class Cut:
    """A figure split by one property; the rows add up to the whole.

    note: why there are no rows, or not all of them.
    """

    label: str
    rows: tuple[Row, ...]
    id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """One published figure of a month, with its definition in words.

    complement: what 100 % less this rate is called; empty where it has no name. spread: the
    groups of an answer that is not yes or no, with `middle`, its median in words; such a
    figure has a total and no rate. beside_hidden: the counts beside it were taken out. inside:
    it is for the health centre and for both sides alone, and never leaves.
    """

    id: str
    label: str
    definition: tuple[str, ...]
    total: Figure
    cuts: tuple[Cut, ...]
    beside: tuple[tuple[str, int], ...]
    complement: str = ""
    spread: tuple[tuple[str, int], ...] = ()
    middle: str = ""
    digest: str = ""
    event: str = ""
    beside_hidden: bool = False
    inside: bool = False


@dataclass(frozen=True)
class MonthlyRates:
    """All figures of one region and month, as they stood at `as_of`.

    others: figures that stand on the page after the three of the region's agreement.
    trend_label: what the six months are of. digest: of the close, where these figures are
    those that were frozen; `as_of` is then the moment of the close.
    """

    region: str
    region_name: str
    month: date
    as_of: datetime
    provisional: bool
    measures: tuple[Measure, ...]
    trend: tuple[tuple[date, Figure], ...]
    others: tuple[Measure, ...] = ()
    trend_label: str = "退院調整もれ率"
    digest: str = ""
