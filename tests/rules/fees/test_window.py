"""The windows of 入院時情報連携加算, in a table written as people speak, and against a plain one.

The plain one, in plain_window.py, imports nothing from rules.
"""

from __future__ import annotations

from datetime import date, time

import pytest

from rules.fees import admission_table
from rules.fees.office_hours import Arrival
from rules.fees.window import FeeWindow, fee_window
from tests.rules.offices import WEEKDAYS, office
from tests.rules.plain_window import ONE, plain, public_holidays

YEAR_END = [date(2026, 12, 30), date(2026, 12, 31), *(date(2027, 1, day) for day in (1, 2, 3))]


def window(admitted: str, closed: list[date] | None = None) -> FeeWindow:
    day, _, clock = admitted.partition("T")
    admitted_on = date.fromisoformat(day)
    at = time.fromisoformat(clock) if clock else None
    return fee_window(admission_table(admitted_on), admitted_on, at, office(closed=closed or []))


def said(found: FeeWindow) -> tuple[str, str]:
    """Both tiers as `11-21`, or `11-21/11-22?` where the insurer is to be asked."""
    first, second = (
        f"{each.until:%m-%d}/{each.outer:%m-%d}?" if each.ask else f"{each.until:%m-%d}"
        for each in found.tiers
    )
    return first, second


@pytest.mark.parametrize(
    ("told", "admitted", "first", "second"),
    [
        ("木曜の午前、3日目は土曜", "2026-11-19T10:00", "11-19", "11-21"),
        (
            "木曜の営業時間後、3日目が土曜でその翌日も休み",
            "2026-11-19T18:10",
            "11-20",
            "11-21/11-22?",
        ),
        (
            "金曜の営業時間後、連休にまたがっても続けては延びない",
            "2026-11-20T19:00",
            "11-21",
            "11-22/11-23?",
        ),
        ("土曜の入院、3日目が祝日", "2026-11-21T09:00", "11-22", "11-23/11-24?"),
        ("水曜、ちょうど閉まる時刻", "2026-11-25T17:30:00", "11-25", "11-27"),
        ("水曜、閉まって一秒", "2026-11-25T17:30:01", "11-26", "11-27"),
        ("月曜の午前", "2026-11-16T10:00", "11-16", "11-18"),
        ("月曜、始まる前の早朝", "2026-11-16T05:00", "11-16", "11-18"),
        ("月曜の営業時間後", "2026-11-16T18:00", "11-17", "11-18"),
        ("金曜の午前、3日目は日曜", "2026-11-13T10:00", "11-13", "11-15"),
        ("金曜の営業時間後、3日目は日曜で月曜は営業日", "2026-11-13T18:00", "11-14", "11-16"),
        ("土曜の夜、休みの日に営業時間後はない", "2026-11-14T23:00", "11-15", "11-16"),
        ("日曜、3日目は火曜", "2026-11-15T09:00", "11-16", "11-17"),
        ("祝日の月曜、3日目は水曜", "2026-11-23T18:00", "11-24", "11-25"),
        ("水曜、時刻不明、3日目は営業日", "2026-11-18", "11-18/11-19?", "11-20"),
        ("木曜、時刻不明、3日目は土曜", "2026-11-19", "11-19/11-20?", "11-21/11-22?"),
        ("金曜、時刻不明、3日目は日曜で月曜は営業日", "2026-11-13", "11-13/11-14?", "11-15/11-16?"),
        ("土曜、時刻不明でも休みは休み", "2026-11-14", "11-15", "11-16"),
    ],
)
def test_2024_table(told: str, admitted: str, first: str, second: str) -> None:
    assert said(window(admitted)) == (first, second), told


def test_before_the_year_end_closure_the_extension_does_not_chain() -> None:
    assert said(window("2026-12-29T18:00", YEAR_END)) == ("12-30", "12-31/01-01?")


def test_an_unknown_time_that_changes_nothing_is_not_asked_about() -> None:
    found = window("2026-11-18")

    assert found.arrival is Arrival.UNKNOWN
    assert not found.tiers[1].ask
    assert "入院時刻" not in found.tiers[1].why
    assert "病院に入院時刻を確かめてください" in found.tiers[0].why
    assert "保険者" in window("2026-11-19").tiers[1].why
    assert "保険者" not in window("2026-11-13").tiers[1].why


