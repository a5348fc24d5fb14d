"""One filled sheet as its template sees it: every answer as it is to be printed.

What does not fit into its box is cut here, and the rest is kept for the 続紙.
"""

from dataclasses import dataclass, field
from datetime import date

from forms import qr
from forms.answers import RowAnswer, rows_in
from forms.continuation import MILLIMETRES_A_LETTER, Piece, piece
from forms.field import Block, Field, Kind, Line, Option, Row, Style
from forms.filled import FilledSheet
from forms.hearings import FeeWords, fee_words
from forms.letters import millimetres
from handoffs.era import on_paper

WHOLE_MILLIMETRES = 156.0
HALF_MILLIMETRES = 61.0
DATE_MILLIMETRES = 27
"""Room of a day: 令和10年12月31日, or 年月日 with room for the pen."""

CODE_MILLIMETRES = 26
"""Room of the case code in the head, as in sheet.css."""

BODY_POINTS, LARGE_POINTS = 8.5, 12.0
SLIP_POINTS, LARGE_SLIP_POINTS = 11.5, 16.0

ROOM = "　"
"""Stands where nothing is written: as high as a letter, so that a filled box is no higher."""

SHORT_LINES_WHOLE = 5
SHORT_LINES_HALF = 11
"""Lines that a short text may take; 200 full-width letters fit."""


@dataclass(frozen=True)
class Rest:
    """What goes on on the 続紙, under which heading."""

    label: str
    words: str


