from datetime import UTC, date, datetime

import pytest

from tests.people import NOW
from web import dates


def test_days_are_written_with_their_weekday() -> None:
    assert dates.day(date(2026, 11, 20)) == "2026年11月20日(金)"
    assert dates.short_day(date(2026, 1, 4)) == "1/4(日)"
    assert dates.month(date(2026, 11, 20)) == "2026年11月"


def test_a_moment_is_written_as_the_clock_in_tokyo_shows_it() -> None:
    assert dates.moment(NOW) == "2026年11月20日(金) 10:00"
    assert dates.moment(datetime(2026, 12, 31, 15, 5, tzinfo=UTC)) == "2027年1月1日(金) 0:05"


def test_what_is_not_known_is_written_as_nothing() -> None:
    assert dates.day(None) == dates.short_day(None) == dates.moment(None) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1秒"), (2.0, "2秒"), (59.1, "1分"), (61, "2分"), (900, "15分")],
)
def test_a_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert dates.wait(seconds) == words
