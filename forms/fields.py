"""What a sheet's boxes are: choices to tick, short texts, prose, in rows and blocks.

A sheet's body is data of these types, so that its order, wording and blanks stand in one
place and the template only draws them. Nothing here is filled in: `Answers` are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.errors import SheetError

Answers = Mapping[str, str | tuple[str, ...]]
"""Field id to what is known: an option id, several of them, or a text.

The words beside an option, as in あり(仙骨部), stand under `field/option`.
"""


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


@dataclass(frozen=True)
class Choice:
    """Boxes of which one applies, or several."""

    id: str
    label: str
    options: tuple[Option, ...]
    several: bool = False
    named: bool = False
    """Print the label before the boxes, where the row's heading does not say it."""


@dataclass(frozen=True)
class Text:
    """A short text on one line; `width` millimetres of room when it is filled in by hand."""

    id: str
    label: str
    width: int = 30
    unit: str = ""
    named: bool = False


@dataclass(frozen=True)
class Prose:
    """A text of any length; `lines` of room when it is filled in by hand."""

    id: str
    label: str
    lines: int = 2
    named: bool = False


Cell = Choice | Text | Prose


@dataclass(frozen=True)
class Row:
    """One heading and what stands behind it. `starred` rows bear the paper's ※ mark."""

    label: str
    cells: tuple[Cell, ...]
    starred: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the table: a row across the page, or two side by side."""

    rows: tuple[Row, ...]

    @property
    def may_break(self) -> bool:
        """Whether the line may run on to the next page: only where prose can be long."""
        return any(isinstance(cell, Prose) for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Block:
    """Lines that stand together, in the order of the paper."""

    lines: tuple[Line, ...] = field(default=())

    def cells(self) -> Iterator[Cell]:
        """Yield every box, text and prose of the block, in order."""
        for line in self.lines:
            for row in line.rows:
                yield from row.cells


def check_answers(answers: Answers, blocks: Mapping[str, Block]) -> None:
    """Refuse an answer that the sheet has no place for.

    Raises:
        SheetError: names the field that does not exist, or the option it does not offer.
    """
    cells = {cell.id: cell for block in blocks.values() for cell in block.cells()}
    for key, answer in answers.items():
        name, _, option = key.partition("/")
        cell = cells.get(name)
        if cell is None:
            raise SheetError(f"このシートに {name} という欄はありません。")
        if option:
            _check_blank(cell, option, answer)
        elif isinstance(cell, Choice):
            _check_choice(cell, answer)
        elif not isinstance(answer, str):
            raise SheetError(f"{name}({cell.label})には文字を書いてください。")


def texts(answers: Answers, blocks: Mapping[str, Block]) -> Iterator[tuple[str, str]]:
    """Yield the free texts among the answers, each with its label on the paper."""
    for block in blocks.values():
        for cell in block.cells():
            if isinstance(cell, Choice):
                for option in cell.options:
                    words = answers.get(f"{cell.id}/{option.id}", "")
                    yield f"{cell.label}({option.label})", str(words)
            else:
                yield cell.label, str(answers.get(cell.id, ""))


def _check_choice(cell: Choice, answer: str | tuple[str, ...]) -> None:
    chosen = (answer,) if isinstance(answer, str) else answer
    if len(chosen) > 1 and not cell.several:
        raise SheetError(f"{cell.id}({cell.label})は一つだけ選んでください。")
    offered = [option.id for option in cell.options]
    for one in chosen:
        if one not in offered:
            raise SheetError(
                f"{cell.id}({cell.label})は次の中から選んでください: {', '.join(offered)}"
            )


def _check_blank(cell: Cell, option: str, answer: str | tuple[str, ...]) -> None:
    blanks = [one.id for one in cell.options if one.blank] if isinstance(cell, Choice) else []
    if option not in blanks:
        raise SheetError(f"{cell.id}({cell.label})の {option} には書き込む欄がありません。")
    if not isinstance(answer, str):
        raise SheetError(f"{cell.id}({cell.label})の {option} には文字を書いてください。")
