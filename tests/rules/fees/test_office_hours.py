"""The hours of an office: what counts as open, and which hours are refused in which words."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from rules.errors import CalendarError, InputError
from rules.fees.office_hours import Arrival, OfficeHours, closing_time, office_hours_of_file
from tests.rules.offices import HOLIDAYS, office

MONDAY = date(2026, 11, 16)
HOLIDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("told", "day", "clock", "arrival"),
    [
        ("始まる前", MONDAY, time(4, 0), Arrival.IN_HOURS),
        ("ちょうど閉まる時刻", MONDAY, time(17, 30), Arrival.IN_HOURS),
        ("閉まったあと", MONDAY, time(17, 31), Arrival.AFTER_HOURS),
        ("日付が変わる直前", MONDAY, time(23, 59), Arrival.AFTER_HOURS),
        ("日付が変わった直後", MONDAY, time(0, 0), Arrival.IN_HOURS),
        ("時刻不明", MONDAY, None, Arrival.UNKNOWN),
        ("祝日", HOLIDAY, time(10, 0), Arrival.CLOSED_DAY),
        ("土曜、時刻不明", SATURDAY, None, Arrival.CLOSED_DAY),
    ],
)
def test_how_an_admission_falls(told: str, day: date, clock: time | None, arrival: Arrival) -> None:
    assert office().arrival(day, clock) is arrival, told


def test_an_office_may_be_open_on_public_holidays_and_still_have_closed_days() -> None:
    ours = office(closed=[MONDAY], open_on_public_holidays=True)

    assert ours.is_open(HOLIDAY)
    assert not ours.is_open(MONDAY)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("08:30-12:00,13:00-17:30", "途中で閉まる時間は書けません"),
        ("08:30-12:00-17:30", "途中で閉まる時間は書けません"),
        ("08:30 - 17:30", "途中で閉まる時間は書けません"),
        ("22:00-06:00", "日をまたぐか"),
        ("09:00-09:00", "日をまたぐか"),
        ("08:30-24:00", "営業時間として読めません"),
        ("08:30-17:30+09:00", "営業時間として読めません"),
        ("8:30-17:30", "営業時間として読めません"),
        ("休み", "営業時間として読めません"),
        ("", "営業時間として読めません"),
    ],
)
def test_hours_that_a_window_cannot_be_counted_by_are_refused(span: str, words: str) -> None:
    with pytest.raises(CalendarError, match=words):
        closing_time(span)


def test_an_office_without_hours_or_with_an_unknown_weekday_is_refused() -> None:
    with pytest.raises(CalendarError, match="営業日が一つもありません"):
        office(weekdays=[])
    with pytest.raises(CalendarError, match="「月」は曜日ではありません"):
        office(weekdays=["月"])


def read_from(tmp_path: Path, text: str) -> OfficeHours:
    file = tmp_path / "office.yaml"
    file.write_text(text, encoding="utf-8")
    return office_hours_of_file(file, HOLIDAYS)


def test_an_office_is_read_from_its_file(tmp_path: Path) -> None:
    ours = read_from(
        tmp_path,
        'open: {mon: "08:30-17:30", sat: 09:00-12:00}\n'
        "public_holidays: open\n"
        "closed: [2026-11-21, 2026-12-30]\n",
    )

    assert ours.closes == {0: time(17, 30), 5: time(12, 0)}
    assert ours.is_open(HOLIDAY)
    assert not ours.is_open(SATURDAY)
    assert not ours.is_open(date(2026, 11, 17))


def test_public_holidays_are_closed_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    assert not read_from(tmp_path, "open: {mon: 08:30-17:30}\nclosed: []\n").is_open(HOLIDAY)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("open: {}\n", 1, "営業日が一つもありません"),
        ("public_holidays: closed\n", 1, "「open」がありません"),
        ("open: {mon: 08:30-17:30}\nhours: 3\n", 2, "「hours」という項目はありません"),
        ("open:\n  mon: 08:30-17:30\n  monday: 08:30-17:30\n", 3, "「mon」ではありませんか"),
        ("open:\n  mon: 08:30-17:30\n  tue: 22:00-06:00\n", 3, "23:59 まで"),
        ("open:\n  mon: 08:30-17:30\n  mon: 08:30-12:00\n", 3, "二度書かれています"),
        ("open:\n  mon: 08:30-17:30\n  tue:\n", 3, "値が書かれていません"),
        ("open: {mon: 08:30-17:30}\npublic_holidays: no\n", 2, "「はい・いいえ」"),
        ("open: {mon: 08:30-17:30}\nclosed: [12/30]\n", 2, "2026-11-20 のように"),
        ("open: [mon, tue]\n", 1, "「項目: 値」の並びが要ります"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read_from(tmp_path, text)

    assert refused.value.line == line
