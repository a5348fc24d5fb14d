"""A draft tried on past stays, as the health centre and as a hospital see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import col, select

from handoffs import long_work
from handoffs.backtest import work as backtest_work
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.long_work import LongWork, WorkKind
from handoffs.parties import Organization, Ward
from handoffs.work_failure import WorkFailure
from rules import Library
from scheduler.work import do_one
from tests.conftest import MARK
from tests.handoffs.made_record import library_of, write_down
from tests.handoffs.made_year import DRAFT, MadeYear, made_year
from tests.people import NOW, REGION, Cast
from tests.web.page import Page, Visitor
from web.context import EXTENSION

Enter = Callable[[str], Visitor]
MONTHS = {"first": "2025-11", "last": "2026-10"}
OF_DRAFT = DRAFT.replace("region: hinagata", "region: mihon")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The edition that is in force in the made year, as one of the cast's own region."""
    return library_of(tmp_path_factory.mktemp("papers"), REGION)


@pytest.fixture
def year(database: Database, cast: Cast) -> MadeYear:
    """A made year in the record."""
    year = made_year(20261122, stays=120)
    with database.writing() as session:
        write_down(session, cast, year, region=REGION)
    return year


def do_it(database: Database, papers: Library) -> None:
    """What the child of the scheduler does."""
    doing = {
        WorkKind.BACKTEST: lambda database, work: backtest_work.result_of(
            database.reading, work, papers
        )
    }
    assert do_one(database, lambda: NOW, doing)


def asked(visitor: Visitor, **months: str) -> Page:
    return visitor.open("/backtests").form("/backtests").fill(draft=OF_DRAFT, **months).submit()


def tried(visitor: Visitor, database: Database, papers: Library) -> Page:
    page = asked(visitor, **MONTHS)
    do_it(database, papers)
    return visitor.open(page.path)


