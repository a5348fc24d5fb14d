import pytest

from forms.letters import letters_of, millimetres


def test_a_full_width_letter_is_as_wide_as_it_is_high() -> None:
    assert millimetres("見本𠮷", 72) == pytest.approx(3 * 25.4)
    assert millimetres("", 72) == 0


def test_a_variant_is_one_letter_with_a_glyph_of_its_own() -> None:
    plain, first, other = (letters_of(one) for one in ("邉", "邉\U000e0101", "邉\U000e0102"))
    assert plain
    assert first
    assert other
    assert len(first) == 1
    assert first[0].stands_for == "邉\U000e0101"
    assert len({plain[0].glyph, first[0].glyph, other[0].glyph}) > 1


@pytest.mark.parametrize("text", ["か\u3099", "一\n二", "😀", "\U000e0101", "e\u0301"])
def test_what_joins_or_breaks_or_has_no_glyph_is_left_to_the_library(text: str) -> None:
    assert letters_of(text) is None
    assert millimetres(text, 8.5) is None
