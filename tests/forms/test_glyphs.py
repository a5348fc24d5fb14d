import pytest

from forms.errors import PdfError
from forms.glyphs import check_texts, printable

NAMES = "髙橋 𠮷田 﨑山 渡邉 渡邉\U000e0101 邊\U000e0102 神\ufa19 ﾐﾎﾝ ｶﾞ ㌔㎏ Ⅳ① é"


def test_names_as_registers_write_them_can_be_printed() -> None:
    check_texts([("患者氏名", NAMES), ("住所", "見本町\n2番地\tA棟　101"), ("病棟", "")])


@pytest.mark.parametrize(
    ("unprintable", "words"),
    [
        ("😀", "3文字目は、このフォントにない文字"),
        ("ก", "このフォントにない文字"),
        ("\ue000", "このフォントにない文字"),
        ("\U000e01ef", "異体字"),
        ("\ufe0f", "異体字"),
        ("\x00", "制御文字"),
        ("\x1b", "制御文字"),
        ("\u202e", "制御文字"),
        ("\u200b", "制御文字"),
        ("\ufeff", "制御文字"),
        ("\ud800", "制御文字"),
    ],
)
def test_what_cannot_be_printed_names_the_field_and_not_its_contents(
    unprintable: str, words: str
) -> None:
    with pytest.raises(PdfError, match=words) as caught:
        check_texts([("住所", "見本"), ("患者氏名", f"見本{unprintable}氏名秘")])
    assert "「患者氏名」" in str(caught.value)
    assert unprintable not in str(caught.value)


def test_a_selector_at_the_beginning_selects_nothing() -> None:
    with pytest.raises(PdfError, match="1文字目の異体字"):
        check_texts([("患者氏名", "\U000e0101邉")])


def test_split_kana_are_joined_and_nothing_else_is_changed() -> None:
    assert printable("か\u3099ハ\u309a") == "がパ"
    assert printable("\ufa19\ufa11髙") == "\ufa19\ufa11髙"
