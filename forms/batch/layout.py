"""Lay out pieces of sheets with the library, and keep how each is drawn.

The second door to WeasyPrint, beside `forms.pdf`: pages here are not laid out but put together
from pieces, and the library draws them into its PDF as if they were its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import Document
from weasyprint.document import DocumentMetadata
from weasyprint.draw import draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

from forms import pdf
from forms.batch.outline import CODE
from forms.errors import PdfError
from forms.font import font_path
from forms.letters import Letter, letters_of

Box = Any
"""WeasyPrint has no types."""

_LINE = 0.3 / 25.4 * 96
"""Pixels: the lines of the sheets, as in sheet.css."""

PIXELS_A_POINT = 96 / 72


@dataclass(frozen=True)
class Room:
    """Where words are laid: the beginning of the base line, in pixels, and their size.

    `box` is the area that a tick blackens (x, y, width, height); empty for words.
    """

    x: float
    y: float
    size: float
    box: tuple[float, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A laid out piece: where it stood, how high it is (pixels), and what draws it."""

    page: int
    top: float
    height: float
    drawing: bytes
    rooms: Mapping[str, Room]


@dataclass
class Ink:
    """The glyphs that a PDF uses, and the fonts that they come from: always the one of ours."""

    fonts: dict[Any, Any] = field(default_factory=dict)
    glyphs: dict[int, Letter] = field(default_factory=dict)
    resources: pydyf.Dictionary = field(default_factory=pydyf.Dictionary)

    @property
    def name(self) -> str:
        """The name of our font in the PDF."""
        return str(next(iter(self.fonts.values())).hash)


_KINDS = ("ExtGState", "XObject", "Pattern", "Shading")


class Press:
    """Lays out, with one set of fonts for all that is printed together."""

    def __init__(self) -> None:
        """Read font and stylesheet; raises FontError or PdfError as `forms.pdf`."""
        self.shared = pdf.press(font_path())
        self.ink = Ink()
        for kind in _KINDS:
            self.ink.resources[kind] = pydyf.Dictionary()
        self.bottom = 0.0
        """Where the page ends for what stands in it."""

    def document(self, html: str) -> Document:
        """Lay out a page of HTML; raises PdfError as `forms.pdf.pdf`."""
        with pdf.uncomplaining(self.shared):
            return pdf.laid_out(html, self.shared)

    def pieces(self, document: Document) -> tuple[Piece, ...]:
        """Return how every piece of a laid out document is drawn, in order."""
        found = []
        for number, page in enumerate(document.pages):
            page_box = page._page_box  # noqa: SLF001
            self.bottom = page_box.content_box_y() + page_box.height
            found += [self._piece(number, box, page_box) for box in _outermost(page_box)]
        return tuple(found)

    def feet(self, document: Document) -> tuple[Piece, ...]:
        """Return how the foot of each page is drawn; the case code is a room there."""
        found = []
        for number, page in enumerate(document.pages):
            page_box = page._page_box  # noqa: SLF001
            stream = self._stream(page_box)
            margins = {box.at_keyword: box for box in page_box.children[1:]}
            left = margins.pop("@bottom-left")
            for box in margins.values():
                draw_stacking_context(stream, StackingContext.from_box(box, page_box))
            # A room for the code alone is trimmed away: the line is that of the neighbour.
            beside = margins["@bottom-center"].descendants()
            line = _room(next(one for one in beside if isinstance(one, boxes.TextBox)))
            room = Room(left.content_box_x(), line.y, line.size)
            found.append(Piece(number, 0, 0, _bytes(stream), {CODE: room}))
        return tuple(found)

    def _piece(self, number: int, box: Box, page: Box) -> Piece:
        stream = self._stream(page)
        if isinstance(box, boxes.TableRowBox):
            for cell in box.children:
                _draw_frame(stream, cell)
        draw_stacking_context(stream, StackingContext.from_box(box, page))
        rooms = {}
        for one in box.descendants():
            name = one.element.get("data-room") if one.element is not None else None
            if name and isinstance(one, boxes.InlineBox | boxes.InlineBlockBox):
                rooms[name] = _room_in(one)
        top, height = box.position_y, _height(box)
        return Piece(number, top, height, _bytes(stream), rooms)

    def _stream(self, page: Box) -> Stream:
        rectangle = (0, 0, page.margin_width(), page.margin_height())
        return Stream(self.ink.fonts, rectangle, self.ink.resources, {}, None, {}, None)