def figure(page: Page, name: str) -> int:
    (cell,) = [node for node in page.main.walk() if node.get("id") == name]
    return int(cell.text.removesuffix("件"))


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The cells of the tables whose captions begin so, row by row."""
    return [
        [" ".join(cell.text.split()) for cell in row.all("th", "td")]
        for table in page.main.all("table")
        if table.all("caption")[0].text.startswith(caption)
        for row in table.all("tbody")[0].all("tr")
    ]


def loads_on(page: Page, caption: str) -> dict[str, list[str]]:
    return {label: cells for label, *cells in rows_of(page, caption)}


def expected_load(year: MadeYear, whose: str, place: int) -> list[str]:
    """The cells for one ward or office, out of the planted figures."""
    older, newer = (year.load(edition, whose, place) for edition in ("in_force", "draft"))

    def peak(days: str) -> str:
        before, after = older[days], newer[days]
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        means = f"{before['a_day']:.2f} → {after['a_day']:.2f}"
        return f"{means} 最多 {before['most']} → {after['most']}"

    assert isinstance(older["notices"], int)
    assert isinstance(newer["notices"], int)
    extra = newer["notices"] - older["notices"]
    return [
        (
            f"{older['notices']} → {newer['notices']} "
            f"うち日付なし {older['undated']} → {newer['undated']}"
        ),
        f"{extra:+d} 一日 {extra / 365:+.2f}",
        peak("all_days"),
        peak("mondays"),
        peak("after_closures"),
    ]


def squeezed(loads: dict[str, list[str]]) -> dict[str, list[str]]:
    return {label: [re.sub(r"\s", "", cell) for cell in cells] for label, cells in loads.items()}


def test_the_health_centre_sees_the_planted_figures_and_no_stay(
    enter: Enter, database: Database, cast: Cast, year: MadeYear, papers: Library
) -> None:
    page = tried(enter("health_officer"), database, papers)
    assert f"退院した {year.inside}件" in page.text
    for name, planted in (
        ("in-time-in-force", "in_time_in_force"),
        ("in-time-draft", "in_time_draft"),
        ("newly-in-time", "newly_in_time"),
        ("no-longer-in-time", "no_longer_in_time"),
    ):
        assert figure(page, name) == year.missed[planted]
    assert f"{year.missed['missed']}件のうち" in page.text
    assert f"判定が変わる入院 {len(year.flipped)}件" in " ".join(page.text.split())
    labels = {"required": "要", "not_required": "不要", "undetermined": "判定保留"}
    flipped = [
        (cells[0].split()[-1], *cells[1:]) for cells in rows_of(page, "判定を変えた条文ごとの件数")
    ]
    assert flipped == [
        (clause, labels[was], labels[would_be], f"{count}件")
        for (clause, was, would_be), count in sorted(year.clauses.items())
    ]
    with database.reading() as session:
        wards = {
            f"{session.get_one(Organization, ward.hospital_id).name} {ward.name}": place
            for place, ward in enumerate(
                session.get_one(Ward, ward_id)
                for ward_id in (cast.ward_id, cast.other_ward_id, cast.foreign_ward_id)
            )
        }
        offices = {
            session.get_one(Organization, office).name: place
            for place, office in enumerate((cast.office_id, cast.outsider_office_id))
        }
    for caption, whose, places in (
        ("病院から送る連絡", "ward", wards),
        ("送る・受ける連絡", "office", offices),
    ):
        expected = {label: expected_load(year, whose, place) for label, place in places.items()}
        assert squeezed(loads_on(page, caption)) == squeezed(expected)
    assert not any(stay.code in page.all_text for stay in year.stays)
    assert MARK not in page.all_text


def test_no_code_of_a_stay_is_even_kept_for_the_health_centre(
    enter: Enter, database: Database, year: MadeYear, papers: Library
) -> None:
    tried(enter("health_officer"), database, papers)
    with database.reading() as session:
        (work,) = session.exec(select(LongWork)).all()
    assert not any(stay.code in str(work.result) for stay in year.stays)
    assert MARK not in f"{work.result}{work.parameters}"


def test_a_hospital_sees_its_own_stays_by_name_and_no_other(
    enter: Enter, database: Database, year: MadeYear, papers: Library
) -> None:
    page = tried(enter("other_nurse"), database, papers)
    own = {stay.code for stay in year.stays if stay.ward == 2}  # The other hospital's ward.
    flipped = own & set(year.flipped)
    shown = {code for code in (stay.code for stay in year.stays) if code in page.all_text}
    assert shown <= own
    assert flipped <= shown
    assert MARK in page.text
    assert f"判定が変わる入院 {len(flipped)}件" in " ".join(page.text.split())
    newly = [stay for stay in year.stays if stay.code in flipped and not stay.kind.contact]
    assert newly
    names = [link for words, link in page.links.items() if MARK in words]
    assert names
    assert MARK in page.visitor.open(names[0]).text
    with database.reading() as session:
        (work,) = session.exec(select(LongWork)).all()
    assert MARK not in f"{work.result}{work.parameters}"
    assert list(loads_on(page, "病院から送る連絡")) == ["2階"]


def test_only_the_organization_that_asked_can_open_it_or_finds_it_in_its_list(
    enter: Enter, database: Database, year: MadeYear, papers: Library
) -> None:
    page = tried(enter("discharge_nurse"), database, papers)
    assert page.path in enter("ward_nurse").open("/backtests").links.values()
    for other in ("other_nurse", "health_officer"):
        assert page.path not in enter(other).open("/backtests").links.values()
        enter(other).open(page.path, 404)
    for stranger in ("care_manager", "center_staff"):
        enter(stranger).open("/backtests", 403)
        enter(stranger).open(page.path, 403)
    assert year.inside


def test_who_asked_and_who_read_is_on_record(
    enter: Enter, database: Database, year: MadeYear, papers: Library
) -> None:
    tried(enter("discharge_nurse"), database, papers)
    acts = (Act.LONG_WORK_ASK, Act.LONG_WORK_READ)
    with database.reading() as session:
        events = session.exec(
            select(Event).where(col(Event.act).in_(acts)).order_by(col(Event.id))
        ).all()
    assert [event.act for event in events] == list(acts)
    assert events[1].detail["stays"]
    assert year.inside


def test_while_it_waits_the_page_asks_again_by_itself_but_not_for_ever(
    enter: Enter, cast: Cast, clock: time_machine.Traveller
) -> None:
    visitor = enter("health_officer")
    page = asked(visitor)
    assert page.heading == "順番を待っています"
    assert '<meta http-equiv="refresh" content="5">' in page.response.text
    clock.move_to(NOW + timedelta(minutes=10))
    assert 'http-equiv="refresh"' in visitor.open(page.path).response.text
    clock.move_to(NOW + timedelta(minutes=21))
    late = Visitor(visitor.app).arrive(cast.health_officer, NOW + timedelta(minutes=21))
    page = late.open(page.path)
    assert 'http-equiv="refresh"' not in page.response.text
    assert "システムの管理者に、下の番号を伝えてください" in page.text


def test_a_failure_stands_on_the_page_in_words(enter: Enter, database: Database) -> None:
    visitor = enter("health_officer")
    page = asked(visitor)

    def broken(_database: Database, _work: LongWork) -> dict[str, object]:
        raise ValueError("secret")

    assert do_one(database, lambda: NOW, {WorkKind.BACKTEST: broken})
    page = visitor.open(page.path)
    assert page.heading == "計算できませんでした"
    assert WorkFailure.BROKEN.label in page.text
    assert "secret" not in page.all_text
    assert 'http-equiv="refresh"' not in page.response.text


def test_a_draft_is_refused_with_its_line_and_what_was_typed_stays(
    enter: Enter, database: Database, year: MadeYear
) -> None:
    wrong = OF_DRAFT.replace("care_manager: assigned}", "care_manager: asigned}", 1)
    line = wrong[: wrong.index("asigned")].count("\n") + 1
    form = enter("health_officer").open("/backtests").form("/backtests")
    page = form.fill(draft=wrong.replace("\n", "\r\n"), **MONTHS).submit(422)
    assert page.errors["draft"].startswith(f"{line}行目: 「asigned」という語は使えません。")
    assert "「assigned」ではありませんか" in page.errors["draft"]
    assert "draft.yaml" not in page.all_text
    assert [f"▶ {line}", "when: {care_manager: asigned}"] in rows_of(page, f"案の{line}行目")
    again = page.form("/backtests")
    assert again.value("draft").replace("\r\n", "\n").strip() == wrong.strip()
    assert (again.value("first"), again.value("last")) == (MONTHS["first"], MONTHS["last"])
    with database.reading() as session:
        assert session.exec(select(LongWork)).all() == []
    assert year.inside
    page = again.fill(draft=OF_DRAFT).submit()
    assert page.heading == "順番を待っています"


def test_an_example_that_does_not_come_out_is_refused_with_its_line(enter: Enter) -> None:
    wrong = OF_DRAFT.replace(
        "expect: {coordination: undetermined}", "expect: {coordination: required}"
    )
    form = enter("health_officer").open("/backtests").form("/backtests")
    page = form.fill(draft=wrong).submit(422)
    assert re.match(r"\d+行目: 例「分からなければ保留」が成り立ちません", page.errors["draft"])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"draft": ""}, "draft", "案を貼り付けるか"),
        ({"draft": "x", "edition": "2024-04-01"}, "edition", "どちらか一つ"),
        ({"draft": "x" * 60_001}, "draft", "60000文字まで"),
        ({"draft": "x", "first": "1999-01"}, "first", "月を一覧から"),
        ({"draft": "- a"}, "draft", "並び"),
        ({"draft": "", "edition": "2027-04-01", "name": "x"}, "main", "この画面にない項目"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    enter: Enter, changes: dict[str, str], field: str, words: str
) -> None:
    visitor = enter("health_officer")
    form = visitor.open("/backtests").form("/backtests")
    page = visitor.post("/backtests", list({**dict(form.fields), **changes}.items()), 422)
    assert words in page.errors[field]


def test_months_in_the_wrong_order_are_refused(enter: Enter, year: MadeYear) -> None:
    form = enter("health_officer").open("/backtests").form("/backtests")
    page = form.fill(edition="2027-04-01", first="2026-10", last="2026-09").submit(422)
    assert "最初の月より前です" in page.errors["last"]
    assert year.inside


def test_an_edition_that_is_on_the_shelf_can_be_tried_by_its_day(
    enter: Enter, database: Database, library: Library
) -> None:
    visitor = enter("discharge_nurse")
    form = visitor.open("/backtests").form("/backtests")
    page = form.fill(edition="2027-04-01").submit()
    assert "2027年4月1日(木)施行の版" in page.text
    do_it(database, library)
    page = visitor.open(page.path)
    assert page.heading == "案を試した結果"
    assert "退院した 0件" in page.text


def test_the_button_pressed_twice_asks_once(enter: Enter, database: Database) -> None:
    form = enter("health_officer").open("/backtests").form("/backtests")
    form.fill(edition="2027-04-01")
    assert form.submit().path == form.submit().path
    with database.reading() as session:
        assert len(session.exec(select(LongWork)).all()) == 1


def test_too_much_in_the_queue_is_refused_in_words(enter: Enter) -> None:
    visitor = enter("health_officer")
    for _ in range(long_work.MOST_WAITING):
        visitor.open("/backtests").form("/backtests").fill(edition="2027-04-01").submit()
    page = visitor.open("/backtests").form("/backtests").fill(edition="2027-04-01").submit(422)
    assert "「ルールの案を過去の入院で試す」が3件、まだ終わっていません" in page.errors["main"]


def test_where_the_council_names_no_hospital_neither_does_the_result(
    enter: Enter, database: Database, year: MadeYear, papers: Library
) -> None:
    visitor = enter("health_officer")
    desk = visitor.app.extensions[EXTENSION]
    visitor.app.extensions[EXTENSION] = replace(desk, hospital_names=False)
    page = tried(visitor, database, papers)
    visitor.app.extensions[EXTENSION] = desk
    labels = set(loads_on(page, "病院から送る連絡"))
    assert len(labels) == 3
    assert all(re.fullmatch(r"病院[AB] 病棟\d", label) for label in labels)
    assert year.inside


def test_both_menus_lead_there(enter: Enter) -> None:
    for name in ("health_officer", "discharge_nurse"):
        assert enter(name).open("/simulator").links["案を試す"] == "/backtests"
    assert "案を試す" not in enter("care_manager").open("/simulator").links
