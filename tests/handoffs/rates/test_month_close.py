"""A month is frozen once, opened again only with a reason, and changes after it are shown."""

from datetime import UTC, date, datetime

import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.rates import of_month
from handoffs.rates.close_months import close_months
from handoffs.rates.figures import Figure
from handoffs.rates.month_close import changed_since, close_of, digest_of, is_whole, reopen
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from tests.factories import make_statement, make_stay
from tests.people import REGION, Cast

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
LAST_DAY = datetime(2026, 11, 30, 14, 59, tzinfo=UTC)
AFTER = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def _leaver(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(
            session, cast, admitted_on=date(2026, 10, 2), discharged_on=date(2026, 10, 20),
            destination=Destination.HOME,
        )  # fmt: skip
        make_statement(session, stay, Side.HOSPITAL, Result.NOT_CONTACTED, on=date(2026, 10, 20))


def test_a_month_is_closed_once_and_only_after_its_day(database: Database, cast: Cast) -> None:
    _leaver(database, cast)
    assert close_months(database, REGION, LAST_DAY) == ()
    assert close_months(database, REGION, AFTER) == (OCTOBER,)
    assert close_months(database, REGION, AFTER) == ()
    with database.reading() as session:
        row = close_of(session, REGION, OCTOBER)
        assert row is not None
        assert is_whole(row)
        assert row.figures["missed_coordination"]["total"] == [1, 1, 0]  # type: ignore[index]


def test_a_region_closes_on_its_own_day(database: Database, cast: Cast) -> None:
    _leaver(database, cast)
    on_the_10th = datetime(2026, 11, 10, 3, tzinfo=UTC)
    assert close_months(database, REGION, on_the_10th, 10) == ()
    assert close_months(database, REGION, on_the_10th.replace(day=11), 10) == (OCTOBER,)


def test_nothing_is_closed_where_nobody_was_admitted(database: Database) -> None:
    assert close_months(database, REGION, AFTER) == ()


def test_what_changes_after_the_close_stands_beside_what_was_frozen(
    database: Database, cast: Cast
) -> None:
    _leaver(database, cast)
    close_months(database, REGION, AFTER)
    _leaver(database, cast)
    with database.reading() as session:
        rates = of_month(session, REGION, OCTOBER, region_name="", hospital_names=True, now=AFTER)
        row = close_of(session, REGION, OCTOBER)
        assert row is not None
        changed = {one.label: one for one in changed_since(row, rates.measures)}
    assert changed["退院調整もれ率"].frozen == Figure(1, 1, 0)
    assert changed["退院調整もれ率"].now == Figure(2, 2, 0)
    assert not changed["退院調整もれ率"].redefined
    assert "新規相談につないだ率" not in changed


def test_the_trend_shows_closed_months_as_they_were_frozen(database: Database, cast: Cast) -> None:
    _leaver(database, cast)
    close_months(database, REGION, AFTER)
    _leaver(database, cast)
    with database.reading() as session:
        november = of_month(
            session, REGION, date(2026, 11, 1), region_name="", hospital_names=True, now=AFTER
        )
    assert dict(november.trend)[OCTOBER] == Figure(1, 1, 0)


@pytest.mark.parametrize("reason", ["", "  ", "あ" * 201])
def test_a_month_is_opened_again_only_with_a_reason(
    database: Database, cast: Cast, reason: str
) -> None:
    _leaver(database, cast)
    close_months(database, REGION, AFTER)
    with database.writing() as session, pytest.raises(BadEntry):
        reopen(session, REGION, OCTOBER, reason, by=cast.health_officer, now=AFTER)


def test_a_month_that_was_opened_again_closes_with_the_month_of_its_opening(
    database: Database, cast: Cast
) -> None:
    _leaver(database, cast)
    close_months(database, REGION, AFTER)
    opened = datetime(2026, 12, 3, 3, tzinfo=UTC)
    with database.writing() as session:
        assert reopen(session, REGION, OCTOBER, "届出の遅れ", by=cast.health_officer, now=opened)
        assert (
            reopen(session, REGION, OCTOBER, "もう一度", by=cast.health_officer, now=opened) is None
        )
    _leaver(database, cast)
    assert OCTOBER not in close_months(database, REGION, opened)
    assert OCTOBER in close_months(database, REGION, datetime(2027, 2, 1, 3, tzinfo=UTC))
    with database.reading() as session:
        row = close_of(session, REGION, OCTOBER)
        assert row is not None
        assert row.figures["missed_coordination"]["total"] == [2, 2, 0]  # type: ignore[index]


def test_a_digest_does_not_depend_on_the_order_of_the_keys() -> None:
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1}) != digest_of({"a": 1})