@dataclass
class Page:
    """A page put together from pieces, as the library's PDF writer wants one."""

    width: float
    height: float
    drawings: list[bytes]
    ink: Ink
    bleed = {"top": 0, "right": 0, "bottom": 0, "left": 0}  # noqa: RUF012
    bookmarks: tuple[()] = ()
    links: tuple[()] = ()

    def __post_init__(self) -> None:
        """Have no anchors and no form fields."""
        self.anchors: dict[str, Any] = {}
        self.forms: dict[None, list[Any]] = {None: []}

    def paint(self, stream: Stream, scale: float = 1) -> None:
        """Draw the pieces."""
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            stream.stream.extend(self.drawings)
        for kind, named in self.ink.resources.items():
            if isinstance(named, dict):
                stream._resources[kind].update(named)  # noqa: SLF001


def moved(piece: Piece, down: float) -> bytes:
    """Return what draws a piece further down the page."""
    return b"q 1 0 0 1 0 %.3f cm\n%b\nQ" % (down, piece.drawing)


def written(room: Room, words: str, ink: Ink, *, down: float) -> bytes:
    """Return what draws words in their room."""
    letters = letters_of(words)
    if letters is None:
        raise PdfError("シートにないはずの文字が混ざったので、印刷を中止しました。")
    ink.glyphs.update((one.glyph, one) for one in letters)
    glyphs = "".join(f"{one.glyph:04x}" for one in letters)
    return (
        f"BT /{ink.name} {room.size:.4f} Tf 1 0 0 -1 {room.x:.3f} {room.y + down:.3f} Tm"
        f" <{glyphs}> Tj ET"
    ).encode()


def blackened(room: Room, down: float) -> bytes:
    """Return what blackens a box."""
    x, y, width, height = room.box
    return b"%.3f %.3f %.3f %.3f re f" % (x, y + down, width, height)


def book(pages: list[Any], title: str, press: Press) -> bytes:
    """Write pages as one untagged PDF with the one font that they share."""
    ours = press.shared
    about = DocumentMetadata(title=title, lang="ja")
    document = Document(pages, about, ours.fetcher, ours.fonts, {}, None)
    document.fonts = press.ink.fonts
    first = next(iter(press.ink.fonts.values()))
    for letter in press.ink.glyphs.values():
        first.to_unicode.setdefault(letter.glyph, letter.stands_for)
        first.widths.setdefault(letter.glyph, letter.width)
    content: bytes = document.write_pdf(
        pdf_tags=False, finisher=lambda printed, file: pdf.finish(printed, file, ours)
    )
    return content


def _outermost(box: Box) -> Iterator[Box]:
    """Yield the boxes of pieces, none inside another."""
    for child in getattr(box, "children", ()):
        element = getattr(child, "element", None)
        named = element is not None and element.get("data-piece") is not None
        if named and isinstance(child, boxes.TableRowBox | boxes.BlockBox):
            yield child
        else:
            yield from _outermost(child)


def _height(box: Box) -> float:
    return float(box.height if isinstance(box, boxes.TableRowBox) else box.margin_height())


def _draw_frame(stream: Stream, cell: Box) -> None:
    """Draw the lines around a cell: they belong to the whole table, where they are shared."""
    stream.set_line_width(_LINE)
    stream.set_color_rgb(0, 0, 0, stroke=True)
    stream.rectangle(cell.position_x, cell.position_y, cell.border_width(), cell.border_height())
    stream.stroke()


def _room_in(box: Box) -> Room:
    text = next(one for one in box.descendants() if isinstance(one, boxes.TextBox))
    room = _room(text)
    area = box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
    return Room(room.x, room.y, room.size, area)


def _room(text: Box) -> Room:
    return Room(text.position_x, text.position_y + text.baseline, text.style["font_size"])


def _bytes(stream: Stream) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in stream.stream)
