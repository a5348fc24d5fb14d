"""Our own count of cases beside one from outside, and nothing guessed without one."""

from datetime import date

from handoffs.database import Database
from handoffs.rates.yearly.coverage import coverage_beside, coverage_of
from handoffs.rates.yearly.indicators import FigureKind, OutsideCount
from handoffs.rates.yearly.outside import FigureEntry, enter
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast

OCTOBER = date(2026, 10, 1)


def _outside(database: Database, cast: Cast, count: OutsideCount, period: str, value: str) -> None:
    entry = FigureEntry(
        kind=FigureKind.COVERAGE, name=count.value, period=period, value=value,
        source="KDB", source_on=date(2026, 11, 10), definition="国保・後期の方の退院",
    )  # fmt: skip
    with database.writing() as session:
        enter(session, REGION, entry, by=cast.health_officer, now=NOW)


def _plant(database: Database, cast: Cast) -> None:
    """October: three certified who lived, one who died, two without a certification."""
    kinds = [(CareNeedLevel.CARE_2, Destination.HOME)] * 3
    kinds += [(CareNeedLevel.CARE_2, Destination.DEATH)]
    kinds += [(CareNeedLevel.NONE, Destination.HOME)] * 2
    with database.writing() as session:
        for level, destination in kinds:
            make_stay(
                session, cast, admitted_on=OCTOBER, discharged_on=date(2026, 10, 20),
                level=level, destination=destination,
            )  # fmt: skip


def test_the_share_is_ours_of_theirs_with_both_definitions(database: Database, cast: Cast) -> None:
    _plant(database, cast)
    _outside(database, cast, OutsideCount.CERTIFIED_DISCHARGES, "2026-10", "12")
    _outside(database, cast, OutsideCount.DISCHARGES, "2026-10", "4")
    with database.reading() as session:
        found = {one.count: one for one in coverage_of(session, REGION, now=NOW)}
        words = coverage_beside(session, REGION, OCTOBER)
    certified = found[OutsideCount.CERTIFIED_DISCHARGES]
    assert (certified.own, certified.share, certified.words) == (3, 0.25, "")
    assert certified.outside.definition == "国保・後期の方の退院"
    every = found[OutsideCount.DISCHARGES]
    assert (every.own, every.share) == (5, 1.25)
    assert "多く" in every.words
    assert "12件。つなぎでは3件（25.0%）" in words


def test_a_period_that_runs_and_an_empty_one_have_no_share(database: Database, cast: Cast) -> None:
    _outside(database, cast, OutsideCount.DISCHARGES, "2026-11", "40")
    _outside(database, cast, OutsideCount.DISCHARGES, "2026", "400")
    _outside(database, cast, OutsideCount.DISCHARGES, "2026-09", "0")
    with database.reading() as session:
        found = {one.outside.period: one for one in coverage_of(session, REGION, now=NOW)}
        assert coverage_beside(session, REGION, OCTOBER) == ""
    assert [found[period].own for period in ("2026-11", "2026", "2026-09")] == [None, None, 0]
    assert all(one.share is None and one.words for one in found.values())


def test_a_whole_fiscal_year_is_counted_month_by_month(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for on in (date(2025, 4, 2), date(2025, 12, 30), date(2026, 3, 31), date(2026, 4, 1)):
            make_stay(
                session, cast, admitted_on=date(2025, 3, 1), discharged_on=on,
                destination=Destination.HOME,
            )  # fmt: skip
    _outside(database, cast, OutsideCount.DISCHARGES, "2025", "30")
    with database.reading() as session:
        (found,) = coverage_of(session, REGION, now=NOW)
    assert (found.own, found.share) == (3, 0.1)
