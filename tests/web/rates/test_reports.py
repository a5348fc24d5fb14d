import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.rates.close_months import close_months
from handoffs.rates.month_company import settle_companies
from handoffs.rates.yearly.indicators import FigureKind, OutsideCount
from handoffs.rates.yearly.outside import FigureEntry
from handoffs.rates.yearly.outside import enter as enter_figure
from handoffs.statement import Result, Side
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from tests.conftest import MARK
from tests.factories import make_statement, make_stay
from tests.people import Cast
from tests.web.page import Visitor
from web.context import EXTENSION

Enter = Callable[[str], Visitor]


@pytest.fixture
def october(database: Database, cast: Cast) -> None:
    """October: five left for home; two confirmed, one told, one missed, one contradicted."""
    said = {
        Side.HOSPITAL: [Result.TALKED, Result.TALKED, Result.TALKED, Result.NOT_CONTACTED, None],
        Side.PLAN_OFFICE: [Result.TALKED, Result.TALKED, None, Result.NOTHING_HEARD, None],
    }
    said[Side.HOSPITAL][4], said[Side.PLAN_OFFICE][4] = Result.TALKED, Result.NOTHING_HEARD
    with database.writing() as session:
        for number in range(5):
            stay = make_stay(
                session,
                cast,
                admitted_on=date(2026, 10, 1),
                discharged_on=date(2026, 10, 20),
                destination=Destination.HOME,
                level=CareNeedLevel.SUPPORT_1 if number == 3 else CareNeedLevel.CARE_2,
                in_region=True,
            )
            for side, results in said.items():
                result = results[number]
                if result is not None:
                    make_statement(session, stay, side, result, on=date(2026, 10, 15))


@pytest.mark.usefixtures("october")
def test_the_newest_month_shows_rate_range_and_counts(enter: Enter) -> None:
    page = enter("health_officer").open("/rates")
    assert page.path == "/rates/2026-10"
    assert page.heading == "2026年10月の月報"
    assert "退院調整もれ率 20.0～40.0% 5件のうち1件（不明 1件）" in page.text
    assert "要支援 100.0% 1 / 1件 0件" in page.text
    assert "見本中央病院 20.0～40.0% 1 / 5件 1件" in page.text
    assert "双方の記録が食い違う 1件" in page.text


@pytest.mark.usefixtures("october")
def test_each_figure_says_in_words_how_it_is_counted(enter: Enter) -> None:
    page = enter("health_officer").open("/rates/2026-10")
    assert page.text.count("分母: ") == 12
    assert page.text.count("分子") + page.text.count("示すもの") >= 10


@pytest.mark.usefixtures("october")
def test_the_six_months_are_drawn_and_also_stand_in_a_table(enter: Enter) -> None:
    page = enter("health_officer").open("/rates/2026-10")
    (chart,) = [node for node in page.main.all("svg") if node.get("role") == "img"]
    assert not [n for n in chart.walk() if "style" in n.attributes or "class" in n.attributes]
    (behind,) = [node for node in page.main.all("table") if "推移" in node.all("caption")[0].text]
    assert len(behind.all("tr")) == 7
    assert "2026年5月 対象なし" in behind.text
    assert "2026年10月 20.0～40.0% 1 / 5件 1件" in behind.text


@pytest.mark.usefixtures("october")
def test_a_month_is_provisional_until_the_day_on_which_it_closes(
    enter: Enter, clock: Traveller
) -> None:
    page = enter("health_officer").open("/rates/2026-10")
    assert "速報" in page.text
    assert "2026年11月30日(月)の終わりに確定します" in page.text
    clock.shift(timedelta(days=11))
    page = enter_again(page.visitor, clock).open("/rates/2026-10")
    assert "確定 " in page.text
    assert "速報" not in page.text


def enter_again(visitor: Visitor, clock: Traveller) -> Visitor:
    """Sign in at a moment that has moved on."""
    del clock
    page = visitor.open("/sign-in").form("/sign-in")
    page.fill(sign_in_name="health_officer", password="umi-to-yama-2026").submit()
    return visitor


@pytest.mark.usefixtures("october")
def test_one_can_leaf_from_month_to_month(enter: Enter) -> None:
    page = enter("health_officer").open("/rates/2026-10")
    assert not [words for words in page.links if "月）" in words], "there is no other month"


