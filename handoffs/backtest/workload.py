"""What an edition means in notices a day: for each ward, for each office, and on the worst days.

A notice is a handoff that is owed. It falls on its last permitted day, else on the day that the
paper would rather see, else on the day on which its work can begin; without any of these it
has no day and is counted apart. That is when the rule asks for it, not when people did it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules import Calendar

MONDAY = 0
LONG_CLOSURE = 3
"""Closed days in a row after which the next open day is one of those after a long closure."""


@dataclass(frozen=True)
class Peak:
    """The notices of some days: how many such days, how many notices, and the most on one."""

    days: int
    notices: int
    most: int

    @property
    def a_day(self) -> float | None:
        """The mean of those days, None where there is no such day."""
        return self.notices / self.days if self.days else None

    def as_json(self) -> dict[str, object]:
        """Lay it out for JSON."""
        return {"days": self.days, "notices": self.notices, "most": self.most, "a_day": self.a_day}


@dataclass(frozen=True)
class Load:
    """The notices of one ward or office over a period. undated: those that have no day."""

    all_days: Peak
    mondays: Peak
    after_closures: Peak
    undated: int

    @property
    def notices(self) -> int:
        """All notices, with a day and without; those outside of the period are not among them."""
        return self.all_days.notices + self.undated

    def as_json(self) -> dict[str, object]:
        """Lay it out for JSON."""
        return {
            "notices": self.notices,
            "undated": self.undated,
            "all_days": self.all_days.as_json(),
            "mondays": self.mondays.as_json(),
            "after_closures": self.after_closures.as_json(),
        }


@dataclass(frozen=True)
class Period:
    """The days of a back-test, and which of them follow a long closure."""

    first: date
    last: date
    after_closures: frozenset[date]

    @classmethod
    def of(cls, first: date, last: date, calendar: Calendar) -> "Period":
        """Find the first open day after each closure of three days or more."""
        found = set()
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            before = [day - timedelta(days=back) for back in range(1, LONG_CLOSURE + 1)]
            if calendar.is_open(day) and not any(calendar.is_open(each) for each in before):
                found.add(day)
        return cls(first, last, frozenset(found))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the period."""
        return tuple(
            self.first + timedelta(days=number)
            for number in range((self.last - self.first).days + 1)
        )

    def load(self, notices: Mapping[date | None, int]) -> Load:
        """Read the notices of one ward or office by day."""
        mondays = [day for day in self.days if day.weekday() == MONDAY]
        return Load(
            _peak(self.days, notices),
            _peak(mondays, notices),
            _peak(self.after_closures, notices),
            notices.get(None, 0),
        )


def _peak(days: Iterable[date], notices: Mapping[date | None, int]) -> Peak:
    counts = [notices.get(day, 0) for day in days]
    return Peak(len(counts), sum(counts), max(counts, default=0))


class Notices:
    """Counts the notices of wards, or of offices, by day."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counted: dict[int, Counter[date | None]] = {}

    def add(self, whose: int, day: date | None) -> None:
        """Count one notice."""
        self._counted.setdefault(whose, Counter())[day] += 1

    def of(self, whose: int) -> Mapping[date | None, int]:
        """Look up the notices of one ward or office."""
        return self._counted.get(whose, Counter())

    @property
    def known(self) -> frozenset[int]:
        """Every ward or office that has notices."""
        return frozenset(self._counted)
