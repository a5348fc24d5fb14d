from pathlib import Path

import pytest

from tests.forms import ocr
from tests.forms.paper import filled, pages, printed

pytestmark = pytest.mark.skipif(bool(ocr.MISSING), reason=ocr.MISSING)

LEAST = {"admission_information": 0.8, "admission_notice": 0.7, "fax_cover": 0.55}
"""Of the letters of the written fields; docs/sheets.md has the measured figures."""


@pytest.mark.parametrize("name", LEAST)
def test_the_main_fields_are_read_back_by_a_machine_after_a_fine_fax(
    name: str, tmp_path: Path
) -> None:
    content = printed(name, "full")
    words = ocr.main_words(filled(name), pages(content)[0])
    assert len(words) >= 5
    shown = ocr.read(content, tmp_path)
    letters = sum(map(len, words.values()))
    found = sum(ocr.likeness(one, shown) * len(one) for one in words.values())
    assert found / letters >= LEAST[name]
