"""Put sheets together from pieces: each where it stands on a sheet of the same structure.

A structure is the markup between the pieces: the same for all sheets of a kind that print the
same rows. It is laid out once, whole, and gives the places; a piece that is higher moves what
follows down. A sheet that would run over its page is laid out by itself, and gives no places
to the sheets after it.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from forms import markup
from forms.batch.layout import Ink, Page, Piece, Press, blackened, moved, written
from forms.batch.outline import Outline, outline_of
from forms.filled import FilledSheet

MOST_KEPT = 4_000
"""Pieces that are kept; one is a few kilobytes."""

_HAIR = 0.01
"""Pixels, for rounding."""

_BODY = re.compile(r"(.*<body[^>]*>\s*)<article.*", re.DOTALL)
_ARTICLE = re.compile(r"<article[^>]*>")
_SECTION = re.compile(r"<section[^>]*>|<section>")
_NEW_PAGE = re.compile(r'<section class="second">|<article class="[^"]* next">')
_TABLE = re.compile(r"<table>\s*<colgroup>.*?</colgroup>", re.DOTALL)


@dataclass(frozen=True)
class _Structure:
    """Where the pieces of a whole sheet stood, and the feet of its pages."""

    places: tuple[Piece, ...]
    feet: tuple[Piece, ...]
    width: float
    height: float
    bottom: float


class Stack:
    """Makes the pages of sheets, and remembers every piece that was laid out."""

    def __init__(self, press: Press) -> None:
        """Begin with nothing laid out."""
        self.press = press
        self._structures: dict[tuple[str, ...], _Structure] = {}
        self._pieces: OrderedDict[str, Piece] = OrderedDict()
        self.alone = 0
        """How many sheets had to be laid out by themselves."""

    def pages(self, sheets: list[FilledSheet]) -> list[list[Any]]:
        """Return the pages of each sheet. Raises PdfError as `forms.pdf.pdf`."""
        outlines = [outline_of(sheet) for sheet in sheets]
        for one in outlines:
            if one.whole and one.structure not in self._structures:
                found = self._structure(one)
                if found is not None:
                    self._structures[one.structure] = found
        self._lay_out(outlines)
        return [
            self._page(one) or self._by_itself(sheet)
            for sheet, one in zip(sheets, outlines, strict=True)
        ]

    def _structure(self, outline: Outline) -> _Structure | None:
        """Return the places of a sheet; None where it runs over, as others would with it."""
        parts = [
            part for pair in zip(outline.between, outline.pieces, strict=False) for part in pair
        ]
        document = self.press.document("".join([*parts, outline.between[-1]]))
        if len(document.pages) != 1 + len(_NEW_PAGE.findall("".join(outline.between))):
            return None
        places = self.press.pieces(document)
        if len(places) == len(outline.pieces):
            for context, markup_, piece in zip(
                _contexts(outline), outline.pieces, places, strict=True
            ):
                self._pieces[context + markup_] = piece
        feet = self.press.feet(document)
        page = document.pages[0]
        return _Structure(places, feet, page.width, page.height, self.press.bottom)

    def _lay_out(self, outlines: list[Outline]) -> None:
        """Lay out all pieces that nobody has asked for yet, in one go."""
        wanted: dict[str, str] = {}
        for outline in outlines:
            if not outline.whole:
                continue
            for context, piece in zip(_contexts(outline), outline.pieces, strict=True):
                if context + piece not in self._pieces:
                    wanted[context + piece] = context
        if not wanted:
            return
        head = _BODY.match(outlines[0].between[0])
        assert head is not None  # noqa: S101
        names = list(wanted)
        for start in range(0, len(names), 60):
            some = names[start : start + 60]
            body = "".join(_alone(wanted[name], name) for name in some)
            document = self.press.document(f"{head.group(1)}{body}</body></html>")
            self._pieces.update(zip(some, self.press.pieces(document), strict=True))
        while len(self._pieces) > MOST_KEPT:
            self._pieces.popitem(last=False)

    def _page(self, outline: Outline) -> list[Page] | None:
        """Put a sheet together; None where that cannot be done."""
        structure = self._structures.get(outline.structure)
        if structure is None or len(structure.places) != len(outline.pieces):
            return None
        ink = self.press.ink
        drawings: list[list[bytes]] = [[foot.drawing] for foot in structure.feet]
        for number, foot in enumerate(structure.feet):
            for room in foot.rooms.values():
                drawings[number].append(written(room, outline.code, ink, down=0))
        pieces = [
            self._pieces.get(context + piece)
            for context, piece in zip(_contexts(outline), outline.pieces, strict=True)
        ]
        further, page = 0.0, 0
        for piece, place in zip(pieces, structure.places, strict=True):
            if place.page != page:
                further, page = 0.0, place.page
            if piece is None:
                return None
            down = place.top + further - piece.top
            if piece.top + down + piece.height > structure.bottom + _HAIR:
                return None
            further += piece.height - place.height
            drawings[page] += _drawn(piece, outline, ink, down)
        size = structure.width, structure.height
        return [Page(*size, drawing, ink) for drawing in drawings]

    def _by_itself(self, sheet: FilledSheet) -> list[Any]:
        self.alone += 1
        return list(self.press.document(markup.html(sheet)).pages)


def _drawn(piece: Piece, outline: Outline, ink: Ink, down: float) -> list[bytes]:
    """Return what draws a piece and what is laid over it."""
    drawn = [moved(piece, down)]
    for name, room in piece.rooms.items():
        if name in outline.values:
            drawn.append(written(room, outline.values[name], ink, down=down))
        elif name in outline.ticks:
            drawn.append(blackened(room, down))
    return drawn


def _contexts(outline: Outline) -> list[str]:
    """Return the markup in which each piece stands: article, section and table."""
    found, article, section, table = [], "", "", ""
    for between in outline.between[:-1]:
        article = (_ARTICLE.findall(between) or [article])[-1]
        section = (_SECTION.findall(between) or [section])[-1]
        table = (_TABLE.findall(between) or [table])[-1]
        found.append(f"{article}{section}{table}\x1e")
    return found


def _alone(context: str, name: str) -> str:
    """Return a piece as it is laid out by itself: in its own article, section and table."""
    piece = name.removeprefix(context)
    article_section, _, table = context.rstrip("\x1e").partition("<table>")
    row = piece.lstrip().startswith("<tr")
    inner = f"<table>{table}{piece}</table>" if row else piece
    closing = "</section></article>" if "<section" in article_section else "</article>"
    return f"{article_section}{inner}{closing}"
