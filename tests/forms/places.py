"""Where the letters of a laid out page stand: on the page, in their cell, none upon another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes

Box = Any
"""WeasyPrint has no types."""

_HAIR = 1.0
"""Pixels; a letter is eleven."""

_LEADING = 2.5
"""Pixels above and below the ink that belong to a letter's box; lines are set closer than that."""


@dataclass(frozen=True)
class Place:
    """One run of letters: from left to right, from top to bottom, in pixels of the page."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    def leaves(self, box: tuple[float, float, float, float]) -> bool:
        """Whether it stands out of a box (left, right, top, bottom)."""
        left, right, top, bottom = box
        return (
            self.left < left - _HAIR
            or self.right > right + _HAIR
            or self.top < top - _LEADING
            or self.bottom > bottom + _LEADING
        )

    def covers(self, other: "Place") -> bool:
        """Whether one stands on the other; lines touch, because letters are lower than lines."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        lower = min(self.bottom - self.top, other.bottom - other.top)
        return across > _HAIR and down > lower / 2


def misplaced(document: Document) -> list[str]:
    """Say which letters stand outside their page or cell, or on others; the page's number first."""
    found = []
    for number, page in enumerate(document.pages, start=1):
        page_box = page._page_box
        whole = _area(page_box)
        paper = (0.0, page_box.margin_width(), 0.0, page_box.margin_height())
        places: list[Place] = []
        for at, part in enumerate(page_box.children):
            inside = whole if at == 0 else paper
            for place, cell in _places(part, None):
                places.append(place)
                if place.leaves(inside):
                    found.append(f"{number} page: {place}")
                elif cell is not None and place.leaves(_border(cell)):
                    found.append(f"{number} cell: {place}")
        places.sort(key=lambda one: one.top)
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                if other.top >= one.bottom:
                    break
                if one.covers(other):
                    found.append(f"{number} covered: {one} {other}")
    return found


def _places(box: Box, cell: Box) -> Iterator[tuple[Place, Box]]:
    if isinstance(box, boxes.TextBox):
        if box.text.strip(" \n\u3000\u200b"):
            # A wide space at the end of a line hangs over it, and is nothing to see.
            hanging = box.text.removesuffix("\n")
            spaces = len(hanging) - len(hanging.rstrip("\u3000 "))
            right = box.position_x + box.width - spaces * box.style["font_size"]
            bottom = box.position_y + box.height
            yield Place(box.text, box.position_x, right, box.position_y, bottom), cell
        return
    within = box if isinstance(box, boxes.TableCellBox) else cell
    for child in getattr(box, "children", ()):
        yield from _places(child, within)


def _area(box: Box) -> tuple[float, float, float, float]:
    left, top = box.content_box_x(), box.content_box_y()
    return left, left + box.width, top, top + box.height


def _border(box: Box) -> tuple[float, float, float, float]:
    left, top = box.border_box_x(), box.border_box_y()
    return left, left + box.border_width(), top, top + box.border_height()
