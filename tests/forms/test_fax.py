import pytest

from forms import Mask, SheetError
from forms.fax import fax
from forms.fax_papers import cover, slip
from tests.forms.paper import filled, opened, pages, text


def test_the_cover_counts_the_pages_and_every_page_is_masked() -> None:
    content = fax(
        filled("fax_cover", "half"), filled("admission_information"), filled("reply_slip", "half"),
        mask=Mask.INITIALS, added_pages=3,
    )  # fmt: skip
    assert len(opened(content).pages) == 4
    assert "総枚数（この紙を含む）7枚" in "".join(pages(content)[0].split())
    shown = text(content)
    assert "M.Y." in shown
    for covered in ("見本𠮷子", "ミホンヨシコ", "昭和12年3月4日", "見本町1丁目", "見本﨑子"):
        assert covered not in shown
    assert "お名前はお電話で" in shown
    assert all("M-2026-0042" in page for page in pages(content))


def test_nothing_is_faxed_without_a_mask_or_a_cover() -> None:
    with pytest.raises(SheetError, match="氏名は伏せます"):
        fax(filled("fax_cover"), filled("reply_slip"), mask=Mask.NONE)
    with pytest.raises(SheetError, match="送付状"):
        fax(filled("reply_slip"), filled("reply_slip"), mask=Mask.CIRCLES)


def test_cover_and_slip_are_masked_in_the_way_that_the_values_ask_for() -> None:
    left = ("written_on", "to_number", "contact", "hospital_telephone", "hospital_fax", "age")
    values = dict.fromkeys((*left, "to", "hospital", "kind", "municipality"), "")
    values |= {"region": "mihon", "code": "K7RTN4", "name": "見本 花子", "kana": "ミホン ハナコ"}
    assert {cover(values).mask, slip(values).mask} == {Mask.CIRCLES}
    asked = {**values, "mask": "initials"}
    assert {cover(asked).mask, slip(asked).mask} == {Mask.INITIALS}
