from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handoffs.tokyo import (
    TOKYO,
    day_of,
    first_of_month,
    late_from,
    months_before,
    next_month,
    start_of,
)

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 30))


def test_a_day_in_tokyo_begins_at_15_utc_of_the_day_before() -> None:
    assert start_of(date(2026, 11, 20)) == datetime(2026, 11, 19, 15, tzinfo=UTC)
    assert day_of(datetime(2026, 11, 19, 14, 59, 59, tzinfo=UTC)) == date(2026, 11, 19)
    assert day_of(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)) == date(2026, 11, 20)


def test_the_whole_of_the_last_permitted_day_is_in_time() -> None:
    late = late_from(date(2026, 11, 26))
    last_second = datetime(2026, 11, 26, 23, 59, 59, tzinfo=TOKYO)
    assert last_second < late
    assert late == datetime(2026, 11, 27, 0, 0, tzinfo=TOKYO)


@given(DAYS)
def test_late_begins_exactly_one_tokyo_day_after_the_due_day_began(day: date) -> None:
    assert late_from(day) - start_of(day) == timedelta(days=1)
    assert day_of(late_from(day) - timedelta(microseconds=1)) == day
    assert day_of(late_from(day)) == day + timedelta(days=1)
    assert start_of(day).tzinfo is UTC


def test_late_begins_on_the_first_of_march_in_a_leap_year_too() -> None:
    assert late_from(date(2028, 2, 29)) == datetime(2028, 3, 1, tzinfo=TOKYO)
    assert late_from(date(2026, 12, 31)) == datetime(2027, 1, 1, tzinfo=TOKYO)


@given(DAYS)
def test_the_next_month_begins_the_day_after_this_month_ends(day: date) -> None:
    first = first_of_month(day)
    after = next_month(day)
    assert first <= day < after
    assert after.day == 1
    assert first_of_month(after - timedelta(days=1)) == first


def test_the_months_before_run_to_the_month_itself_oldest_first() -> None:
    assert months_before(date(2026, 2, 14), 4) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )
    assert months_before(date(2026, 2, 14), 1) == (date(2026, 2, 1),)
