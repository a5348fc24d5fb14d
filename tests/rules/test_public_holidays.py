"""The holidays by name: two libraries agree, the Cabinet Office's list stands above both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import jpholiday
import pytest

from rules.errors import CalendarError, InputError
from rules.public_holidays import (
    HEADING,
    PublicHolidays,
    gazetted_holidays,
    gazetted_until,
    public_holidays,
)

YEARS = range(2024, 2041)
# What the second list says otherwise, each with its reason. There is nothing to list; a
# difference that comes with a new release of either library belongs here, explained.
DIFFERENCES: dict[date, str] = {}
ROWS = [(day, name) for year in (2025, 2026) for day, name in public_holidays(year).items()]


def written(file: Path, rows: list[tuple[date, str]], encoding: str = "cp932") -> Path:
    lines = [",".join(HEADING)]
    lines += [f"{day.year}/{day.month}/{day.day},{name}" for day, name in rows]
    file.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return file


@pytest.mark.parametrize("year", YEARS)
def test_the_days_agree_with_a_second_library(year: int) -> None:
    # It names the holiday that a substitute stands for as well: "勤労感謝の日 振替休日".
    second = {day: name.split()[-1] for day, name in jpholiday.year_holidays(year)}
    ours = dict(public_holidays(year))
    for day in DIFFERENCES:
        assert ours.pop(day, None) != second.pop(day, None)

    assert ours == second


def test_holidays_are_in_order_and_named_in_japanese() -> None:
    of_2026 = public_holidays(2026)

    assert list(of_2026) == sorted(of_2026)
    assert of_2026[date(2026, 9, 22)] == "国民の休日"
    assert of_2026[date(2026, 11, 23)] == "勤労感謝の日"


@pytest.mark.parametrize("year", [1985, 2100])
def test_a_year_that_nobody_knows_is_not_answered_with_no_holidays(year: int) -> None:
    with pytest.raises(CalendarError, match=f"{year}年の祝日は分かりません"):
        public_holidays(year)


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 1, 31), 2026),
        (date(2026, 2, 28), 2026),
        (date(2026, 3, 1), 2027),
        (date(2026, 12, 31), 2027),
    ],
)
def test_next_years_holidays_are_known_once_february_has_passed(on: date, until: int) -> None:
    assert gazetted_until(on) == until


def test_a_year_after_the_last_gazetted_one_is_provisional() -> None:
    known = PublicHolidays(2027)

    assert not known.is_provisional(2027)
    assert known.is_provisional(2028)
    assert known.name_of(date(2028, 1, 1)) == "元日"


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8"])
def test_the_cabinet_offices_list_is_read(tmp_path: Path, encoding: str) -> None:
    known = PublicHolidays.of_csv(written(tmp_path / "syukujitsu.csv", ROWS, encoding))

    assert known.known_until == 2026
    assert dict(known.of_year(2025)) == dict(public_holidays(2025))
    assert known.is_provisional(2027)


def test_the_list_alone_counts_for_its_years(tmp_path: Path) -> None:
    moved = [
        (date(2026, 7, 21) if name == "海の日" and day.year == 2026 else day, name)
        for day, name in ROWS
    ]

    known = PublicHolidays.of_csv(written(tmp_path / "list.csv", moved))

    assert known.name_of(date(2026, 7, 20)) is None
    assert known.name_of(date(2026, 7, 21)) == "海の日"
    assert known.name_of(date(2024, 7, 15)) == "海の日"
    assert known.name_of(date(2027, 7, 19)) == "海の日"


def test_empty_rows_and_empty_cells_at_the_end_are_passed_over(tmp_path: Path) -> None:
    file = written(tmp_path / "list.csv", ROWS)
    file.write_bytes(file.read_bytes() + b",\r\n\r\n")

    assert set(gazetted_holidays(file)) == {2025, 2026}


@pytest.mark.parametrize(
    ("row", "line", "found"),
    [
        ("2026/2/30,建国記念の日", 2, "祝日の行として読めません"),
        ("2026/1/1", 2, "祝日の行として読めません"),
        ("2026/1/1,", 2, "祝日の行として読めません"),
        ("元日,2026/1/1", 2, "祝日の行として読めません"),
        ("2026/1/1,元日,休日", 2, "祝日の行として読めません"),
    ],
)
def test_a_row_that_is_no_holiday_is_refused_with_its_line(
    tmp_path: Path, row: str, line: int, found: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{','.join(HEADING)}\n{row}\n", encoding="cp932")

    with pytest.raises(InputError, match=found) as refused:
        gazetted_holidays(file)

    assert refused.value.line == line
    assert "2026/11/23,勤労感謝の日" in refused.value.instead


def test_a_day_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "list.csv", [*ROWS, ROWS[0]])

    with pytest.raises(InputError, match="2025-01-01が二度書かれています"):
        gazetted_holidays(file)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], "祝日が一日もありません"),
        (ROWS[:25], "2026年の祝日が揃っていません"),
        (ROWS[1:], "2025年の祝日が揃っていません"),
        ([*ROWS, *public_holidays(2028).items()], "2027年の祝日が揃っていません\\(0日\\)"),
    ],
)
def test_a_list_that_was_cut_off_is_refused(
    tmp_path: Path, rows: list[tuple[date, str]], found: str
) -> None:
    with pytest.raises(InputError, match=found):
        gazetted_holidays(written(tmp_path / "list.csv", rows))


@pytest.mark.parametrize("content", [b"", b"a,b\n", "日付,名前\n".encode("cp932")])
def test_another_file_is_told_by_its_heading(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)

    with pytest.raises(InputError, match="見出しではありません"):
        gazetted_holidays(file)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\xff\xfe\x00\x81")

    with pytest.raises(InputError, match="文字コード"):
        gazetted_holidays(file)
    with pytest.raises(InputError, match="開けません"):
        gazetted_holidays(tmp_path / "absent.csv")
