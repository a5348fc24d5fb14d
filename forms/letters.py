"""How wide a text is in our font, and which glyphs it is set with, letter by letter.

For texts that are one glyph a character: kanji, kana, letters, digits, and variants (IVS). Where
letters join (a combining mark, a script that is shaped) it says so by refusing, and the text is
laid out by the library instead. Knows no page.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from forms.font import font_path
from forms.glyphs import is_selector

POINT = 25.4 / 72
"""Millimetres."""


@dataclass(frozen=True)
class Letter:
    """One glyph: its number in the font, its width in thousandths of the size, its text."""

    glyph: int
    width: int
    stands_for: str


@dataclass(frozen=True)
class _Font:
    glyphs: dict[int, int]
    variants: dict[tuple[int, int], int]
    widths: tuple[int, ...]


def letters_of(text: str) -> tuple[Letter, ...] | None:
    """Return the glyphs of a text of one line, or None where letters join or a glyph is missing."""
    font = _font(font_path())
    found: list[Letter] = []
    for character in text:
        code = ord(character)
        if is_selector(code) and found and len(found[-1].stands_for) == 1:
            base = found.pop().stands_for
            glyph = font.variants.get((ord(base), code))
            character = base + character  # noqa: PLW2901  The pair is one letter.
        elif unicodedata.category(character)[0] in "MC":
            glyph = None
        else:
            glyph = font.glyphs.get(code)
        if glyph is None:
            return None
        found.append(Letter(glyph, font.widths[glyph], character))
    return tuple(found)


def millimetres(text: str, points: float) -> float | None:
    """Return how wide a text of one line is; None as `letters_of`."""
    letters = letters_of(text)
    if letters is None:
        return None
    return sum(one.width for one in letters) * points * POINT / 1000


@cache
def _font(path: Path) -> _Font:
    """Read what the font has; about 0.2 seconds, once a process."""
    with TTFont(path, lazy=True) as font:
        numbers = font.getReverseGlyphMap()
        cmap = font.getBestCmap()
        scale = 1000 / font["head"].unitsPerEm
        order = font.getGlyphOrder()
        metrics = font["hmtx"].metrics
        variants = {}
        for table in font["cmap"].tables:
            if table.format != 14:  # noqa: PLR2004  OpenType's number for variation sequences
                continue
            for selector, pairs in table.uvsDict.items():
                for base, name in pairs:
                    variants[base, selector] = numbers[name or cmap[base]]
        return _Font(
            {code: numbers[name] for code, name in cmap.items()},
            variants,
            tuple(round(metrics[name][0] * scale) for name in order),
        )
