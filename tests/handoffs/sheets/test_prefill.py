"""What a field begins with, where it comes from, and what two sheets differ in."""

from hypothesis import given
from hypothesis import strategies as st

from handoffs.sheets.flat import changed_fields, field_of, flattened, row_key
from handoffs.sheets.prefill import NEVER, RECORD, WORDS, Known, Slot, prefilled, slot_of

KEYS = st.sampled_from(["a", "b", "a/x", "rows:0:who", "rows:1:who"])
FLAT = st.dictionaries(KEYS, st.text(max_size=8))


def slots(*keys: str) -> list[Slot]:
    return [slot_of(key, field_of(key), "") for key in keys]


def test_the_record_comes_before_the_last_sheet() -> None:
    known = {"ward": Known("3階東", "入院の登録")}
    found = prefilled(
        slots("ward", "interests"), known, {"ward": "2階", "interests": "俳句"}, "前回"
    )
    assert found["ward"] == Known("3階東", "入院の登録")
    assert found["interests"] == Known("俳句", "前回")


def test_what_is_never_prefilled_asks_nobody() -> None:
    asked = [slot_of("home_visit", "home_visit", NEVER), slot_of("ward", "ward", RECORD)]
    assert prefilled(asked, {}, {"home_visit": "wish", "ward": "2階"}, "前回") == {}


def test_a_day_of_writing_and_the_consent_are_never_carried_over() -> None:
    last = {"written_on": "2026-10-03", "consent_given": "given", "case_code": "ABC"}
    assert prefilled(slots(*last), {}, last, "前回") == {}


def test_a_definition_may_ask_under_another_word_with_the_words_beside_an_option() -> None:
    known = {"care_group": Known("care", "x"), "care_group/care": Known("2", "x")}
    asked = [slot_of(key, "certified", "care_group") for key in ("certified", "certified/care")]
    found = prefilled(asked, known, {}, "")
    assert {key: one.value for key, one in found.items()} == {
        "certified": "care", "certified/care": "2",
    }  # fmt: skip


def test_a_table_comes_whole_from_one_of_the_two() -> None:
    known = {"contacts:0:name": Known("見本", "連絡先の記録")}
    last = {"contacts:0:name": "前", "contacts:0:telephone": "00", "contacts:1:name": "後"}
    found = prefilled(slots(*last), known, last, "前回")
    assert {key: one.value for key, one in found.items()} == {"contacts:0:name": "見本"}


def test_every_word_stands_once() -> None:
    assert len(set(WORDS)) == len(WORDS)


@given(FLAT, FLAT)
def test_nothing_is_prefilled_that_neither_said(
    known: dict[str, str], last: dict[str, str]
) -> None:
    told = {word: Known(value, "r") for word, value in known.items()}
    asked = [Slot(key, key) for key in {*known, *last}]
    found = prefilled(asked, told, last, "l")
    for key, one in found.items():
        assert one.value
        assert one.value == (known if one.origin == "r" else last)[key]
    assert all(found[key].origin == "r" for key, value in known.items() if value)


@given(FLAT, FLAT)
def test_a_difference_is_the_same_from_both_sides_and_none_with_itself(
    before: dict[str, str], after: dict[str, str]
) -> None:
    assert changed_fields(before, after) == changed_fields(after, before)
    assert changed_fields(before, before) == frozenset()
    emptied = {key: value for key, value in before.items() if value}
    assert changed_fields(before, emptied) == frozenset()


@given(FLAT)
def test_a_field_differs_only_where_one_of_its_keys_does(before: dict[str, str]) -> None:
    after = before | {"a": before.get("a", "") + "x"}
    assert changed_fields(before, after) == {"a"}


def test_kept_answers_are_laid_out_flat() -> None:
    flat = flattened({"a": "1", "b": ["x", "y"], "r": [{"who": "p"}, {"who": "q"}], "e": ""})
    assert flat == {"a": "1", "b": "x,y", row_key("r", 0, "who"): "p", "r:1:who": "q"}
