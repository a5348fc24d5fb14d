"""What a sheet's fields are: their kinds, their choices, their places in rows and blocks.

A sheet's body is data of these types, read from its definition, so that order, wording and
blanks stand in one place and the template only draws them. Nothing here is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SHORT_LINES = 4
"""Lines of a block that is not divided between two pages."""


class Kind(StrEnum):
    """What may be written into a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO_UNKNOWN = "yes_no_unknown"
    ROWS = "rows"
    CODE = "code"
    """The case code: capital letters, digits and hyphens, so that a QR code can carry it."""

    @property
    def is_chosen(self) -> bool:
        """Whether the field is boxes to tick."""
        return self in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO_UNKNOWN}

    @property
    def is_written(self) -> bool:
        """Whether the field is words of any kind."""
        return self in {Kind.TEXT, Kind.LONG_TEXT}


class Personal(StrEnum):
    """What a field tells about a person, which a mask or 所在秘匿 takes off the sheet."""

    NAME = "name"
    KANA = "kana"
    BIRTH = "birth"
    NUMBER = "number"
    WHEREABOUTS = "whereabouts"
    CITY = "city"
    AGE = "age"
    RELATIVE = "relative"


class Style(StrEnum):
    """How a block is set."""

    TABLE = "table"
    DATES = "dates"
    """Days and the case code beside the title."""
    PLAIN = "plain"
    """Fields and sentences across the page, without lines around."""
    NOTICE = "notice"
    """Sentences in a frame."""
    QR = "qr"
    """The case code, large and as QR code."""
    FEE = "fee"
    """Into which class of 退院・退所加算 the hearing log falls, and why."""


@dataclass(frozen=True)
class Option:
    """One box to tick, with room of `blank` millimetres for words: 有(  本くらい/日).

    `hint` stands before that room and `unit` behind it, both inside the brackets.
    """

    id: str
    label: str
    blank: int = 0
    unit: str = ""
    hint: str = ""


YES_NO_UNKNOWN = (Option("yes", "はい"), Option("no", "いいえ"), Option("unknown", "不明"))


@dataclass(frozen=True)
class Field:
    """One thing that a sheet asks.

    width: millimetres of room for a short text that is filled in by hand.
    lines: lines of room for a long text that is filled in by hand.
    most_lines: lines that a long text may take before it continues on a page of its own.
    columns: what each row of `rows` asks; `least` rows are printed even when empty.
    named: print the label before the field, where the row's heading does not say it.
    alone: what a list calls the field, where the label says nothing without the row's heading.
    needed: the receiver counts on it, so that it is told while it is missing.
    if_filled: left off the paper while it is empty.
    not_before: the id of a day that this day cannot precede.
    """

    id: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    columns: tuple["Field", ...] = ()
    width: int = 30
    lines: int = 1
    most_lines: int = 3
    least: int = 1
    unit: str = ""
    named: bool = False
    needed: bool = False
    if_filled: bool = False
    large: bool = False
    personal: Personal | None = None
    not_before: str = ""
    alone: str = ""
    prefill: str = ""

    def option(self, id_: str) -> Option | None:
        """Return the option of this id, if the field offers it."""
        return next((one for one in self.options if one.id == id_), None)


@dataclass(frozen=True)
class Row:
    """One heading and what stands behind it. `starred` rows bear the paper's ※ mark."""

    label: str
    fields: tuple[Field, ...]
    starred: bool = False

    @property
    def if_filled(self) -> bool:
        """Whether the row stays off the paper while nothing stands in it."""
        return all(one.if_filled for one in self.fields)


@dataclass(frozen=True)
class Line:
    """One line of the table: a row across the page, or two side by side."""

    rows: tuple[Row, ...]

    @property
    def may_break(self) -> bool:
        """Whether the line may run on to the next page: a table only. Long words are cut before."""
        return any(one.kind is Kind.ROWS for row in self.rows for one in row.fields)


@dataclass(frozen=True)
class Block:
    """Lines that stand together, in the order of the paper.

    source: where the block was seen. words: fixed sentences, printed as they are.
    """

    id: str
    title: str = ""
    style: Style = Style.TABLE
    source: str = ""
    words: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    new_page: bool = False

    @property
    def is_short(self) -> bool:
        """Whether it is so short that it goes to the next page whole rather than in two."""
        return len(self.lines) <= SHORT_LINES and not any(one.may_break for one in self.lines)

    def fields(self) -> Iterator[Field]:
        """Yield every field of the block, in order."""
        for line in self.lines:
            for row in line.rows:
                yield from row.fields
