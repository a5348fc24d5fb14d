"""続紙: what no longer fits into its box continues on a page of its own, marked on both.

How much fits is reckoned from the width of the box and the size of the letters, so that the
same text is always cut at the same place, and where a sentence ends if one does.
"""

import re
import unicodedata
from dataclasses import dataclass

MILLIMETRES_A_LETTER = 3.05
"""A full-width letter of 8.5 points, with room for rounding."""

_CLUSTER = re.compile(
    "\r\n|(?:.|\n)[\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
)
_ENDS = "。\n！？"


@dataclass(frozen=True)
class Piece:
    """A text as it stands in its box, and what is left for the 続紙."""

    words: str
    rest: str = ""


def piece(text: str, *, columns: int, lines: int) -> Piece:
    """Cut a text so that it fills at most `lines` lines of `columns` full-width letters."""
    clusters = _CLUSTER.findall(text)
    fits = _fitting(clusters, columns, lines)
    if fits == len(clusters):
        return Piece(text)
    # One line is kept free for the mark.
    fits = _fitting(clusters, columns, max(1, lines - 1))
    ends = [at + 1 for at, one in enumerate(clusters[:fits]) if one[0] in _ENDS]
    cut = ends[-1] if ends and ends[-1] > fits // 2 else fits
    return Piece("".join(clusters[:cut]).rstrip("\n"), "".join(clusters[cut:]).lstrip("\n"))


def _fitting(clusters: list[str], columns: int, lines: int) -> int:
    """Count the characters that fit; half-width ones are taken for 0.62 of a full one."""
    line, taken = 1, 0.0
    for at, one in enumerate(clusters):
        if one[0] in "\r\n":
            line, taken = line + 1, 0.0
        else:
            wide = unicodedata.east_asian_width(one[0]) in "FWA"
            taken += 1.0 if wide else 0.62
            if taken > columns:
                line, taken = line + 1, 1.0
        if line > lines:
            return at
    return len(clusters)