def test_months_between_the_first_admission_and_now_are_linked(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(session, cast, admitted_on=date(2026, 8, 3))
    page = enter("health_officer").open("/rates/2026-10").follow("前の月（2026年9月）")
    assert page.heading == "2026年9月の月報"
    page = page.follow("前の月（2026年8月）")
    assert not [words for words in page.links if words.startswith("前の月")]
    assert page.follow("次の月（2026年9月）").path == "/rates/2026-09"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/rates/2026-11", "2026年12月1日(火)から見られます"),
        ("/rates/2099-01", "いま見られるのは2026年10月まで"),
        ("/rates/2026-01", "2026年1月の記録はありません"),
        ("/rates/1900-01", "1900年1月の記録はありません"),
        ("/rates/2026-13", "ページが見つかりません"),
        ("/rates/2026-1", "ページが見つかりません"),
        ("/rates/0001-01", "ページが見つかりません"),
        ("/rates/october", "ページが見つかりません"),
        ("/rates/2026-11.pdf", "2026年12月1日(火)から見られます"),
        ("/rates/2026-13.pdf", "ページが見つかりません"),
    ],
)
def test_a_month_without_figures_says_which_months_there_are(
    enter: Enter, path: str, words: str
) -> None:
    assert words in enter("health_officer").open(path, 404).all_text


@pytest.mark.usefixtures("october")
def test_the_month_is_printed_as_one_sheet(enter: Enter, database: Database) -> None:
    visitor = enter("health_officer")
    path = visitor.open("/rates/2026-10").links["印刷用のPDF（A4）"]
    response = visitor.fetch(path)
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="rates-2026-10.pdf"'
    text = PdfReader(io.BytesIO(response.data)).pages[0].extract_text()
    assert "令和8年11月20日(金)" in text
    assert "内訳は、月が確定してから示します" in text
    assert "※/※件" in text, "five cases are too few to leave"
    assert MARK not in text
    with database.reading() as session:
        events = session.exec(
            select(Event).where(Event.act == Act.RATES_READ).order_by(col(Event.id))
        ).all()
        assert [event.detail for event in events] == [
            {"month": "2026-10-01", "sheet": False},
            {"month": "2026-10-01", "sheet": True},
        ]


@pytest.mark.usefixtures("october")
def test_hospitals_are_named_only_where_the_council_decided_so(app: Flask, enter: Enter) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], hospital_names=False)
    page = enter("health_officer").open("/rates/2026-10")
    assert "見本中央病院" not in page.text
    assert "病院A" in page.text


@pytest.mark.usefixtures("october")
def test_no_person_can_be_reached_from_the_month(enter: Enter) -> None:
    visitor = enter("health_officer")
    page = visitor.open("/rates/2026-10")
    assert MARK not in page.response.text
    inside = {path for path in page.links.values() if not path.startswith("#")}
    assert inside >= {"/", "/rates", "/rates/2026-10.pdf", "/simulator"}
    assert not {path for path in inside if path.startswith(("/stays", "/worklist"))}
    for path in ("/stays", "/stays/1", "/worklist", "/stays/new"):
        refused = visitor.open(path, 403)
        assert MARK not in refused.response.text


@pytest.mark.parametrize("name", ["ward_nurse", "care_manager", "center_staff"])
@pytest.mark.parametrize("path", ["/rates", "/rates/2026-10", "/rates/2026-10.pdf"])
def test_figures_are_for_the_health_centre(enter: Enter, name: str, path: str) -> None:
    assert "使えません" in enter(name).open(path, 403).heading


@pytest.fixture
def large_october(database: Database, cast: Cast) -> None:
    """October: thirty confirmed, twelve missed and three of whom nothing is known."""
    with database.writing() as session:
        for number in range(45):
            stay = make_stay(
                session,
                cast,
                admitted_on=date(2026, 10, 1),
                discharged_on=date(2026, 10, 20),
                destination=Destination.HOME,
                in_region=True,
            )
            results = (Result.TALKED, Result.TALKED) if number < 30 else (Result.NOT_CONTACTED,)
            for side, result in zip(Side, results if number < 42 else (), strict=False):
                make_statement(session, stay, side, result, on=date(2026, 10, 15))


