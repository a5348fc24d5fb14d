"""What people type, and what is made of it."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.errors import BadEntry
from handoffs.stays.certification import CareNeedLevel
from web.inputs import NOT_ASKED, Posted, full_width_kana, typed_day, typed_time

TODAY = date(2026, 11, 20)


def posted(**typed: str) -> Posted:
    return Posted({name: [value] for name, value in typed.items()}, TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "R8.11.20",
        "r8.11.20",
        "81120",
        "2026-11-20",
        "令和8年11月20日",
        "Ｒ８．１１．２０",
        "20261120",
    ],
)
def test_a_day_is_read_however_it_is_typed(typed: str) -> None:
    assert posted(on=typed).needed_day("on", ask="入力してください。") == TODAY


def test_a_birth_date_without_an_era_is_asked_back_with_every_reading() -> None:
    form = posted(birth_on="120304")
    form.birth_day("birth_on", ask="入力してください。")
    assert [reading.on.year for reading in form.readings["birth_on"]] == [2000, 1937, 1923]
    assert "候補" in form.errors["birth_on"]


def test_a_reading_that_was_picked_is_taken() -> None:
    form = posted(birth_on="120304", birth_on_reading="1937-03-04")
    assert form.birth_day("birth_on", ask="") == date(1937, 3, 4)
    assert form.errors == {}


def test_a_reading_that_the_text_cannot_mean_is_not_taken() -> None:
    form = posted(birth_on="120304", birth_on_reading="1990-01-01")
    form.birth_day("birth_on", ask="")
    assert "birth_on" in form.errors


def test_a_reading_left_over_from_an_earlier_text_does_no_harm() -> None:
    form = posted(birth_on="S23.3.4", birth_on_reading="1937-03-04")
    assert form.birth_day("birth_on", ask="") == date(1948, 3, 4)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10:30", time(10, 30)),
        ("1030", time(10, 30)),
        ("930", time(9, 30)),
        ("9時5分", time(9, 5)),
        ("１０：３０", time(10, 30)),
        ("10時", time(10, 0)),
        ("0:00", time(0, 0)),
        ("", None),
    ],
)
def test_a_time_is_read_however_it_is_typed(typed: str, read: time | None) -> None:
    form = posted(at=typed)
    assert form.clock("at") == read
    assert form.errors == {}


@pytest.mark.parametrize("typed", ["25:00", "10:75", "朝", "10:30:59", "-1:00"])
def test_an_impossible_time_is_refused_with_an_example(typed: str) -> None:
    form = posted(at=typed)
    assert form.clock("at") is None
    assert "10:30" in form.errors["at"]


@pytest.mark.parametrize(
    "typed", ["たかはし みほこ", "ﾀｶﾊｼ ﾐﾎｺ", "タカハシ　ミホコ", "タカハシ  ミホコ"]
)
def test_kana_in_any_writing_becomes_full_width_katakana(typed: str) -> None:
    form = posted(kana=typed)
    assert form.kana("kana", ask="") == "タカハシ ミホコ"
    assert form.errors == {}


@pytest.mark.parametrize("typed", ["高橋", "Takahashi", "タカハシ1"])
def test_what_is_no_kana_is_refused(typed: str) -> None:
    form = posted(kana=typed)
    form.kana("kana", ask="")
    assert "kana" in form.errors


def test_a_word_that_is_not_on_the_list_says_what_to_do() -> None:
    form = posted(level="care_9")
    form.word("level", CareNeedLevel, ask="介護認定を選んでください。")
    assert form.errors["level"] == "一覧にない値です。介護認定を選んでください。"


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "９", "12345678901234567890"])
def test_what_is_no_id_is_refused(typed: str) -> None:
    form = posted(ward_id=typed)
    form.needed_number("ward_id", ask="病棟を選んでください。")
    assert "ward_id" in form.errors


def test_a_field_that_nobody_asked_for_is_refused() -> None:
    form = posted(name="見本 花子", hospital_id="2", form_id="x", form_token="y")
    form.text("name")
    with pytest.raises(BadEntry) as bad:
        form.finish()
    assert set(bad.value.fields) == {NOT_ASKED}


def test_what_was_typed_stays_as_it_was_typed() -> None:
    form = posted(name="  𠮷田 﨑子 ", on="８１１２０")
    form.text("name")
    form.day("on")
    assert form.values == {"name": "  𠮷田 﨑子 ", "on": "８１１２０"}


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    form = posted(name="花" * 61)
    stands_in = form.text("name")
    assert "60文字" in form.errors["name"]
    assert form.values == {"name": "花" * 61}
    assert len(stands_in) == 60, "an entry made before the form is finished would fail over it"


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2026, 11, 20)))
def test_a_day_that_is_prefilled_reads_back_as_the_same_day(day: date) -> None:
    form = posted(birth_on=typed_day(day))
    limit = date(1896, 11, 21)
    assert form.birth_day("birth_on", ask="") == day or day < limit


@given(st.times())
def test_a_time_that_is_prefilled_reads_back_to_the_minute(at: time) -> None:
    assert posted(at=typed_time(at)).clock("at") == at.replace(second=0, microsecond=0)


@given(st.text(max_size=40))
def test_reading_any_text_never_fails(typed: str) -> None:
    form = posted(on=typed, birth_on=typed, at=typed, kana=typed, ward_id=typed, level=typed)
    form.day("on")
    form.birth_day("birth_on", ask="入力してください。")
    form.clock("at")
    form.kana("kana", ask="入力してください。")
    form.number("ward_id")
    form.word("level", CareNeedLevel, ask="選んでください。")
    assert typed.strip() == "" or form.values["on"] == typed


@given(st.text(max_size=20))
def test_kana_written_twice_is_kana_written_once(text: str) -> None:
    assert full_width_kana(full_width_kana(text)) == full_width_kana(text)
