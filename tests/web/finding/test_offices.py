"""Finding the office on the pages where one is chosen, without losing a word."""

from collections.abc import Callable

import pytest
from sqlmodel import func, select

from handoffs.database import Database
from handoffs.finding.offices import offices_found
from handoffs.parties import Organization
from handoffs.plan_office import plan_office_of
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
FIELD = "plan_organization_id"
SEARCH, OPEN, REGISTER = "さがす", "事業所をさがす", "登録して判定を見る"


@pytest.fixture(autouse=True)
def directory(database: Database, cast: Cast) -> None:
    """Readings and numbers as a directory has them."""
    with database.writing() as session:
        office = session.get_one(Organization, cast.office_id)
        office.kana, office.municipality = "ミホンケアプランセンター", "見本市"
        office.telephone, office.fax = "0770-00-1234", "0770-00-5678"
        outsider = session.get_one(Organization, cast.outsider_office_id)
        outsider.kana, outsider.municipality = "トナリマチケアプラン", "となり町"


def offered(page: Page) -> list[str]:
    """The offices among the choices, by their values."""
    values = [n.get("value") for n in page.tree.all("input") if n.get("name") == FIELD]
    return [value for value in values if value.startswith("office-")]


@pytest.mark.parametrize(
    "words",
    [
        "見本ケア",
        "みほんけあ",
        "ﾐﾎﾝｹｱ",
        "見本市 居宅",
        "0770-00-1234",
        "０７７０００５６７８",
        "00-5678",
        "1870000019",
    ],
)
def test_an_office_is_found_by_its_words_and_by_its_numbers(
    enter: Enter, cast: Cast, words: str
) -> None:
    form = enter("ward_nurse").open("/stays/new").form("/stays/new")
    page = form.press(OPEN).form("/stays/new").fill(office_words=words).press(SEARCH)
    assert offered(page) == [f"office-{cast.office_id}"]
    assert "1件見つかりました" in page.text
    assert "濁点" not in page.text


def test_an_office_whose_voiced_marks_were_misheard_is_found_and_said_to_be_so(
    enter: Enter, cast: Cast
) -> None:
    form = enter("ward_nurse").open("/stays/new").form("/stays/new")
    page = form.press(OPEN).form("/stays/new").fill(office_words="みぼんげあ").press(SEARCH)
    assert offered(page) == [f"office-{cast.office_id}"]
    assert "濁点・半濁点だけが違うものを表示しています" in page.text


def test_what_was_typed_stays_and_the_office_found_is_registered(
    enter: Enter, database: Database, cast: Cast
) -> None:
    typed = {
        "name": f"{MARK} 髙橋",
        "kana": "しめいひ たかはし",
        "birth_on": "S15.5.3",
        "admitted_on": "81120",
        "care_level": "care_2",
        FIELD: "unassigned",
    }
    form = enter("ward_nurse").open("/stays/new").form("/stays/new").fill(**typed)
    form = form.press(OPEN).form("/stays/new")
    form = form.fill(office_words="となり町 ケアプラン").press(SEARCH).form("/stays/new")
    assert {name: form.value(name) for name in typed} == typed
    form.fill(**{FIELD: f"office-{cast.outsider_office_id}"}).press(REGISTER)
    with database.reading() as session:
        stay = session.exec(select(Stay)).one()
        plan = plan_office_of(session, stay.id)
    assert plan is not None
    assert plan.organization_id == cast.outsider_office_id


def test_searching_registers_nobody_and_one_digit_or_nothing_finds_nobody(
    enter: Enter, database: Database
) -> None:
    form = enter("ward_nurse").open("/stays/new").form("/stays/new").press(OPEN).form("/stays/new")
    for words in ("7", "どこにもない事業所", "%"):
        page = form.fill(office_words=words).press(SEARCH)
        assert offered(page) == []
        assert "見つかりませんでした" in page.text
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Stay)).one() == 0


def test_the_plan_office_page_keeps_what_stands_chosen_beside_what_was_found(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    path = f"/stays/{stay_id}/plan-office"
    form = enter("ward_nurse").open(path).form(path)
    page = form.fill(office_words="となり町地域包括", care_manager_name="見本").press(SEARCH)
    assert offered(page) == [f"office-{cast.office_id}", f"office-{cast.other_center_id}"]
    form = page.form(path)
    assert form.value(FIELD) == f"office-{cast.office_id}"
    assert form.value("care_manager_name") == "見本"
    form.fill(**{FIELD: f"office-{cast.other_center_id}"}).press("登録する")
    with database.reading() as session:
        plan = plan_office_of(session, stay_id)
    assert plan is not None
    assert plan.organization_id == cast.other_center_id


def test_the_form_of_a_company_on_the_insurance_card_is_passed_over(
    database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        office = session.get_one(Organization, cast.office_id)
        for card in (
            f"株式会社 {office.name}",
            f"(株){office.name}",
            f"医療法人社団　{office.name}",
        ):
            found = offices_found(session, office.region, card)
            assert [one.id for one in found.offices] == [office.id], card
