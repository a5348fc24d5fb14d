"""The hospital's steps of 入退院支援加算, in a table written as people speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.fees import Counting, hospital_table
from rules.fees.hospital_clock import Step, hospital_steps
from tests.rules.offices import HOLIDAYS


def steps(
    admitted: str, fee: str = "1", *, long_term: bool = False, night: bool | None = False
) -> dict[str, Step]:
    day = date.fromisoformat(admitted)
    found = hospital_steps(
        hospital_table(day), fee, day, HOLIDAYS, long_term_care_ward=long_term, at_night=night
    )
    return {step.clock.id: step for step in found}


def said(step: Step) -> str:
    if step.until is None or step.outer is None:
        return "日付なし"
    return f"{step.until:%m-%d}" + (f"/{step.outer:%m-%d}?" if step.ask else "")


@pytest.mark.parametrize(
    ("told", "admitted", "night", "until"),
    [
        ("平日の月曜", "2024-06-10", False, "06-12/06-13?"),
        ("木曜の昼、3日目は土曜でも金曜がある", "2024-06-13", False, "06-15/06-16?"),
        ("金曜の昼", "2024-06-14", False, "06-16/06-17?"),
        ("金曜の夜", "2024-06-14", True, "06-17"),
        ("金曜、夜かどうか不明", "2024-06-14", None, "06-16/06-17?"),
        ("土曜、日曜のあとは平日の月曜", "2024-06-15", False, "06-17/06-18?"),
        ("三連休の土曜は三日とも休み", "2024-07-13", False, "07-16"),
        ("五月の連休の前の木曜の夜", "2024-05-02", True, "05-07"),
        ("五月の連休の前の木曜、夜かどうか不明", "2024-05-02", None, "05-04/05-07?"),
        ("五月の連休の初日", "2024-05-03", None, "05-07"),
    ],
)
def test_patients_are_found_within_three_days(
    told: str,
    admitted: str,
    night: bool | None,  # noqa: FBT001 - a cell of a table.
    until: str,
) -> None:
    assert said(steps(admitted, night=night)["find-patients-1"]) == until, told


def test_the_other_steps_are_not_moved_by_closed_days() -> None:
    found = steps("2024-06-10")

    assert said(found["interview-1"]) == "06-16/06-17?"
    assert said(found["plan-1"]) == "06-16/06-17?"
    assert said(found["conference-1"]) == "06-16/06-17?"


def test_a_long_term_care_ward_has_fourteen_days_for_the_interview_only() -> None:
    found = steps("2024-06-10", long_term=True)

    assert said(found["interview-1"]) == "06-23/06-24?"
    assert said(found["conference-1"]) == "06-16/06-17?"


def test_once_the_counting_is_confirmed_only_one_day_stands() -> None:
    day = date(2024, 6, 10)
    table = replace(hospital_table(day), counting=Counting.SETTLED)
    found = hospital_steps(table, "1", day, HOLIDAYS, long_term_care_ward=False, at_night=None)

    assert [said(step) for step in found] == ["06-12", "06-16", "06-16", "06-16"]


def test_the_second_fee_gives_no_day_where_the_source_gives_none() -> None:
    found = steps("2024-05-03", "2")

    assert said(found["find-patients-2"]) == "05-09/05-10?"
    assert said(found["interview-2"]) == "日付なし"
    assert not found["conference-2"].ask
