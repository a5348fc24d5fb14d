"""Each kind of PDF before a validator: PDF/UA-1 for what is read out, PDF/A-3a for what is kept."""

import io
from typing import Any

import page
import pytest
from pypdf import PdfReader, PdfWriter

from forms import archived, render
from forms.downtime import kit_of
from forms.guide import role_guides
from tests.forms.paper import NAMES, filled, opened, printed
from tests.forms.test_tagged import elements
from web.sheets.plan_pdf import kept_with_plans, with_plans

SPOKEN = page.ValidationProfile.PDF_UA_1
KEPT = page.ValidationProfile.PDF_A_3A


def failures(content: bytes, profile: page.ValidationProfile) -> set[str]:
    return {one.rule_id for one in page.validate_pdf_bytes(content, profile=profile).failures}


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_valid_for_readers_by_ear(name: str) -> None:
    assert not failures(printed(name, "full"), SPOKEN)
    assert not failures(printed(name, "empty"), SPOKEN)


def test_other_papers_and_those_of_a_region_are_valid_for_readers_by_ear() -> None:
    assert not failures(render(role_guides()["care_manager"]), SPOKEN)
    assert not failures(render(kit_of("mihon")), SPOKEN)
    assert not failures(printed("admission_information", "full", "mihon"), SPOKEN)


@pytest.mark.parametrize("name", ["admission_information", "consent", "fax_cover"])
def test_what_is_kept_is_valid_for_the_archive_and_for_readers_by_ear(name: str) -> None:
    content = archived(filled(name))
    assert not failures(content, KEPT)
    assert not failures(content, SPOKEN)


def test_what_is_kept_stays_valid_with_plans_beside_it_and_paper_claims_nothing() -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    plans = io.BytesIO()
    writer.write(plans)
    kept = kept_with_plans(archived(filled("consent")), plans.getvalue(), "M-2026-0042")
    assert not failures(kept, KEPT)
    assert not failures(kept, SPOKEN)
    assert opened(kept).attachments == {"plans-M-2026-0042.pdf": [plans.getvalue()]}
    paper = with_plans(printed("consent", "full"), plans.getvalue(), "M-2026-0042")
    root: Any = PdfReader(io.BytesIO(paper)).trailer["/Root"]
    assert b"pdfuaid" not in root["/Metadata"].get_data().replace(b"xmlns:pdfuaid", b"")


def test_the_validator_notices_what_is_missing() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(printed("consent", "full")))
    del writer.root_object["/StructTreeRoot"]
    spoilt = io.BytesIO()
    writer.write(spoilt)
    assert failures(spoilt.getvalue(), SPOKEN)
    assert failures(printed("consent", "full"), KEPT)


def test_a_cell_is_read_out_with_the_heading_at_its_left_alone() -> None:
    """Two fields stand side by side; each has its own heading."""
    rows = [one for one in elements(printed("admission_information", "full")) if one["/S"] == "/TR"]
    pairs = 0
    for row in rows:
        cells = [cell.get_object() for cell in row["/K"]]
        if [cell["/S"] for cell in cells] == ["/TH", "/TD", "/TH", "/TD"]:
            pairs += 1
            for head, cell in zip(cells[::2], cells[1::2], strict=True):
                assert cell["/A"]["/Headers"] == [head["/ID"]]
    assert pairs
