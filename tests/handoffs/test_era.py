from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.era import (
    ERAS,
    GREGORIAN_SINCE,
    DateError,
    DateNeedsEra,
    month_on_paper,
    on_paper,
    parse_birth_date,
    parse_date,
)

TODAY = date(2026, 11, 22)
PLAN_DAY = date(2026, 11, 20)
DAYS = st.dates(GREGORIAN_SINCE, date(2117, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "R8.11.20", "r8.11.20", "R8/11/20", "R8-11-20", "R08.11.20", "令和8年11月20日",
        "令8.11.20", "令和8年11月20日(金)", "令和8年11月20日（金曜日）", "R081120", "R81120",
        "81120", "081120", "8.11.20", "8年11月20日", "2026-11-20", "2026/11/20", "2026.11.20",
        "2026年11月20日", "20261120", "２０２６１１２０", "Ｒ８．１１．２０", "８１１２０",
        "㋿8年11月20日", " R8.11.20 ", "R 8 . 11 . 20", "R8、11、20", "令和 8年 11月 20日",
        "26.11.20", "261120",
    ],
)  # fmt: skip
def test_every_way_of_typing_a_day_of_this_month_is_understood(typed: str) -> None:
    assert parse_date(typed, today=TODAY) == PLAN_DAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("S12.3.4", date(1937, 3, 4)),
        ("昭和12年3月4日", date(1937, 3, 4)),
        ("昭12.3.4", date(1937, 3, 4)),
        ("S120304", date(1937, 3, 4)),
        ("T15.12.25", date(1926, 12, 25)),
        ("S1.12.25", date(1926, 12, 25)),
        ("昭和元年12月31日", date(1926, 12, 31)),
        ("M45.7.30", date(1912, 7, 30)),
        ("T1.7.30", date(1912, 7, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("H31.4.30", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("1937-03-04", date(1937, 3, 4)),
        ("㍼12年3月4日", date(1937, 3, 4)),
    ],
)
def test_a_birth_date_with_its_era_or_a_western_year_is_that_day(typed: str, day: date) -> None:
    assert parse_birth_date(typed, today=TODAY) == day


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("S64.1.8", "平成元年"),
        ("昭和64年2月1日", "平成元年"),
        ("H31.5.1", "令和元年"),
        ("T15.12.26", "昭和元年"),
        ("M45.7.31", "大正元年"),
        ("R1.4.30", "平成の年"),
        ("H1.1.7", "昭和の年"),
        ("M5.12.1", "明治6年"),
        ("R0.5.1", "元年"),
        ("R8.2.30", "暦にない"),
        ("R8.13.1", "暦にない"),
        ("2026-02-29", "暦にない"),
        ("1868-02-01", "1873年"),
        ("0000-01-01", "暦にない"),
        ("R2026.11.20", "桁数"),
        ("126.11.20", "桁数"),
        ("元年5月1日", "元号が必要"),
        ("R8.11.20(土)", "曜日"),
        ("11/20", "日付として読めません"),
        ("1120", "日付として読めません"),
        ("", "日付として読めません"),
        ("きのう", "日付として読めません"),
        ("R8.11.20; DROP", "日付として読めません"),
        ("40.11.20", "元号か西暦"),
    ],
)
def test_a_date_that_never_was_is_refused_with_what_to_write(typed: str, words: str) -> None:
    with pytest.raises(DateError, match=words) as caught:
        parse_date(typed, today=TODAY)
    assert "。" in str(caught.value)


def test_a_birth_date_without_an_era_is_asked_back_with_every_possible_day() -> None:
    with pytest.raises(DateNeedsEra) as caught:
        parse_birth_date("120304", today=TODAY)
    assert [(one.label, one.on) for one in caught.value.candidates] == [
        ("平成12年3月4日", date(2000, 3, 4)),
        ("昭和12年3月4日", date(1937, 3, 4)),
        ("大正12年3月4日", date(1923, 3, 4)),
    ]


