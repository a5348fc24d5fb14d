"""The yearly and outside pages: typed in, shown, taken out; each house sees its own alone."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.rates.month_company import settle_companies
from handoffs.rates.survey.survey import SurveyAnswer
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from handoffs.telling.outbox import Message
from tests.conftest import MARK
from tests.factories import make_statement, make_stay
from tests.people import NOW, REGION, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
ADDITION = {
    "name": "indicator.discharge_addition",
    "period": "2025",
    "value": "537",
    "unit": "times",
    "source": "見本県の資料 3頁",
    "source_on": "R8.10.1",
}


@pytest.fixture
def last_year(database: Database, cast: Cast) -> None:
    """In October 2025 fourteen with a contact and twelve without left for home."""
    with database.writing() as session:
        for result, count in ((Result.TALKED, 14), (Result.NOT_CONTACTED, 12)):
            for _ in range(count):
                stay = make_stay(
                    session, cast, admitted_on=date(2025, 10, 1), destination=Destination.HOME,
                    discharged_on=date(2025, 10, 20), care_manager=cast.care_manager,
                )  # fmt: skip
                make_statement(session, stay, Side.HOSPITAL, result, on=date(2025, 10, 9))


@pytest.mark.usefixtures("last_year")
def test_the_report_shows_typed_and_counted_figures_beside_each_other(enter: Enter) -> None:
    visitor = enter("health_officer")
    page = visitor.open("/yearly/figures").form("/yearly/figures").fill(**ADDITION).submit()
    assert "数字を登録しました" in page.text
    page = visitor.open("/yearly/2025")
    assert page.heading == "2025年度の年報"
    row = next(n.text for n in page.main.all("tr") if "退院・退所加算（回）" in n.text)
    assert "537" in row
    own = next(n.text for n in page.main.all("tr") if "※退院調整率" in n.text)
    assert "53.8% 14 / 26件" in own
    assert "分母: " in page.text
    assert "行田市" in page.text
    assert "427.8" in page.text


@pytest.mark.usefixtures("last_year")
def test_paper_and_csv_hold_the_same_figures(enter: Enter) -> None:
    visitor = enter("health_officer")
    visitor.open("/yearly/figures").form("/yearly/figures").fill(**ADDITION).submit()
    response = visitor.fetch("/yearly/2025.pdf")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(response.data)).pages)
    for words in ("537", "53.8%", "14/26件", "見本県の資料"):
        assert words in text
    content = visitor.fetch("/yearly/2025.csv").data.decode("utf-8-sig")
    assert "53.8,％,14,26,0" in content
    assert "537,回" in content
    visitor.open("/yearly/1999", 404)
    visitor.open("/yearly/2027", 404)


def test_a_figure_is_changed_with_its_history_and_taken_back(enter: Enter) -> None:
    visitor = enter("health_officer")
    visitor.open("/yearly/figures").form("/yearly/figures").fill(**ADDITION).submit()
    form = visitor.open("/yearly/figures?change=1").form("/yearly/figures")
    assert form.value("value") == "537"
    form.fill(value="540").submit()
    history = visitor.open("/yearly/figures/2")
    assert "540回" in history.text
    assert "537回" in history.text
    page = history.form("/yearly/figures/2/taken-back").submit()
    assert "数字を取り消しました" in page.text
    assert "登録されている数字（0件）" in page.text


def test_what_cannot_be_taken_stands_beside_its_field_and_stays_typed(enter: Enter) -> None:
    form = enter("health_officer").open("/yearly/figures").form("/yearly/figures")
    wrong = form.fill(**(ADDITION | {"value": "たくさん", "source": ""})).submit(422)
    assert list(wrong.errors) == ["source"]
    page = wrong.form("/yearly/figures").fill(source="資料").submit(422)
    assert list(page.errors) == ["value"]
    assert page.form("/yearly/figures").value("value") == "たくさん"


def test_pasted_lines_come_in_or_are_named(enter: Enter) -> None:
    head = "種類\t名前\t地域\t期間\t値\t単位\t出典\t出典の日付\t数え方\n"
    line = "外の件数\t退院（死亡を除く）\t\t2026-10\t40\t件\tKDB\tR8.11.10\t国保・後期\n"
    page = enter("health_officer").open("/yearly/figures")
    pasting = page.form("/yearly/figures/lines").fill(lines=head + line + line.replace("40", "x"))
    page = pasting.submit(422)
    assert "3行目" in page.text
    page = page.form("/yearly/figures/lines").fill(lines=head + line).submit()
    assert "1件です" in page.text
    assert "0件" in page.visitor.open("/yearly/coverage").text


def test_goals_are_written_reworded_and_read_with_what_they_said_before(enter: Enter) -> None:
    visitor = enter("health_officer")
    page = visitor.open("/yearly/2026/goals/new")
    assert "goal" in page.form().submit(422).errors
    page = page.form().fill(goal="要支援の方の率を上げる", measures="連絡会").submit()
    assert page.path == "/yearly/2026"
    page = visitor.open("/yearly/2026/goals/1")
    page.form("/yearly/2026/goals/1").fill(result="78%").submit()
    page = visitor.open("/yearly/2026/goals/1")
    assert "前の内容" in page.text
    assert "78%" in visitor.open("/yearly/2026").text
    visitor.open("/yearly/2026/goals/2", 404)
    page.form("/yearly/2026/goals/1/taken-back").submit()
    visitor.open("/yearly/2026/goals/1", 404)


@pytest.mark.usefixtures("last_year")
def test_a_survey_is_opened_answered_and_compared(enter: Enter, database: Database) -> None:
    with database.writing() as session:
        for month in (10, 11):
            settle_companies(session, REGION, NOW.replace(year=2025, month=month))
    officer = enter("health_officer")
    page = officer.open("/surveys")
    assert "answers_until" in page.form("/surveys").fill(month="2025-10").submit(422).errors
    page.form("/surveys").fill(month="2025-10", answers_until="R8.12.18").submit()
    manager = enter("care_manager")
    page = manager.open("/surveys").follow("2025年10月の調査票")
    assert MARK in page.text, "the office's own people are shown to it"
    form = page.form("/surveys/2025-10")
    field = sorted(n for n in form.names if n.startswith("coordination-") and form.value(n) == "no")
    page = form.fill(**{field[0]: "yes", "unlisted_met": "2"}).submit()
    assert "調査票を出しました" in page.text
    with database.reading() as session:
        assert len(session.exec(select(SurveyAnswer)).all()) == 1
    page = officer.open("/surveys/2025-10/results")
    assert "調査の方が高い" in page.text
    assert "60.7%" in page.text
    assert MARK not in page.all_text
    content = officer.fetch("/surveys/2025-10/results.csv").data.decode("utf-8-sig")
    assert "調査の方が高い" in content
    assert MARK not in manager.fetch("/surveys/2025-10.csv").data.decode("utf-8-sig")
    officer.open("/surveys/2025-10", 403)
    manager.open("/surveys/2025-10/results", 403)
    enter("ward_nurse").open("/surveys", 403)
    assert enter("outsider").open("/surveys/2025-10").text.count("尋ねる方はいません") == 3


def test_a_shadow_month_is_pasted_ticked_and_compared_and_nothing_leaves(
    enter: Enter, database: Database
) -> None:
    visitor = enter("discharge_nurse")
    head = visitor.fetch("/shadow/2026-11.csv").data.decode("utf-8-sig")
    assert head.startswith("記号,入院日")
    lines = "記号,入院日,退院日,care_manager\nP-1,2026-11-02,2026-11-18,assigned"
    pasting = visitor.open("/shadow/2026-11").form("/shadow/2026-11/lines")
    refused = pasting.fill(lines=lines.replace("P-1", "見本 花子")).submit(422)
    assert "2行目" in refused.text
    page = refused.form("/shadow/2026-11/lines").fill(lines=lines).submit()
    assert "つなぎなら連絡・紙では連絡なし 1件 1件" in page.text
    form = page.form("/shadow/2026-11/paper")
    page = form.fill(**{"admission-1": "R8.11.3"}).submit()
    assert "つなぎなら連絡・紙では連絡なし 0件 1件" in page.text
    assert "どちらも連絡 1件 0件" in page.text
    with database.reading() as session:
        assert session.exec(select(Message)).all() == []
    page = enter("other_nurse").open("/shadow/2026-11")
    assert "P-1" not in page.text
    page = visitor.open("/shadow/2026-11").form("/shadow/2026-11/emptied").submit()
    assert "P-1" not in page.text
    visitor.open("/shadow/2020-01", 404)


@pytest.mark.usefixtures("last_year")
def test_fee_evidence_is_the_own_house_s_alone_and_its_reading_is_written_down(
    enter: Enter, database: Database
) -> None:
    assert (
        "算定できるかどうかを示すものではありません"
        in enter("social_worker").open("/evidence").text
    )
    assert "月ごとの数" in enter("care_manager").open("/evidence/2025").text
    enter("health_officer").open("/evidence", 403)
    with database.reading() as session:
        acts = session.exec(select(Event).where(col(Event.act) == Act.EVIDENCE_READ)).all()
    assert len(acts) == 2


def test_the_record_check_is_for_a_ward_and_for_nobody_else(enter: Enter) -> None:
    assert "お尋ねすることはありません" in enter("ward_nurse").open("/record-check").text
    assert "病棟の方だけが見ます" in enter("discharge_nurse").open("/record-check").text
    enter("health_officer").open("/record-check", 403)
    enter("care_manager").open("/record-check/2026-11", 403)
    enter("ward_nurse").open("/record-check/2020-01", 404)
