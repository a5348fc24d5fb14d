"""The case code as a QR code, drawn as SVG: nothing in it but the code.

A code read by a machine saves typing and names nobody. Modules are a millimetre wide and more,
because a FAX in its coarse mode keeps no finer ones.
"""

from dataclasses import dataclass

import segno

QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True)
class Drawing:
    """A QR code as one SVG path, `size` modules wide with its white border."""

    path: str
    size: int


def drawing(code: str) -> Drawing:
    """Draw a code of capital letters, digits and hyphens.

    Error correction Q: a quarter of the modules may be lost to dirt and dropped lines.
    """
    matrix = segno.make_qr(code, error="q", boost_error=False).matrix
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                parts.append(f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z")
            x += run or 1
    return Drawing("".join(parts), len(matrix) + 2 * QUIET)
