"""What a FAX leaves of a page can still be read by a machine."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from forms import qr
from tests.forms.paper import printed


def faxed(content: bytes, folder: Path, across: int, down: int) -> Image.Image:
    """Return the first page as a FAX machine prints it: black or white, lines doubled."""
    file = folder / "sheet.pdf"
    file.write_bytes(content)
    command = ["pdftoppm", "-mono", "-rx", str(across), "-ry", str(down), "-f", "1", "-l", "1"]
    subprocess.run([*command, str(file), str(folder / "page")], check=True)
    (page,) = folder.glob("page*.pbm")
    scanned = Image.open(page)
    return scanned.resize(
        (scanned.width, scanned.height * across // down), Image.Resampling.NEAREST
    )


@pytest.mark.parametrize(
    "name", ["fax_cover", "reply_slip", "admission_notice", "discharge_notice"]
)
@pytest.mark.parametrize("down", [98, 196])
def test_the_case_code_is_read_back_after_a_fax(name: str, down: int, tmp_path: Path) -> None:
    page = faxed(printed(name, "full"), tmp_path, 204, down).convert("L")
    read = zxingcpp.read_barcodes(np.asarray(page))
    assert [one.text for one in read] == ["M-2026-0042"]


def test_a_sheet_for_the_pen_has_no_code_to_read(tmp_path: Path) -> None:
    page = faxed(printed("fax_cover", "empty"), tmp_path, 204, 98).convert("L")
    assert zxingcpp.read_barcodes(np.asarray(page)) == []


def test_the_same_code_is_drawn_the_same_and_stays_coarse_enough() -> None:
    drawn = qr.drawing("M-2026-0042")
    assert drawn == qr.drawing("M-2026-0042")
    assert 36 / drawn.size >= 1
    assert 36 / qr.drawing("A" * 40).size >= 0.7
