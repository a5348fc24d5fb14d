from hypothesis import given
from hypothesis import strategies as st

from forms.continuation import Piece, piece

LETTERS = ("あ", "漢", "a", "ｶ", "。", "\n", " ", "邉\U000e0101", "か\u3099")
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=400).map("".join)


def test_what_fits_stays_whole() -> None:
    assert piece("俳句。", columns=10, lines=1) == Piece("俳句。")


def test_a_text_is_cut_where_a_sentence_ends() -> None:
    cut = piece("一二三四五。六七八九。十一二三四五六七八九", columns=6, lines=3)
    assert cut == Piece("一二三四五。六七八九。", "十一二三四五六七八九")


@given(TEXTS, st.integers(4, 40), st.integers(1, 6))
def test_nothing_is_lost_and_nothing_is_added(text: str, columns: int, lines: int) -> None:
    cut = piece(text, columns=columns, lines=lines)
    assert (cut.words + cut.rest).replace("\n", "") == text.replace("\n", "")


@given(TEXTS, st.integers(4, 40), st.integers(2, 6))
def test_no_variant_is_parted_from_its_character(text: str, columns: int, lines: int) -> None:
    rest = piece(text, columns=columns, lines=lines).rest
    assert not rest or rest[0] not in "\u3099\U000e0101"
