"""A sheet without what is written on it, cut into pieces, and what is to be laid over them.

Most of a sheet is the same for everybody. Words that fit their room and ticks move nothing, so
they are left out here and laid over the finished page; two sheets then share a piece whenever
its remaining markup is the same. Words that are wider than their room, rows of a table and
anything else stay in the markup, and their piece is laid out for them alone.
"""

from dataclasses import dataclass, field

from forms import markup
from forms.field import Field, Option
from forms.filled import FilledSheet
from forms.letters import millimetres
from forms.paper import CODE_MILLIMETRES, ROOM, Paper

_CUT = "\x1e"
"""No text holds it: `forms.glyphs` refuses control characters."""

CODE = "code"
"""The room of the case code, in the head and at the foot of every page."""


@dataclass
class _Blank(Paper):
    """A paper that keeps what fits its room to itself."""

    values: dict[str, str] = field(default_factory=dict)
    ticks: set[str] = field(default_factory=set)
    cut = _CUT

    def entry(self, asked: Field, option: Option | None = None) -> str:
        words = super().entry(asked, option)
        if words != ROOM:
            self.values[self.key(asked, option)] = words
        return ROOM

    def ticked(self, asked: Field, option: Option) -> bool:
        if super().ticked(asked, option):
            self.ticks.add(self.key(asked, option) + "?")
        return False

    @property
    def code(self) -> str:
        code = super().code
        width = millimetres(code, self.base_points)
        if width is None or width > CODE_MILLIMETRES:
            return code
        self.values[CODE] = code
        return ROOM


@dataclass(frozen=True)
class Outline:
    """A sheet in parts.

    between: the markup before the first piece, between them, and after the last.
    pieces: the markup of each piece, without what is laid over it.
    values: the words to lay over, under the names of their rooms. ticks: the boxes to blacken.
    whole: whether there is no 続紙, whose pages only the library can set.
    code: the case code.
    """

    between: tuple[str, ...]
    pieces: tuple[str, ...]
    values: dict[str, str]
    ticks: frozenset[str]
    whole: bool
    code: str

    @property
    def structure(self) -> tuple[str, ...]:
        """What places depend on: the markup between the pieces, and what kind each is of."""
        return (*self.between, *(one.partition(">")[0] for one in self.pieces))


def outline_of(sheet: FilledSheet) -> Outline:
    """Cut a sheet into its pieces."""
    paper = _Blank(sheet)
    parts = markup.papers(paper).split(_CUT)
    return Outline(
        tuple(parts[::2]),
        tuple(parts[1::2]),
        paper.values,
        frozenset(paper.ticks),
        whole=not paper.rest,
        code=sheet.case_code,
    )
