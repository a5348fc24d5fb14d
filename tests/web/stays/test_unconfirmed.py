"""The day's list of those whose handoff nobody confirmed, and the board that leads to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.handoff import handoffs_of
from handoffs.statement import Result, Statement
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave, make_handoff
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
TODAY = day_of(NOW)


@pytest.fixture
def people(database: Database, library: Library, cast: Cast) -> dict[str, int]:
    """One who leaves tomorrow, one with something late, one who left without a contact."""
    before = NOW - timedelta(days=9)
    with database.writing() as session:
        soon = admit_someone(
            session,
            library,
            cast,
            kana="シメイヒ アシタ",
            planned_discharge_on=TODAY + timedelta(days=1),
            planned_certainty=PlannedCertainty.FIXED,
        )
        late = admit_someone(
            session, library, cast, now=before, kana="シメイヒ オソ", admitted_on=day_of(before)
        )
        gone = admit_someone(
            session, library, cast, now=before, kana="シメイヒ タイイン", admitted_on=day_of(before)
        )
        leave(session, library, cast, gone, now=NOW, discharged_on=TODAY, contacted=False)
        return {"soon": soon.id, "late": late.id, "gone": gone.id}


def test_everybody_stands_once_under_what_is_to_be_confirmed(
    enter: Enter, people: dict[str, int]
) -> None:
    page = enter("ward_nurse").open("/stays/unconfirmed")
    assert page.heading == "引き継ぎの確認がとれていない方 3人"
    headings = [node.text for node in page.main.all("h2")]
    assert [text.split()[-1] for text in headings] == ["1人", "1人", "1人"]
    rows = [node.get("id") for node in page.main.all("tr") if node.get("id")]
    assert rows == [f"stay-{people[who]}" for who in ("soon", "late", "gone")]


def test_the_reason_is_two_clicks_away_and_leads_back(enter: Enter, people: dict[str, int]) -> None:
    page = enter("ward_nurse").open("/stays/unconfirmed")
    form = page.form(f"/stays/{people['late']}/miss-reason")
    page = form.press("人手が足りなかった")
    assert page.path == "/stays/unconfirmed"
    assert "事情を記録しました" in page.text
    assert "人手が足りなかった 1人" in page.text


@pytest.mark.usefixtures("people")
def test_the_board_names_them_above_its_table(enter: Enter) -> None:
    page = enter("ward_nurse").open("/stays?ward=0")
    assert page.links["引き継ぎの確認がとれていない方 2人"] == "/stays/unconfirmed?ward=0"
    assert page.text.index("明日までに退院の予定 1人") < page.text.index("次にすること")
    assert MARK in page.text


@pytest.mark.usefixtures("people")
def test_a_telephone_call_is_noted_on_the_board_in_one_tap(
    enter: Enter, database: Database
) -> None:
    page = enter("ward_nurse").open("/stays?ward=0")
    away = [node for node in page.tree.all("button") if node.text == "不在だった"]
    assert {node["form"] for node in away} == {"calls"}
    for button in away[:2]:
        form = next(form for form in page.forms() if form.node.get("id") == "calls")
        tapped = [*form.fields, (button["name"], button["value"])]
        again = page.visitor.post(button["formaction"], tapped)
        assert again.path == "/stays"
        assert "不在・伝言を記録しました" in again.text
        # Which of many it was, and the way to take a slip of the finger back.
        (told,) = [node for node in again.tree.all("div") if "banner-done" in node.get("class")]
        assert MARK in told.text
        assert "病院 → " in told.text
        assert told.all("a")[0]["href"].partition("#handoff-")[2] in button["formaction"]
        # The same tap once more is written down once.
        page.visitor.post(button["formaction"], tapped)
    with database.reading() as session:
        said = session.exec(select(Statement).where(Statement.result == Result.ABSENT)).all()
    assert len(said) == len(away[:2]) > 0


def test_the_discharge_moves_to_tomorrow_in_two_clicks(
    enter: Enter, people: dict[str, int]
) -> None:
    page = enter("ward_nurse").open("/stays")
    where = f"/stays/{people['late']}/planned-discharge"
    assert where in page.links.values()
    page = page.visitor.open(where).form(where).press("明日 11/21(土) に決定")
    assert "12時までに電話でも" in page.text
    assert "令和8年11月21日(土)（決定）" in page.text


def test_enter_in_the_field_of_the_day_presses_no_day_of_its_own(
    enter: Enter, people: dict[str, int]
) -> None:
    where = f"/stays/{people['late']}/planned-discharge"
    buttons = enter("ward_nurse").open(where).form(where).node.all("button")
    assert buttons[0].text == "変更する"


def test_the_hospital_menu_is_eight_words_and_the_rest_folded(enter: Enter) -> None:
    page = enter("ward_nurse").open("/support-log")
    (menu,) = [node for node in page.tree.all("nav") if node.get("aria-label") == "メニュー"]
    whole, *groups = menu.all("details")
    folded = sum(len(node.all("a")) for node in groups)
    assert len(menu.all("a")) - folded + len(groups) <= 8
    # The first is the menu itself, which lies open where there is room.
    assert "on-phone" in whole.get("class")
    assert [node.text for node in menu.all("summary")] == ["メニュー", "加算と記録", "設定とルール"]
    assert menu.all("summary")[1].get("class") == "menu-here"


@pytest.mark.parametrize("left", ["a wish", "nothing"])
def test_the_board_opens_for_somebody_who_leaves_with_all_sent_and_nobody_reached(
    enter: Enter, people: dict[str, int], database: Database, left: str
) -> None:
    with database.writing() as session:
        stay = session.get_one(Stay, people["soon"])
        for handoff in handoffs_of(session, stay.id):
            handoff.sent_at = NOW
        if left == "a wish":
            make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE, due_on=None)
    page = enter("ward_nurse").open("/stays")
    row = next(one for one in page.main.all("tr") if "アシタ" in one.text)
    assert "退院の連絡が未確認" in row.text
    assert ("電話の結果（退院前カンファレンス）" in row.text) is (left == "a wish")
