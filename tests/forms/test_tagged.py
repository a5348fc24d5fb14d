"""What a reader by ear, and an archive, need of a PDF; docs/sheets.md says what is not checked."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from forms import archived
from tests.forms.paper import NAMES, filled, opened, printed, text

STANDARD = {
    "/Document", "/Art", "/Sect", "/Div", "/P", "/H1", "/H2", "/H3", "/Table", "/THead", "/TBody",
    "/TR", "/TH", "/TD", "/Span", "/Figure", "/NonStruct", "/L", "/LI", "/LBody", "/Lbl",
}  # fmt: skip


def elements(content: bytes) -> Iterator[Any]:
    """Yield every element of the structure tree, in the order of reading."""

    def inside(one: Any) -> Iterator[Any]:  # noqa: ANN401  pypdf's objects are of many types.
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            for child in one:
                yield from inside(child)
        elif hasattr(one, "get"):
            if "/S" in one:
                yield one
            if "/K" in one:
                yield from inside(one["/K"])

    root: Any = opened(content).trailer["/Root"]
    yield from inside(root["/StructTreeRoot"]["/K"])


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_says_what_it_is_and_in_which_language(name: str) -> None:
    document = opened(printed(name, "full"))
    root: Any = document.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert 'pdfuaid:part="1"' in about
    assert filled_title(name) in about
    assert all(str(page["/Tabs"]) == "/S" for page in document.pages)


def filled_title(name: str) -> str:
    """Return the title that the file itself says."""
    about = opened(printed(name, "full")).metadata
    assert about is not None
    assert about.title
    return about.title


@pytest.mark.parametrize("name", NAMES)
def test_headings_come_in_order_and_every_table_heading_says_what_it_heads(name: str) -> None:
    found = list(elements(printed(name, "full")))
    headings = [int(str(one["/S"])[2:]) for one in found if str(one["/S"])[:2] == "/H"]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    heads = [one for one in found if one["/S"] == "/TH"]
    assert heads
    assert all("/A" in one for one in heads)
    assert {str(one["/S"]) for one in found} <= STANDARD


@pytest.mark.parametrize("name", ["fax_cover", "admission_notice", "missed_coordination_report"])
def test_a_drawing_says_in_words_what_it_shows(name: str) -> None:
    figures = [one for one in elements(printed(name, "full")) if one["/S"] == "/Figure"]
    assert figures
    assert all(one.get("/Alt") for one in figures)


def test_what_is_archived_holds_all_that_it_needs_and_says_the_same() -> None:
    sheet = filled("consent")
    content = archived(sheet)
    document = opened(content)
    root: Any = document.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in about
    assert 'pdfaid:conformance="A"' in about
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert len(root["/OutputIntents"][0]["/DestOutputProfile"].get_data())
    assert document.trailer["/ID"] is not None
    assert "/Encrypt" not in document.trailer
    assert "/AA" not in root
    assert "/OpenAction" not in root
    assert text(content) == text(printed("consent", "full"))
    assert archived(sheet) == content
