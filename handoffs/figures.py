"""What a published figure is made of: counts, ranges, splits and the definition in words."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Figure:
    """A count out of a whole, with those about whom nothing certain is known.

    The rate lies between `low` and `high`; both are None where there is nobody to count.
    """

    counted: int
    of: int
    unknown: int = 0

    @property
    def low(self) -> float | None:
        """The share if no unknown case counts (0 to 1)."""
        return self.counted / self.of if self.of else None

    @property
    def high(self) -> float | None:
        """The share if every unknown case counts (0 to 1)."""
        return (self.counted + self.unknown) / self.of if self.of else None


@dataclass(frozen=True)
class Row:
    """One line of a cut, such as 要支援 or one hospital."""

    label: str
    figure: Figure


@dataclass(frozen=True)
class Cut:
    """A figure split by one property; the rows add up to the whole."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Measure:
    """One published figure of a month, with its definition in words."""

    id: str
    label: str
    definition: tuple[str, ...]
    total: Figure
    cuts: tuple[Cut, ...]
    beside: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class MonthlyRates:
    """All figures of one region and month, as they stood at `as_of`."""

    region: str
    region_name: str
    month: date
    as_of: datetime
    provisional: bool
    measures: tuple[Measure, ...]
    trend: tuple[tuple[date, Figure], ...]
