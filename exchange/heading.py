"""The heading of a table: which column stands where.

Names are matched whatever their width, spaces and order, and by a few other names that systems
use. A column that is missing or stands twice refuses the file, because a guess would put one
person's words under another's heading. Names of columns that nobody asked for are never
repeated: in a file without a heading they would be somebody's data.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exchange.csv_file import FileRefused, Line

REASON = "理由"
"""The column that a file of rejected rows carries in front; ignored when it is read."""

_FEWEST = 2
"""How many names must be known before a row is taken for the heading."""

_LOOK_AT = 10
"""Among how many rows the heading is looked for: some systems print a title above it."""


@dataclass(frozen=True)
class Column:
    """A column by its name, the other names it goes by, and whether it must be there."""

    name: str
    also: tuple[str, ...] = ()
    mandatory: bool = False


@dataclass(frozen=True, repr=False)
class Heading:
    """Where the known columns stand. `cells` are the heading's words without the reason's."""

    line: int
    cells: tuple[str, ...]
    places: dict[str, int]
    reasons: frozenset[int]

    @property
    def unused(self) -> int:
        """How many columns of the file nobody asked for."""
        return len(self.cells) - len(self.places)

    def own(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The cells of a row without the reason, as they were before they were neutralised."""
        kept = tuple(cell for at, cell in enumerate(cells) if at not in self.reasons)
        return tuple(woken(cell) for cell in kept) if self.reasons else kept


def woken(cell: str) -> str:
    """Take back the apostrophe that a file of rejected rows puts before a cell."""
    return cell.removeprefix("'")


def fold(name: str) -> str:
    """Bring a column's name to the form in which names are compared."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def heading_of(lines: Iterator[Line], columns: Sequence[Column]) -> Heading:
    """Take the heading off the front of a table.

    Raises:
        FileRefused: there is none, a column that must be there is missing, or one stands twice.
    """
    known = {fold(name): column.name for column in columns for name in (column.name, *column.also)}
    for line in itertools.islice(lines, _LOOK_AT):
        heading, twice = _read(line, known)
        if len(heading.places) >= _FEWEST:
            _refuse_twice(line, twice)
            _refuse_missing(heading, columns)
            return heading
    names = "、".join(column.name for column in columns if column.mandatory)
    raise FileRefused(
        f"見出しの行が見つかりません。一行目に {names} と書き、コンマで区切ってください。"
    )


def _read(line: Line, known: dict[str, str]) -> tuple[Heading, list[str]]:
    reasons = frozenset(at for at, cell in enumerate(line.cells) if fold(cell) == REASON)
    bare = Heading(line.number, (), {}, reasons)
    cells = bare.own(line.cells)
    places: dict[str, int] = {}
    twice = []
    for at, cell in enumerate(cells):
        name = known.get(fold(cell))
        if name is not None and name in places:
            twice.append(name)
        elif name is not None:
            places[name] = at
    return Heading(line.number, cells, places, reasons), twice


def _refuse_twice(line: Line, twice: list[str]) -> None:
    if twice:
        raise FileRefused(
            f"「{twice[0]}」の列が二つあります。使わないほうの列を消してください。", line.number
        )


def _refuse_missing(heading: Heading, columns: Sequence[Column]) -> None:
    missing = [c.name for c in columns if c.mandatory and c.name not in heading.places]
    if missing:
        raise FileRefused(
            f"列がありません: {'、'.join(missing)}。見出しの名前を確かめ、列を足してください。",
            heading.line,
        )
