from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import jpholiday
import pytest

from handoffs.calendars import (
    calendar_of,
    calendars_for,
    go_by_file,
    holidays_known,
    public_holidays,
)
from handoffs.parties import Organization, OrganizationKind
from rules import InputError, Whose
from rules.public_holidays import HEADING
from tests.people import REGION

AROUND = date(2026, 11, 20)


@pytest.fixture
def own_list(tmp_path: Path) -> Iterator[Path]:
    """A place for a list of public holidays, gone by until the end of the test."""
    yield tmp_path / "syukujitsu.csv"
    go_by_file(None)


def _office(**columns: Any) -> Organization:  # noqa: ANN401 - columns of a row.
    given: dict[str, Any] = {
        "kind": OrganizationKind.CARE_SUPPORT_OFFICE,
        "region": REGION,
        "name": "見本",
        "hours": {},
        "closed_days": [],
        "open_on_public_holidays": False,
    }
    return Organization(**(given | columns))


def test_public_holidays_agree_with_a_second_list_for_eight_years() -> None:
    day = date(2024, 1, 1)
    while day < date(2032, 1, 1):
        assert (day in public_holidays(day.year)) == jpholiday.is_holiday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),
        (date(2026, 5, 6), False),
        (date(2026, 9, 22), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_without_hours_monday_to_friday_is_open_and_holidays_are_closed(
    day: date,
    is_open: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    assert calendar_of(None, AROUND).is_open(day) is is_open
    assert calendar_of(_office(), AROUND).is_open(day) is is_open


def test_an_offices_own_hours_and_closed_days_count() -> None:
    calendar = calendar_of(
        _office(hours={"sat": "09:00-12:00", "mon": "09:00-17:00"}, closed_days=["2026-11-28"]),
        AROUND,
    )
    assert calendar.is_open(date(2026, 11, 21))
    assert not calendar.is_open(date(2026, 11, 28))
    assert not calendar.is_open(date(2026, 11, 20))
    assert not calendar.is_open(date(2026, 11, 23))


def test_a_hospital_that_is_open_on_public_holidays_keeps_its_own_closed_days() -> None:
    calendar = calendar_of(
        _office(open_on_public_holidays=True, closed_days=["2026-12-29"]), AROUND
    )
    assert calendar.is_open(date(2026, 11, 23))
    assert not calendar.is_open(date(2026, 12, 29))


def test_a_stay_of_years_counts_the_holidays_of_its_last_year_too() -> None:
    calendars = calendars_for(_office(), None, date(2019, 4, 1), date(2026, 11, 1))
    assert set(calendars) == set(Whose)
    for calendar in calendars.values():
        assert not calendar.is_open(date(2026, 11, 23))
        assert not calendar.is_open(date(2018, 12, 24))


def test_an_admission_after_the_closing_time_is_told_from_one_in_hours() -> None:
    calendar = calendar_of(_office(hours={"fri": "09:00-17:30", "mon": "whenever"}), AROUND)
    assert calendar.closes == ((4, time(17, 30)),)
    assert calendar.is_after_hours(AROUND, time(18, 10))
    assert not calendar.is_after_hours(AROUND, time(17, 0))
    assert calendar.is_open(date(2026, 11, 30))
    assert calendar_of(None, AROUND).closes == ()


def test_the_cabinet_offices_list_counts_for_the_years_that_it_holds(own_list: Path) -> None:
    days = [f"2026/{month}/1,見本の日" for month in range(1, 12)]
    own_list.write_text("\n".join([",".join(HEADING), *days]), encoding="cp932")
    go_by_file(own_list)
    calendar = calendar_of(None, AROUND)
    assert not calendar.is_open(date(2026, 10, 1))
    assert calendar.is_open(date(2026, 11, 23)), "the list has no such holiday"
    assert not calendar.is_open(date(2027, 1, 1)), "the library knows the next year"
    assert holidays_known(AROUND).is_provisional(2027)
    go_by_file(None)
    assert not calendar_of(None, AROUND).is_open(date(2026, 11, 23))
    assert not holidays_known(AROUND).is_provisional(2027)


def test_a_list_that_is_none_is_refused_with_its_line(own_list: Path) -> None:
    own_list.write_text("日付,名前\n", encoding="utf-8")
    with pytest.raises(InputError, match="見出し") as refused:
        go_by_file(own_list)
    assert refused.value.line == 1
