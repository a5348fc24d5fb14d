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


def test_the_count_goes_on_to_the_day_of_giving_and_leaves_out_what_lies_between_long_after() -> (
    None
):
    admitted_on = date(2026, 11, 20)
    window = fee_window(admission_table(admitted_on), admitted_on, time(10, 0), office())

    def numbers(given_on: date) -> list[int]:
        proof = day_count(window, office(), also=given_on)
        assert [day.covers for day in proof if day.on > window.last_day] == [()] * (len(proof) - 3)
        return [day.admission_is_day_1 for day in proof]

    assert numbers(date(2026, 11, 18)) == [1, 2, 3], "before the admission there is no number"
    assert numbers(date(2026, 11, 21)) == [1, 2, 3]
    assert numbers(date(2026, 11, 24)) == [1, 2, 3, 4, 5]
    assert numbers(date(2026, 12, 6)) == list(range(1, 18))
    assert numbers(date(2026, 12, 7)) == [1, 2, 3, 18]


def test_seven_days_end_on_one_of_two_days_and_the_earlier_stands_first() -> None:
    assert window_of_days(date(2026, 11, 20), 7) == (date(2026, 11, 26), date(2026, 11, 27))
