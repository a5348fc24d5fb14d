"""The proof of a count of days."""

from __future__ import annotations

from datetime import date, time

from rules.fees import admission_table
from rules.fees.day_count import day_count, window_of_days
from rules.fees.window import fee_window
from tests.rules.offices import office


def test_each_date_stands_with_what_it_is_and_its_number_under_both_conventions() -> None:
    admitted_on = date(2026, 11, 20)
    window = fee_window(admission_table(admitted_on), admitted_on, time(19, 0), office())

    proof = [
        (
            day.on.isoformat(),
            day.holiday,
            day.is_open,
            day.admission_is_day_1,
            day.first_day_not_counted,
            [(cover.tier.id, cover.ask) for cover in day.covers],
        )
        for day in day_count(window, office())
    ]

    assert proof == [
        ("2026-11-20", None, True, 1, 0, [("I", False)]),
        ("2026-11-21", None, False, 2, 1, [("I", False)]),
        ("2026-11-22", None, False, 3, 2, [("II", False)]),
        ("2026-11-23", "勤労感謝の日", False, 4, 3, [("II", True)]),
    ]


def test_seven_days_end_on_one_of_two_days_and_the_earlier_stands_first() -> None:
    assert window_of_days(date(2026, 11, 20), 7) == (date(2026, 11, 26), date(2026, 11, 27))
