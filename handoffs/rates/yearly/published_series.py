"""Yearly series that another area published: an example beside one's own, never a yardstick.

Read from `series/*.yaml`, only what was read in a source; a mistake is answered with file and
line. Claims show what was billed, not what was done: it is said beside every series.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from handoffs.rates.definition_file import DefinitionError
from handoffs.rates.yearly.indicators import Indicator, Unit
from rules.reading.document import Entry, read

FOLDER = Path(__file__).resolve().parent / "series"
_KEYS = ("region", "source", "definition", "unverified", "figures")
_OLDEST, _NEWEST = 2000, 2100


@dataclass(frozen=True)
class Line:
    """One indicator of one area, a value for each fiscal year from `first` on, as printed."""

    indicator: Indicator
    unit: Unit
    place: str
    first: int
    values: tuple[str, ...]

    def of_year(self, year: int) -> str:
        """The value of a fiscal year as it was printed; empty where there is none."""
        place = year - self.first
        return self.values[place] if 0 <= place < len(self.values) else ""


@dataclass(frozen=True)
class Series:
    """What one publication holds."""

    region: str
    source: str
    definition: str
    unverified: str
    lines: tuple[Line, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Every fiscal year of which some line has a value."""
        found = {line.first + n for line in self.lines for n in range(len(line.values))}
        return tuple(sorted(found))


@lru_cache(maxsize=1)
def published_series(folder: Path = FOLDER) -> tuple[Series, ...]:
    """Read them all; DefinitionError at the first line that is not understood."""
    return tuple(_series(file) for file in sorted(folder.glob("*.yaml")))


def _series(file: Path) -> Series:
    entry, _ = read(file, DefinitionError)
    lines = entry.mapping(known=_KEYS, required=_KEYS)
    return Series(
        region=lines["region"].text(),
        source=lines["source"].text(),
        definition=lines["definition"].text(),
        unverified=lines["unverified"].text(),
        lines=tuple(_line(each) for each in lines["figures"].items()),
    )


def _line(entry: Entry) -> Line:
    keys = ("indicator", "unit", "place", "from", "values")
    lines = entry.mapping(known=keys, required=keys)
    return Line(
        indicator=Indicator(lines["indicator"].word(tuple(Indicator))),
        unit=Unit(lines["unit"].word(tuple(Unit))),
        place=lines["place"].text(),
        first=lines["from"].number(_OLDEST, _NEWEST),
        values=tuple(each.text() for each in lines["values"].items()),
    )