@pytest.mark.parametrize(
    ("admitted", "first", "second", "units"),
    [
        ("2012-04-01T10:00", "04-07/04-08?", "04-07/04-08?", [200, 100]),
        ("2018-03-31", "04-06/04-07?", "04-06/04-07?", [200, 100]),
        ("2018-04-01T10:00", "04-03/04-04?", "04-07/04-08?", [200, 100]),
        ("2024-03-31T23:00", "04-02/04-03?", "04-06/04-07?", [200, 100]),
        ("2024-04-01T10:00", "04-01", "04-03", [250, 200]),
    ],
)
def test_the_day_of_admission_chooses_the_table(
    admitted: str, first: str, second: str, units: list[int]
) -> None:
    found = window(admitted)

    assert said(found) == (first, second)
    assert [each.tier.units for each in found.tiers] == units


def covers(found: FeeWindow, day: str) -> list[str]:
    return [
        f"{cover.tier.id}{'?' if cover.ask else ''}"
        for cover in found.covers(date.fromisoformat(day))
    ]


def test_a_sheet_sent_before_a_planned_admission_counts_for_the_first_tier() -> None:
    assert covers(window("2026-11-24T10:00"), "2026-11-20") == ["I"]


def test_a_sheet_sent_the_day_after_the_second_window_earns_nothing() -> None:
    found = window("2026-11-24T10:00")

    assert found.last_day == date(2026, 11, 26)
    assert covers(found, "2026-11-24") == ["I"]
    assert covers(found, "2026-11-26") == ["II"]
    assert covers(found, "2026-11-27") == []


def test_a_day_between_safe_and_outer_is_covered_with_a_question() -> None:
    assert covers(window("2026-11-19T18:10"), "2026-11-22") == ["II?"]
    assert covers(window("2026-11-18"), "2026-11-19") == ["I?", "II"]
    assert covers(window("2020-03-05"), "2020-03-08") == ["I?", "II"]


def test_before_2018_the_means_and_not_the_day_makes_the_tier() -> None:
    found = window("2013-01-05")

    assert covers(found, "2013-01-05") == ["I", "II"]
    assert covers(found, "2013-01-12") == ["I?", "II?"]


def test_what_was_sent_before_admission_under_the_old_tables_is_to_be_asked() -> None:
    assert covers(window("2013-01-05"), "2013-01-04") == ["I?", "II?"]
    assert covers(window("2020-03-05"), "2020-03-04") == ["I?"]


START, END = date(2024, 1, 1), date(2040, 12, 31)
EVERY_YEAR_END = {
    date(year, month, day)
    for year in range(2023, 2042)
    for month, day in ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3), (8, 13), (8, 14), (8, 15))
}
OFFICES = {
    "月曜から金曜、祝日は休み": (WEEKDAYS, frozenset[date](), False),
    "月曜から土曜、祝日も開く": ((*WEEKDAYS, "sat"), frozenset[date](), True),
    "火曜から日曜、祝日は休み": (
        ("tue", "wed", "thu", "fri", "sat", "sun"),
        frozenset[date](),
        False,
    ),
    "月・水・金だけ": (("mon", "wed", "fri"), frozenset[date](), False),
    "年末年始と盆は休み": (WEEKDAYS, frozenset(EVERY_YEAR_END), False),
    "年中無休": ((*WEEKDAYS, "sat", "sun"), frozenset[date](), True),
}
NUMBER = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


@pytest.mark.parametrize("name", OFFICES)
def test_every_start_day_of_seventeen_years_agrees_with_a_plain_reading(name: str) -> None:
    weekdays, closed, on_holidays = OFFICES[name]
    ours = office(weekdays, closed, open_on_public_holidays=on_holidays)
    numbers = {NUMBER[weekday] for weekday in weekdays}
    public = public_holidays(START.year, END.year + 1)
    open_days = {
        day
        for day in (START + n * ONE for n in range((END - START).days + 10))
        if day.weekday() in numbers and day not in closed and (on_holidays or day not in public)
    }
    clocks = {"in hours": time(17, 30), "after hours": time(17, 31), "unknown": None}
    wrong = []
    day, seen = START, 0
    while day <= END:
        table = admission_table(day)
        for how, clock in clocks.items():
            found = tuple(
                (each.until, each.outer, each.ask)
                for each in fee_window(table, day, clock, ours).tiers
            )
            seen += 1
            if found != plain(day, open_days, how):
                wrong.append((day, how, found))
        day += ONE

    assert seen == 3 * ((END - START).days + 1)
    assert wrong == []
