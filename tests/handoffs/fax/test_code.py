"""The check of a FAX's code: every single slip of the pen is found."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.fax.code import (
    ALPHABET,
    LENGTH,
    check_character,
    is_fax_code,
    new_fax_code,
    plain_fax_code,
)

BODIES = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def test_the_alphabet_has_a_prime_number_of_letters_and_none_that_looks_like_another() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set("01258BILOSUVZ") & set(ALPHABET)


@given(BODIES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body: str, at: int, wrong: str) -> None:
    code = body + check_character(body)
    assert is_fax_code(code)
    changed = code[:at] + wrong + code[at + 1 :]
    assert is_fax_code(changed) == (changed == code)


@given(BODIES)
def test_two_characters_that_changed_places_are_always_found(body: str) -> None:
    code = body + check_character(body)
    for one, other in itertools.combinations(range(LENGTH), 2):
        letters = list(code)
        letters[one], letters[other] = letters[other], letters[one]
        changed = "".join(letters)
        assert is_fax_code(changed) == (changed == code)


@given(BODIES)
def test_a_code_is_read_however_it_was_typed(body: str) -> None:
    code = body + check_character(body)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert plain_fax_code(f" {wide[:3]}-{wide[3:]} ") == code


@pytest.mark.parametrize("typed", ["", "K7RTN", "K7RTNAA", "K7RTN0", "ｱｲｳｴｵｶ"])
def test_what_has_another_shape_is_none(typed: str) -> None:
    assert not is_fax_code(plain_fax_code(typed))


def test_drawn_codes_are_codes_and_differ() -> None:
    drawn = {new_fax_code() for _ in range(200)}
    assert all(map(is_fax_code, drawn))
    assert len(drawn) > 190
