"""What is shown and exported of a closed month is what was frozen, whatever came afterwards."""

from datetime import UTC, date, datetime

from handoffs.database import Database
from handoffs.rates.close_months import close_months
from handoffs.rates.csv_file import csv_file
from handoffs.rates.cuts import CUTS, cuts_called
from handoffs.rates.figures import Figure
from handoffs.rates.month_close import reopen
from handoffs.rates.published import published_month
from handoffs.rates.shown_month import ShownMonth, shown_month
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from tests.factories import make_statement, make_stay
from tests.people import REGION, Cast

OCTOBER = date(2026, 10, 1)
AFTER = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 3, 3, 0, tzinfo=UTC)


def _leavers(database: Database, cast: Cast, many: int) -> None:
    with database.writing() as session:
        for _ in range(many):
            stay = make_stay(
                session, cast, admitted_on=date(2026, 10, 2), discharged_on=date(2026, 10, 20),
                destination=Destination.HOME,
            )  # fmt: skip
            on = date(2026, 10, 20)
            make_statement(session, stay, Side.HOSPITAL, Result.NOT_CONTACTED, on=on)


def _shown(database: Database, now: datetime, *by: str) -> ShownMonth:
    with database.reading() as session:
        return shown_month(
            session, REGION, OCTOBER, region_name="", hospital_names=True,
            by=cuts_called(by), now=now,
        )  # fmt: skip


def test_a_closed_month_shows_and_exports_what_was_frozen(database: Database, cast: Cast) -> None:
    _leavers(database, cast, 12)
    close_months(database, REGION, AFTER)
    with database.reading() as session:
        given = {"region_name": "", "hospital_names": True}
        before = published_month(session, REGION, OCTOBER, **given, now=AFTER)  # type: ignore[arg-type]
    _leavers(database, cast, 15)
    shown = _shown(database, LATER, *CUTS)
    assert shown.rates.measures[0].total == Figure(12, 12, 0)
    assert [cut.id for cut in shown.rates.measures[0].cuts] == list(CUTS)
    assert shown.rates.digest
    assert not shown.rates.provisional
    assert dict(shown.rates.trend)[OCTOBER] == Figure(12, 12, 0)
    changed = {one.label: (one.frozen, one.now) for one in shown.changed}
    assert changed["退院調整もれ率"] == (Figure(12, 12, 0), Figure(27, 27, 0))
    with database.reading() as session:
        after = published_month(session, REGION, OCTOBER, **given, now=LATER)  # type: ignore[arg-type]
    assert csv_file(after) == csv_file(before)


def test_a_month_that_was_opened_again_is_provisional_and_counted_as_it_stands(
    database: Database, cast: Cast
) -> None:
    _leavers(database, cast, 12)
    close_months(database, REGION, AFTER)
    _leavers(database, cast, 15)
    with database.writing() as session:
        reopen(session, REGION, OCTOBER, "届出の遅れ", by=cast.health_officer, now=LATER)
    shown = _shown(database, LATER)
    assert shown.rates.provisional
    assert shown.rates.measures[0].total == Figure(27, 27, 0)
    assert not shown.rates.digest
