"""The closed days of the side that must act, up to a last day."""

from datetime import date, timedelta
from typing import Any

import pytest

from handoffs.calendars import calendar_of
from handoffs.parties import Organization, OrganizationKind
from handoffs.shown.rest_days import MOST_DAYS, rest_days

AROUND = date(2026, 11, 20)
Run = tuple[tuple[int, int], tuple[int, int]]


def _shown(first: date, last: date, **columns: object) -> tuple[int, list[Run]] | None:
    given: dict[str, Any] = {"kind": OrganizationKind.CARE_SUPPORT_OFFICE, "region": "mihon"}
    office = Organization(**(given | {"name": "見本"} | columns))
    rest = rest_days(calendar_of(office, AROUND), first, last)
    if rest is None:
        return None
    return rest.count, [((a.month, a.day), (b.month, b.day)) for a, b in rest.runs]


@pytest.mark.parametrize(
    ("first", "last", "columns", "shown"),
    [
        # A holiday on the Monday after a weekend, and an office that works on Saturdays.
        (date(2026, 11, 20), date(2026, 11, 26), {}, (3, [((11, 21), (11, 23))])),
        (
            date(2026, 11, 20),
            date(2026, 11, 26),
            {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "08:30-17:30")},
            (2, [((11, 22), (11, 23))]),
        ),
        # The turn of the year with the office's own days, and one closed day by itself.
        (
            date(2026, 12, 28),
            date(2027, 1, 5),
            {"closed_days": ["2026-12-30", "2026-12-31"]},
            (5, [((12, 30), (1, 3))]),
        ),
        (
            date(2026, 11, 24),
            date(2026, 11, 27),
            {"closed_days": ["2026-11-25"]},
            (1, [((11, 25),) * 2]),
        ),
        (date(2026, 11, 23), date(2026, 11, 27), {"open_on_public_holidays": True}, None),
        (date(2026, 11, 28), date(2026, 11, 27), {}, None),
        (
            date(2026, 11, 20),
            AROUND + timedelta(days=MOST_DAYS + 1),
            {},
            None,
        ),
    ],
)
def test_closed_days_stand_in_runs(
    first: date, last: date, columns: dict[str, object], shown: tuple[int, list[Run]] | None
) -> None:
    assert _shown(first, last, **columns) == shown


def test_nobody_known_has_no_calendar() -> None:
    assert rest_days(None, AROUND, date(2026, 11, 26)) is None
