import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.mask import COVER, Mask, masked


@pytest.mark.parametrize(
    ("name", "kana", "expected"),
    [
        ("東京 太郎", "トウキョウ タロウ", "T.T."),
        ("見本 𠮷子", "みほん よしこ", "M.Y."),
        ("千葉 順", "チバ ジュン", "C.J."),
        ("福 津江", "ﾌｸ ﾂｴ", "F.T."),
        ("見本 𠮷子", "", "●本　●子"),
        ("見本 𠮷子", "？ ？", "●本　●子"),
    ],
)
def test_initials_come_from_the_reading(name: str, kana: str, expected: str) -> None:
    assert masked(name, kana, Mask.INITIALS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("東京太郎", "●京●郎"),
        ("東京 太郎", "●京　●郎"),
        ("林 一", "●　●"),
        ("渡邉\U000e0101 花", "●邉\U000e0101　●"),
        ("邉\U000e0101田", "●田"),
    ],
)
def test_every_other_character_is_covered(name: str, expected: str) -> None:
    assert masked(name, "", Mask.CIRCLES) == expected


@given(st.text(min_size=1), st.text(), st.sampled_from([Mask.INITIALS, Mask.CIRCLES]))
def test_a_name_never_comes_out_whole(name: str, kana: str, mask: Mask) -> None:
    shown = masked(name, kana, mask)
    assert not name.strip() or COVER in name or shown != name or shown.replace(".", "").isalpha()


def test_no_mask_changes_nothing() -> None:
    assert masked("見本 𠮷子", "", Mask.NONE) == "見本 𠮷子"
