"""When a region rests, as it decided."""

from datetime import date

from handoffs.calendars import Rest
from tests.people import REGION


def test_a_turn_of_the_year_closes_its_days_in_every_year_and_no_other() -> None:
    rest = Rest(REGION, ((12, 29), (1, 3)), frozenset({date(2027, 8, 13)}))
    days = rest.between(2026, 2027)
    assert {date(2026, 1, 3), date(2026, 12, 29), date(2027, 1, 1), date(2027, 8, 13)} <= days
    assert not {date(2026, 12, 28), date(2027, 1, 4), date(2026, 8, 13)} & days
    assert Rest().between(2026, 2027) == frozenset()
