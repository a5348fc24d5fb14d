"""How the pages look: the darkness of each square, compared with a tolerance."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.samples import AMOUNTS
from tests.forms.paper import NAMES, printed

GOLDEN = Path(__file__).parent / "golden"
ACROSS, DOWN = 30, 42
"""Squares of seven millimetres."""

TOLERANCE = 0.02
"""Of a square's area: another version of the renderer moves a hair line, not a row."""


def darkness(content: bytes, folder: Path) -> list[list[int]]:
    """Return for each page and row of squares how black they are, in hundredths."""
    file = folder / "sheet.pdf"
    file.write_bytes(content)
    subprocess.run(["pdftoppm", "-gray", "-r", "72", str(file), str(folder / "page")], check=True)
    rows = []
    for page in sorted(folder.glob("page*.pgm")):
        small = Image.open(page).resize((ACROSS, DOWN), Image.Resampling.BOX)
        rows += (100 - np.asarray(small, dtype=float) / 2.55).round().astype(int).tolist()
    return rows


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("name", NAMES)
def test_every_sample_looks_as_it_did_when_it_was_looked_at(
    name: str, amount: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    golden = GOLDEN / f"{name}-{amount}.darkness"
    found = darkness(printed(name, amount), tmp_path)
    if pytestconfig.getoption("--rewrite-sheets", default=False):
        lines = (" ".join(map(str, row)) for row in found)
        golden.write_text("\n".join(lines) + "\n", encoding="ascii")
    expected = [list(map(int, row.split())) for row in golden.read_text("ascii").splitlines()]
    assert len(found) == len(expected)
    apart = np.abs(np.asarray(found) - np.asarray(expected))
    assert apart.max() <= 100 * TOLERANCE + 6
    assert apart.mean() <= 100 * TOLERANCE


def test_the_comparison_notices_a_missing_row(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    full = np.asarray(darkness(printed("consent", "full"), tmp_path / "a"))
    empty = np.asarray(darkness(printed("consent", "empty"), tmp_path / "b"))
    assert np.abs(full - empty).max() > 100 * TOLERANCE + 6