@pytest.mark.parametrize("typed", ["12.3.4", "12/3/4", "１２年３月４日", "12-03-04"])
def test_punctuation_does_not_replace_an_era(typed: str) -> None:
    with pytest.raises(DateNeedsEra):
        parse_birth_date(typed, today=TODAY)


def test_only_readings_that_their_era_had_are_offered() -> None:
    with pytest.raises(DateNeedsEra) as caught:
        parse_birth_date("640107", today=TODAY)
    assert [one.label for one in caught.value.candidates] == ["昭和64年1月7日"]


def test_first_years_are_offered_as_gannen() -> None:
    with pytest.raises(DateNeedsEra) as caught:
        parse_birth_date("10601", today=TODAY)
    assert [one.label for one in caught.value.candidates] == ["令和元年6月1日", "平成元年6月1日"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("R8.11.23", "未来"), ("M20.1.1", "昔すぎ"), ("991231", "生年月日として読めません")],
)
def test_nobody_is_born_tomorrow_or_130_years_ago(typed: str, words: str) -> None:
    with pytest.raises(DateError, match=words):
        parse_birth_date(typed, today=TODAY)


def test_today_is_a_possible_birth_date() -> None:
    assert parse_birth_date("R8.11.22", today=TODAY) == TODAY


def test_a_short_year_takes_the_reading_that_lies_near_today() -> None:
    assert parse_date("10.11.20", today=date(2026, 1, 1)) == date(2028, 11, 20)
    assert parse_date("10.11.20", today=date(2012, 1, 1)) == date(2010, 11, 20)


def test_without_today_a_short_year_is_in_reiwa() -> None:
    assert parse_date("81120") == PLAN_DAY
    assert parse_date("261120") == date(2044, 11, 20)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (PLAN_DAY, "令和8年11月20日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
    ],
)
def test_paper_bears_the_newer_era_of_a_day(day: date, words: str) -> None:
    assert on_paper(day) == words


def test_a_weekday_stands_in_brackets() -> None:
    assert on_paper(PLAN_DAY, weekday=True) == "令和8年11月20日(金)"
    assert month_on_paper(PLAN_DAY) == "令和8年11月"


def test_days_before_the_gregorian_calendar_are_not_printed() -> None:
    with pytest.raises(DateError):
        on_paper(date(1872, 12, 31))


@given(DAYS, st.booleans())
def test_what_is_printed_is_read_back(day: date, weekday: bool) -> None:  # noqa: FBT001
    assert parse_date(on_paper(day, weekday=weekday)) == day


@given(DAYS)
def test_every_short_form_of_a_printed_day_is_that_day(day: date) -> None:
    era = next(era for era in ERAS if era.begins <= day)
    year = day.year - era.first_year + 1
    for typed in (
        f"{era.letter}{year}.{day.month}.{day.day}",
        f"{era.name[0]}{year:02}/{day.month:02}/{day.day:02}",
        f"{era.letter.lower()}{year:02}{day:%m%d}",
        f"{day.year}{day:%m%d}",
        day.isoformat(),
    ):
        assert parse_date(typed) == day


@given(DAYS.filter(lambda day: day < TODAY and day.year > TODAY.year - 130))
def test_the_right_day_is_among_the_candidates(day: date) -> None:
    era = next(era for era in ERAS if era.begins <= day)
    typed = f"{day.year - era.first_year + 1}.{day.month}.{day.day}"
    with pytest.raises(DateNeedsEra) as caught:
        parse_birth_date(typed, today=TODAY)
    assert day in [one.on for one in caught.value.candidates]


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_an_error_with_a_message(typed: str) -> None:
    try:
        day = parse_birth_date(typed, today=TODAY)
    except DateError as error:
        assert str(error).endswith("。")  # noqa: PT017
    else:
        assert day <= TODAY


@given(st.from_regex(r"[RHSTM]?\d{1,4}[./-]\d{1,2}[./-]\d{1,2}", fullmatch=True))
def test_an_error_never_quotes_the_date(typed: str) -> None:
    try:
        parse_birth_date(typed, today=TODAY)
    except DateError as error:
        assert typed not in str(error) or typed in "S12.3.4 R8.11.20"  # noqa: PT017