@dataclass
class Paper:
    """A sheet while it is laid out; `rest` fills as its boxes are cut."""

    sheet: FilledSheet
    pieces: dict[str, Piece] = field(default_factory=dict)
    rest: list[Rest] = field(default_factory=list)
    wide: set[str] = field(default_factory=set)
    """The fields whose row goes across the page."""
    cut = ""
    """What the template puts before and after each piece that stands by itself."""

    def __post_init__(self) -> None:
        """Cut every text to its box, in the order of the paper."""
        for block in self.sheet.definition.blocks:
            for line in block.lines:
                wide = len(line.rows) == 1
                for row in line.rows:
                    for asked in row.fields:
                        if wide:
                            self.wide.add(asked.id)
                        self._cut(row, asked, wide=wide)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks below the title."""
        return tuple(one for one in self.sheet.definition.blocks if one.style is not Style.DATES)

    @property
    def dates(self) -> tuple[Field, ...]:
        """The days that stand beside the title."""
        return tuple(
            asked
            for block in self.sheet.definition.blocks
            if block.style is Style.DATES
            for asked in block.fields()
            if asked.kind is not Kind.CODE
        )

    @property
    def edition(self) -> str:
        """Which version of the contents and of the sheet: 第1版（様式 令和8年11月22日）."""
        definition = self.sheet.definition
        days = [on_paper(definition.version)]
        if definition.addition:
            days.append(f"地域の追加 {on_paper(definition.addition)}")
        return f"第{self.sheet.revision}版（様式 {'・'.join(days)}）"

    def words(self, asked: Field, option: Option | None = None) -> str:
        """Return what stands in the box of a field, or beside one of its options."""
        found = self.pieces.get(key(asked, option))
        if found or option:
            return found.words if found else ""
        return self.sheet.told(asked)

    def key(self, asked: Field, option: Option | None = None) -> str:
        """Name the room of a field, or of an option's words."""
        return key(asked, option)

    @property
    def code(self) -> str:
        """The case code in the head, and at the foot of every page."""
        return self.sheet.case_code

    def entry(self, asked: Field, option: Option | None = None) -> str:
        """Return what is set into the room of a field: its words, or as much room as a letter."""
        return self.words(asked, option) or ROOM

    def ticked(self, asked: Field, option: Option) -> bool:
        """Whether an option's box is black."""
        return option.id in self.sheet.chosen(asked)

    def fits(self, asked: Field, option: Option | None = None) -> bool:
        """Whether the words stand in their room, so that nothing beside or below them moves."""
        words = self.words(asked, option)
        width = millimetres(words, self.points(asked))
        return width is not None and width <= self.room(asked, option)

    def room(self, asked: Field, option: Option | None = None) -> float:
        """Return the millimetres that are kept free for words, filled or not."""
        if option is not None:
            return option.blank
        if asked.kind is Kind.DATE:
            return DATE_MILLIMETRES * self.points(asked) / BODY_POINTS
        if asked.kind is not Kind.LONG_TEXT:
            return asked.width
        label = millimetres(asked.label, self.points(asked)) if asked.named else 0
        width = WHOLE_MILLIMETRES if asked.id in self.wide else HALF_MILLIMETRES
        return width - (label or 0) - 2

    def points(self, asked: Field) -> float:
        """Return the size of the letters that a field's words are set in."""
        if not asked.large:
            return self.base_points
        return LARGE_SLIP_POINTS if self.sheet.definition.slip else LARGE_POINTS

    @property
    def base_points(self) -> float:
        """The size of most letters."""
        return SLIP_POINTS if self.sheet.definition.slip else BODY_POINTS

    def continues(self, asked: Field, option: Option | None = None) -> bool:
        """Whether a box goes on on the 続紙."""
        found = self.pieces.get(key(asked, option))
        return found is not None and bool(found.rest)

    def prints(self, row: Row) -> bool:
        """Whether a row is printed: some stay off the paper while nothing is written there."""
        return not row.if_filled or any(map(self.shows, row.fields))

    def shows(self, asked: Field) -> bool:
        """Whether a field is printed; one that is masked away leaves no empty box behind."""
        if not asked.if_filled:
            return True
        return asked.id in self.sheet.answers and bool(self.sheet.told(asked))

    def table(self, line: Line) -> Field | None:
        """Return the field of rows that takes the whole line, if it does."""
        asked = line.rows[0].fields[0]
        return asked if asked.kind is Kind.ROWS else None

    def filled_rows(self, asked: Field) -> list[RowAnswer]:
        """Return the rows to print, with empty ones for the pen."""
        if self.sheet.withheld(asked):
            return []
        rows = list(rows_in(self.sheet.answers, asked))
        return rows + [{}] * (asked.least - len(rows))

    def cell(self, column: Field, row: RowAnswer) -> str:
        """Return what stands in one cell of a row."""
        words = row.get(column.id, "")
        if words and column.kind is Kind.DATE:
            return on_paper(date.fromisoformat(words))
        return words

    def qr(self) -> qr.Drawing | None:
        """Draw the case code; nothing on a sheet for the pen."""
        return qr.drawing(self.sheet.case_code) if self.sheet.case_code else None

    def fee(self) -> FeeWords | None:
        """Return the class of 退院・退所加算 in words, where anybody was heard."""
        return fee_words(self.sheet)

    def _cut(self, row: Row, asked: Field, *, wide: bool) -> None:
        # Several boxes are called 特記事項; the row tells them apart on the 続紙.
        heading = asked.label if asked.label == row.label else f"{row.label}　{asked.label}"
        for option in asked.options if asked.kind.is_chosen else ():
            words = self.sheet.words(asked, option.id)
            if words:
                lines = SHORT_LINES_WHOLE if wide else SHORT_LINES_HALF
                label = f"{heading}（{option.label}）" if option.label else heading
                self._keep(key(asked, option), label, words, wide=wide, lines=lines)
        if asked.kind.is_written and (words := self.sheet.told(asked)):
            short = SHORT_LINES_WHOLE if wide else SHORT_LINES_HALF
            lines = asked.most_lines if asked.kind is Kind.LONG_TEXT else short
            self._keep(asked.id, heading, words, wide=wide, lines=lines)

    def _keep(self, name: str, label: str, words: str, *, wide: bool, lines: int) -> None:
        width = WHOLE_MILLIMETRES if wide else HALF_MILLIMETRES
        letter = MILLIMETRES_A_LETTER * (1.36 if self.sheet.definition.slip else 1.0)
        cut = piece(words, columns=int(width / letter), lines=lines)
        self.pieces[name] = cut
        if cut.rest:
            self.rest.append(Rest(label, cut.rest))


def key(asked: Field, option: Option | None = None) -> str:
    """Name what was cut: a field, or the words of an option."""
    return f"{asked.id}/{option.id}" if option else asked.id