@pytest.mark.usefixtures("large_october")
def test_what_leaves_the_health_centre_holds_no_small_count(enter: Enter) -> None:
    visitor = enter("health_officer")
    page = visitor.open("/rates/2026-10")
    assert "45件のうち12件（不明 3件）" in page.text
    pdf = visitor.client.get("/rates/2026-10.pdf")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "12/45件" in text
    assert "※件" in text
    csv = visitor.client.get("/rates/2026-10.csv")
    lines = csv.data.decode("utf-8-sig").splitlines()
    (total,) = [line for line in lines if "退院調整もれ率,合計" in line]
    assert total.split(",")[6:11] == ["12", "45", "※", "0.2667", "※"]
    assert csv.content_type == "text/csv; charset=utf-8"
    book = visitor.client.get("/rates/2026-10.xlsx")
    assert book.data.startswith(b"PK")
    assert 'filename="rates-2026-10.xlsx"' in book.headers["Content-Disposition"]


@pytest.mark.usefixtures("october")
def test_a_figure_is_split_as_asked(enter: Enter) -> None:
    page = enter("health_officer").open("/rates/2026-10?definition=missed_coordination&by=weekday")
    assert "退院の曜日別の退院調整もれ率" in page.text
    assert "火 20.0～40.0% 1 / 5件 1件" in page.text
    assert "新規相談につないだ率 " not in page.main.all("section")[0].text


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("by=staff", "care_level"),
        ("definition=none", "missed_coordination"),
        ("definition=admission_information_fee", "その事業所だけ"),
    ],
)
def test_a_split_or_figure_that_there_is_not_names_those_that_there_are(
    enter: Enter, query: str, words: str
) -> None:
    assert words in enter("health_officer").open(f"/rates/2026-10?{query}", 404).all_text


@pytest.mark.usefixtures("october")
def test_a_closed_month_is_opened_again_only_with_a_reason(
    enter: Enter, database: Database, clock: Traveller
) -> None:
    visitor = enter("health_officer")
    assert "確定していません" in visitor.open("/rates/2026-10/reopen", 409).heading
    clock.shift(timedelta(days=11))
    close_months(database, "mihon", clock_now())
    page = enter_again(visitor, clock).open("/rates/2026-10").follow("もう一度開く")
    form = page.form("/rates/2026-10/reopen")
    assert "理由を入力してください" in form.fill(reason=" ").submit(422).all_text
    page = page.form("/rates/2026-10/reopen").fill(reason="届出の遅れ").submit()
    assert "速報" in page.text
    assert "理由: 届出の遅れ" in page.text


@pytest.mark.usefixtures("october")
def test_the_pairs_whose_records_differ_stand_without_names_and_never_leave(
    app: Flask, enter: Enter, database: Database
) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], hospital_names=False)
    with database.writing() as session:
        for month in (10, 11):
            settle_companies(session, "mihon", clock_now().replace(month=month))
    visitor = enter("health_officer")
    page = visitor.open("/rates/2026-10?definition=both_sides_disagreement")
    assert "病院と事業所の組別の双方の記録が食い違う率" in page.text
    assert re.search(r"病院[AB] × 事業所[AB] 25\.0% 1 / 4件", page.text)
    assert "見本ケアプランセンター" not in page.text
    assert "食い違う率" not in visitor.fetch("/rates/2026-10.csv").data.decode("utf-8-sig")


def test_the_outside_count_and_the_region_s_baseline_stand_beside_the_rate(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(
            session, cast, admitted_on=date(2026, 10, 1), discharged_on=date(2026, 10, 20),
            destination=Destination.HOME,
        )  # fmt: skip
        for kind, name, period, value in (
            (FigureKind.COVERAGE, OutsideCount.DISCHARGES.value, "2026-10", "4"),
            (FigureKind.BASELINE, "missed_coordination", "2016", "69"),
        ):
            entry = FigureEntry(
                kind=kind, name=name, period=period, value=value, source="見本の資料",
                source_on=date(2026, 11, 10), definition="見本の数え方",
            )  # fmt: skip
            enter_figure(session, "mihon", entry, by=cast.health_officer, now=clock_now())
    page = enter("health_officer").open("/rates/2026-10")
    assert "外の統計では退院（死亡を除く） 4件。つなぎでは1件（25.0%）。" in page.text
    assert "地域の基準値: 退院調整率 69％（2016年度）。数え方: 見本の数え方" in page.text


def clock_now() -> datetime:
    """The moment at which the test's clock stands."""
    return datetime.now(UTC)  # noqa: TID251 - the test's own clock, which stands still.
