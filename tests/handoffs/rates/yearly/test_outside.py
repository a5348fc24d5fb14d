"""Figures from outside: checked, sourced, dated, and changed only by a row that follows."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.history import Act, Event
from handoffs.rates.yearly.indicators import FigureKind, Indicator, OutsideCount, Unit
from handoffs.rates.yearly.outside import (
    FigureEntry,
    OutsideFigure,
    enter,
    history_of,
    standing,
    take_back,
)
from handoffs.rates.yearly.outside_lines import LinesRefused, enter_lines
from tests.people import NOW, REGION, Cast


def figure(**changes: Any) -> FigureEntry:  # noqa: ANN401 - fields of an entry.
    given: dict[str, Any] = {
        "kind": FigureKind.INDICATOR,
        "name": Indicator.ADMISSION_LIAISON.value,
        "period": "2025",
        "value": "161.4",
        "unit": Unit.PEOPLE,
        "source": "見本県の資料 3頁",
        "source_on": date(2026, 10, 1),
    }
    return FigureEntry(**(given | changes))


def test_a_figure_stands_as_it_was_typed_with_its_source_and_its_day(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        enter(session, REGION, figure(value="１６１．４"), by=cast.health_officer, now=NOW)
    with database.reading() as session:
        (row,) = standing(session, REGION).values()
    assert (row.value, row.unit, row.source) == ("161.4", Unit.PEOPLE, "見本県の資料 3頁")
    assert (row.source_on, row.recorded_at) == (date(2026, 10, 1), NOW)


def test_a_corrected_figure_keeps_what_stood_before_and_one_taken_back_too(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        enter(session, REGION, figure(), by=cast.health_officer, now=NOW)
        later = NOW + timedelta(days=1)
        second = enter(session, REGION, figure(value="170"), by=cast.health_officer, now=later)
        assert second is not None
        newest = second.id
        again = enter(session, REGION, figure(value="170"), by=cast.health_officer, now=later)
        assert again is None, "the same twice is written once"
        assert [row.value for row in standing(session, REGION).values()] == ["170"]
        assert take_back(session, REGION, newest, by=cast.health_officer, now=later)
        assert not take_back(session, REGION, newest, by=cast.health_officer, now=later)
        assert not standing(session, REGION)
        assert [row.value for row in history_of(session, REGION, newest)] == ["", "170", "161.4"]
        acts = session.exec(select(Event.act).where(Event.act == Act.FIGURE_ENTER)).all()
        assert len(acts) == 2


def test_another_region_neither_sees_nor_changes_it(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        row = enter(session, REGION, figure(), by=cast.health_officer, now=NOW)
        assert row is not None
        assert not standing(session, "elsewhere")
        assert history_of(session, "elsewhere", row.id) == []
        assert not take_back(session, "elsewhere", row.id, by=cast.health_officer, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "多い"}, "value"),
        ({"value": "-3"}, "value"),
        ({"value": ""}, "value"),
        ({"period": "2027"}, "period"),
        ({"period": "2025-10"}, "period"),
        ({"source": ""}, "source"),
        ({"source_on": None}, "source_on"),
        ({"source_on": date(2026, 11, 21)}, "source_on"),
        ({"unit": Unit.PERCENT}, "unit"),
        ({"name": "no_such"}, "name"),
        ({"source": "長" * 201}, "source"),
        (
            {
                "kind": FigureKind.COVERAGE,
                "name": OutsideCount.DISCHARGES.value,
                "unit": Unit.CASES,
                "value": "10.5",
                "definition": "国保・後期の退院",
            },
            "value",
        ),
        (
            {
                "kind": FigureKind.BASELINE,
                "name": "missed_coordination",
                "unit": Unit.PERCENT,
                "value": "101",
                "definition": "7月の調査",
            },
            "value",
        ),
        (
            {
                "kind": FigureKind.BASELINE,
                "name": "missed_coordination",
                "unit": Unit.PERCENT,
                "value": "69",
            },
            "definition",
        ),
    ],
)
def test_what_cannot_be_believed_is_refused_beside_its_field(
    database: Database, cast: Cast, changes: dict[str, object], field: str
) -> None:
    with database.writing() as session:
        with pytest.raises(BadEntry) as refused:
            enter(session, REGION, figure(**changes), by=cast.health_officer, now=NOW)
        assert list(refused.value.fields) == [field]
        assert session.exec(select(OutsideFigure)).all() == []


LINES = """種類,名前,地域,期間,値,単位,出典,出典の日付,数え方
指標,退院・退所加算,,2025,537,回,資料1,2026-10-01,
外の件数,要介護・要支援の方の退院（死亡を除く）,,2026-10,120,件,KDB,R8.11.10,国保・後期の退院
基準値,退院調整率,,2016,69,％,前の調査,H28.9.1,5月の調査
"""


def test_pasted_lines_come_in_together_also_out_of_a_spreadsheet(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        text = LINES.replace(",", "\t")
        assert enter_lines(session, REGION, text, by=cast.health_officer, now=NOW) == 3
        assert enter_lines(session, REGION, LINES, by=None, now=NOW) == 0, "the same lines again"
        assert sorted(row.value for row in standing(session, REGION).values()) == [
            "120",
            "537",
            "69",
        ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINES.replace("537", "たくさん"), "2行目（値）"),
        (LINES.replace("KDB", ""), "3行目（出典）"),
        (LINES.replace("R8.11.10", "いつか"), "3行目"),
        (LINES.replace("基準値,", "なにか,"), "4行目"),
        (LINES.replace("期間", "時期"), "1行目"),
        ("", "1行目"),
    ],
)
def test_one_bad_line_lets_none_in_and_is_named(
    database: Database, cast: Cast, text: str, words: str
) -> None:
    with database.writing() as session:
        with pytest.raises(LinesRefused) as refused:
            enter_lines(session, REGION, text, by=cast.health_officer, now=NOW)
        assert words in refused.value.problems[0]
        assert not standing(session, REGION)
