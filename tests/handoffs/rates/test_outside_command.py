"""`python -m handoffs rates yearly` and its likes print what their pages show."""

import argparse
import json
from datetime import date
from pathlib import Path

import pytest

from handoffs.database import Database
from handoffs.errors import HandoffError
from handoffs.rates.outside_command import describe, joined, run
from handoffs.rates.survey.survey import open_survey
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from rules import Library
from tests.factories import make_statement, make_stay
from tests.people import NOW, REGION, Cast

FIGURES = """種類,名前,地域,期間,値,単位,出典,出典の日付,数え方
指標,退院・退所加算,,2026,537,回,資料1,2026-10-01,
外の件数,要介護・要支援の方の退院（死亡を除く）,,2026-10,10,件,KDB,R8.11.10,国保・後期の退院
"""
LINES = "記号,入院日,退院日,care_manager\nP-1,2026-11-02,2026-11-18,assigned\n"


def ask(database: Database, library: Library, *words: str) -> str:
    parser = argparse.ArgumentParser()
    describe(parser.add_subparsers(dest="command", required=True))
    given = parser.parse_args(joined(["rates", *words, "--region", REGION]))
    return "\n".join(run(database, given, library=library, now=NOW))


@pytest.fixture
def made(database: Database, cast: Cast, library: Library, tmp_path: Path) -> Database:
    """October 2026: two with a contact, one without; figures from outside; a survey."""
    with database.writing() as session:
        for result in (Result.TALKED, Result.TALKED, Result.NOT_CONTACTED):
            stay = make_stay(
                session, cast, admitted_on=date(2026, 10, 1), destination=Destination.HOME,
                discharged_on=date(2026, 10, 20),
            )  # fmt: skip
            make_statement(session, stay, Side.HOSPITAL, result, on=date(2026, 10, 9))
        open_survey(session, date(2026, 10, 1), date(2026, 12, 1), by=cast.health_officer, now=NOW)
    file = tmp_path / "figures.csv"
    file.write_text(FIGURES, encoding="utf-8-sig")
    assert "2件" in ask(database, library, "figures", "--lines", str(file))
    return database


def test_each_word_prints_its_page_as_text_and_as_json(made: Database, library: Library) -> None:
    text = ask(made, library, "yearly", "--year", "2026")
    assert "537" in text
    assert "66.7% 2/3件" in text
    report = json.loads(ask(made, library, "yearly", "--year", "2026", "--json"))
    own = {one["id"]: one["years"]["2026"] for one in report["own"]}
    assert (own["missed_coordination"]["counted"], own["missed_coordination"]["of"]) == (2, 3)
    assert "30.0%" in ask(made, library, "coverage")
    (covered,) = json.loads(ask(made, library, "coverage", "--json"))["coverage"]
    assert (covered["own"], covered["outside"], covered["share"]) == (3, 10, 0.3)
    survey = json.loads(ask(made, library, "survey", "--month", "2026-10", "--json"))
    assert (survey["returned"], survey["waiting"]) == (0, 1)
    assert "回答待ち" in ask(made, library, "survey", "--month", "2026-10")


def test_a_shadow_month_is_taken_in_and_compared(
    made: Database, library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(LINES, encoding="utf-8")
    words = ("shadow", "--month", "2026-11", "--hospital", "見本中央病院")
    text = ask(made, library, *words, "--lines", str(file))
    assert "つなぎなら連絡・紙では連絡なし　1件　P-1" in text
    found = json.loads(ask(made, library, *words, "--json"))
    assert found["counts"]["discharge"]["tool_only"] == 1


def test_what_cannot_be_answered_says_what_to_do_next(
    made: Database, library: Library, tmp_path: Path
) -> None:
    with pytest.raises(HandoffError, match="始まっていません"):
        ask(made, library, "survey", "--month", "2026-09")
    with pytest.raises(HandoffError, match="読めません"):
        ask(made, library, "figures", "--lines", str(tmp_path / "none.csv"))


def test_the_month_s_own_command_stays_as_it_is() -> None:
    assert joined(["rates", "--region", "mihon"]) == ["rates", "--region", "mihon"]
    assert joined(["backtest", "yearly"]) == ["backtest", "yearly"]
    assert joined(["rates", "yearly", "--year", "2026"]) == ["rates-yearly", "--year", "2026"]
