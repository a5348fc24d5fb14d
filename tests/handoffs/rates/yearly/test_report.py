"""On a made year the two figures are the planted ones, and nothing hidden can be worked out."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.database import Database
from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Figure
from handoffs.rates.smallness import REST
from handoffs.rates.yearly.fiscal_year import fiscal_year_of, is_over, months_of, months_over
from handoffs.rates.yearly.indicators import FigureKind, Indicator, OwnIndicator, Unit
from handoffs.rates.yearly.leaving import GONE, to_leave
from handoffs.rates.yearly.outside import FigureEntry, enter
from handoffs.rates.yearly.own_figures import OwnSeries, OwnYear
from handoffs.rates.yearly.published_series import published_series
from handoffs.rates.yearly.report import of_year, published_year
from handoffs.rates.yearly.yearly_csv import yearly_csv
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, REGION, Cast

YEAR = 2025
PLANTED = {
    date(2025, 4, 1): (14, 12, 11),
    date(2025, 9, 1): (15, 13, 10),
    date(2026, 3, 1): (20, 16, 15),
}
"""By month: met, missed, unknown among those who left with a plan office."""
INFORMED = {date(2025, 4, 1): 20, date(2025, 9, 1): 12, date(2026, 3, 1): 30}
"""By month: how many of those admissions had their information sent."""


def plant(
    database: Database, cast: Cast, month: date, counts: tuple[int, int, int], sent: int
) -> None:
    kinds = [Result.TALKED] * counts[0] + [Result.NOT_CONTACTED] * counts[1] + [None] * counts[2]
    with database.writing() as session:
        for number, result in enumerate(kinds):
            stay = make_stay(
                session,
                cast,
                admitted_on=month,
                discharged_on=month + timedelta(days=20),
                destination=Destination.HOME,
            )
            if result is not None:
                make_statement(session, stay, Side.HOSPITAL, result, on=month + timedelta(days=9))
            if number < sent:
                make_handoff(
                    session,
                    stay,
                    kind=HandoffKind.ADMISSION_INFORMATION,
                    sender=Party.CARE_MANAGER,
                    receiver=Party.HOSPITAL,
                    sent_at=NOW,
                    passed_on=month + timedelta(days=1),
                )


@pytest.fixture
def made(database: Database, cast: Cast) -> Database:
    for month, counts in PLANTED.items():
        plant(database, cast, month, counts, INFORMED[month])
    return database


def test_the_year_is_the_sum_of_what_was_planted(made: Database) -> None:
    with made.reading() as session:
        report = of_year(session, REGION, YEAR, region_name="見本医療圏", now=NOW)
    met, missed, unknown = (sum(counts[n] for counts in PLANTED.values()) for n in range(3))
    information, coordination = report.own
    assert coordination.indicator is OwnIndicator.COORDINATION
    assert coordination.of_year(YEAR).total == Figure(met, met + missed + unknown, unknown)
    of = sum(sum(counts) for counts in PLANTED.values())
    assert information.of_year(YEAR).total == Figure(sum(INFORMED.values()), of)
    assert coordination.of_year(YEAR - 1).total == Figure(0, 0)
    months = dict(coordination.of_year(YEAR).months)
    assert months[date(2025, 9, 1)] == Figure(15, 38, 10)
    assert len(months) == 12


def test_paper_and_csv_say_the_same_figures_as_the_screen(made: Database) -> None:
    with made.reading() as session:
        screen = of_year(session, REGION, YEAR, region_name="見本医療圏", now=NOW)
        leaves = published_year(session, REGION, YEAR, region_name="見本医療圏", now=NOW)
    for one, other in zip(screen.own, leaves.own, strict=True):
        assert one.of_year(YEAR).total == other.of_year(YEAR).total
    content = yearly_csv(leaves)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    (row,) = [r for r in rows if r["名前"] == "※退院調整率" and r["年度"] == str(YEAR)]
    assert (row["分子"], row["分母"], row["不明"], row["値"]) == ("49", "126", "36", "38.9")
    assert "分母: " in row["数え方"]
    with pytest.raises(ValueError, match="may not leave"):
        yearly_csv(screen)


def test_a_year_that_runs_leaves_no_figure_and_says_how_many_months_it_has(
    database: Database, cast: Cast
) -> None:
    plant(database, cast, date(2026, 10, 1), (14, 12, 11), 20)
    with database.reading() as session:
        screen = of_year(session, REGION, 2026, region_name="", now=NOW)
        leaves = published_year(session, REGION, 2026, region_name="", now=NOW)
    assert screen.own[1].of_year(2026).total == Figure(14, 37, 11)
    assert len(screen.own[1].of_year(2026).months) == 7
    assert all(series.of_year(2026).total == GONE for series in leaves.own)
    assert "年度の途中" in yearly_csv(leaves).decode("utf-8-sig")


def test_a_single_month_that_hides_a_count_takes_the_year_out(made: Database, cast: Cast) -> None:
    plant(made, cast, date(2025, 12, 1), (14, 3, 12), 20)
    with made.reading() as session:
        leaves = published_year(session, REGION, YEAR, region_name="", now=NOW)
    assert leaves.own[1].of_year(YEAR).total == GONE
    assert leaves.coverage == ()


def _parts(figure: Figure) -> dict[str, int]:
    rest = figure.of - figure.counted - figure.unknown
    return {COUNTED: figure.counted, UNKNOWN: figure.unknown, REST: rest, OF: figure.of}


_COUNTS = st.tuples(*[st.integers(0, 30)] * 3).map(lambda c: Figure(c[0], sum(c), c[2]))
_NAMES = st.frozensets(st.sampled_from((COUNTED, UNKNOWN, REST, OF)))


@settings(max_examples=60)
@given(
    months=st.lists(_COUNTS, min_size=12, max_size=12),
    hidden=st.lists(_NAMES, min_size=12, max_size=12),
)
def test_no_hidden_count_of_a_month_follows_from_a_year_that_leaves(
    months: list[Figure], hidden: list[frozenset[str]]
) -> None:
    days = months_of(YEAR)
    year = OwnYear(YEAR, tuple(zip(days, months, strict=True)), is_whole=True)
    series = OwnSeries(OwnIndicator.ADMISSION_INFORMATION, (), "", (year,))
    by_month = {("admission_information", d): h for d, h in zip(days, hidden, strict=True)}
    (left,) = to_leave((series,), by_month)
    total = left.of_year(YEAR).total
    assert not left.of_year(YEAR).months, "no single month leaves with a year"
    if total.hidden:
        return
    assert not any(0 < count < 10 for count in _parts(total).values())
    for name in (COUNTED, UNKNOWN, REST, OF):
        gone = [
            f
            for f, h in zip(months, hidden, strict=True)
            if name in h or (name == REST and OF in h)
        ]
        # What the published months do not say of a count is known only as this sum.
        assert not gone or (len(gone) > 1 and sum(_parts(f)[name] for f in gone) >= 10)


def test_the_typed_figures_stand_in_the_list_with_their_years_and_their_places(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for place, period, value in (
            ("", "2025", "537"),
            ("見本県", "2025", "204.6"),
            ("", "2023", "500"),
        ):
            entry = FigureEntry(
                kind=FigureKind.INDICATOR, name=Indicator.DISCHARGE_ADDITION.value, place=place,
                period=period, value=value, unit=Unit.TIMES, source="資料",
                source_on=date(2026, 10, 1),
            )  # fmt: skip
            enter(session, REGION, entry, by=cast.health_officer, now=NOW)
        report = of_year(session, REGION, YEAR, region_name="見本医療圏", now=NOW)
    assert report.years == (2023, 2024, 2025)
    lines = [one for one in report.indicators if one.indicator is Indicator.DISCHARGE_ADDITION]
    shown = [[f.value if f else None for _, f in line.figures] for line in lines]
    assert [(line.place, line.unit) for line in lines] == [("", "回"), ("見本県", "回")]
    assert shown == [["500", None, "537"], [None, None, "204.6"]]
    assert len({line.indicator for line in report.indicators}) == len(Indicator)


def test_the_published_example_holds_what_was_printed_and_says_what_was_not_read() -> None:
    (series,) = published_series()
    printed = {(line.indicator, line.place): line.values for line in series.lines}
    assert printed[Indicator.DISCHARGE_ADDITION, "行田市"] == (
        "427.8",
        "573.5",
        "542.4",
        "516.0",
        "537",
    )
    assert printed[Indicator.ADMISSION_LIAISON, "埼玉県"] == (
        "74.8",
        "51.8",
        "58.5",
        "31.3",
        "63.1",
    )
    assert series.years == (2017, 2018, 2019, 2020, 2021)
    assert series.unverified


def test_fiscal_years_begin_in_april() -> None:
    assert fiscal_year_of(date(2026, 3, 31)) == 2025
    assert fiscal_year_of(date(2026, 4, 1)) == 2026
    assert months_of(2025)[0] == date(2025, 4, 1)
    assert months_of(2025)[-1] == date(2026, 3, 1)
    assert not is_over(2025, date(2026, 3, 31))
    assert is_over(2025, date(2026, 4, 1))
    assert months_over(2026, date(2026, 6, 30)) == (date(2026, 4, 1), date(2026, 5, 1))
