"""Read a printed sheet back: its text, its glyphs, its fonts, what hangs on it."""

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pypdf import PdfReader

from forms import FilledSheet, MissedCoordinationReport, catalogue, render
from forms.samples import sample

NAMES = (*catalogue().names(), MissedCoordinationReport.name)


@cache
def printed(name: str, amount: str, region: str = "") -> bytes:
    """Return the PDF of a sample; each is laid out once in a run."""
    return render(sample(name, amount, region))


def filled(name: str, amount: str = "full", region: str = "") -> FilledSheet:
    """Return a sample of a sheet that is data."""
    sheet = sample(name, amount, region)
    assert isinstance(sheet, FilledSheet)
    return sheet


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


@cache
def pages(content: bytes) -> tuple[str, ...]:
    """Return the text of each page; reading it back takes as long as printing it."""
    return tuple(page.extract_text() for page in opened(content).pages)


def text(content: bytes) -> str:
    """Return all text without the spaces and line ends that layout puts between."""
    return re.sub(r"\s", "", "".join(pages(content)))


def fonts(content: bytes) -> Iterator[Any]:
    """Yield the descendant font of every font in the file."""
    for page in opened(content).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            yield font["/DescendantFonts"][0]


def glyphs(content: bytes) -> set[int]:
    """Return the ids of all glyphs that are drawn on any page."""
    found: set[int] = set()
    for page in opened(content).pages:
        drawn = page.get_contents()
        assert drawn is not None
        drawing = drawn.get_data().decode("latin-1")
        for run in re.findall(r"<([0-9a-f]+)>", drawing):
            found.update(int(run[at : at + 4], 16) for at in range(0, len(run), 4))
    return found
