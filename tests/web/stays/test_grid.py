"""The grid of admissions: right rows are registered once, wrong rows stay typed."""

from collections.abc import Callable

import pytest
from sqlmodel import col, func, select

from handoffs.database import Database
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import KANA, admit_someone
from tests.people import Cast
from tests.web.page import Form, Page, Visitor

Enter = Callable[[str], Visitor]
CHECK = "内容を確かめる"


def stays(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Stay)).one()


def grid(page: Page) -> Form:
    return page.form("/stays/together")


def row(number: int, name: str, kana: str, **changes: str) -> dict[str, str]:
    typed = {"name": f"{MARK} {name}", "kana": kana, "birth_on": "S15.5.3", "care_level": "介護2"}
    return {f"{cell}-{number}": text for cell, text in (typed | changes).items()}


@pytest.fixture
def blank(enter: Enter) -> Form:
    return grid(enter("ward_nurse").open("/stays/together"))


def test_twenty_rows_begin_with_today_and_the_own_ward_and_nothing_else(
    blank: Form, cast: Cast, database: Database
) -> None:
    assert blank.value("admitted_on-20") == "R8.11.20"
    assert blank.value("ward_id-20") == str(cast.ward_id)
    page = blank.submit(422)
    assert page.errors == {"name-1": "まだ1行も入力されていません。"}
    assert stays(database) == 0


def test_every_row_that_is_right_is_registered_and_what_was_decided_is_shown(
    blank: Form, database: Database, cast: Cast
) -> None:
    blank.fill(**row(1, "一", "シメイヒ イチ", office="見本ケアプランセンター"))
    blank.fill(**row(3, "三", "しめいひ さん", office="なし"))
    page = blank.submit()
    assert page.path == "/stays/together/decided"
    assert stays(database) == 2
    assert "2人" in page.heading
    assert f"{MARK} 三" in page.text
    with database.reading() as session:
        plans = session.exec(select(PlanOffice).order_by(col(PlanOffice.stay_id))).all()
        assert [plan.status for plan in plans] == [PlanStatus.ASSIGNED, PlanStatus.UNASSIGNED]
        assert plans[0].organization_id == cast.office_id


def test_enter_in_a_cell_only_says_what_was_read(blank: Form, database: Database) -> None:
    assert blank.node.all("button")[0].text == CHECK
    page = blank.fill(**row(2, "二", "シメイヒ ニ")).press(CHECK)
    assert stays(database) == 0
    assert "1行を読み取りました。まだ登録していません" in page.text
    assert "86歳" in page.text
    assert grid(page).value("name-2") == f"{MARK} 二"


def test_wrong_rows_stay_typed_with_what_is_wrong_beside_them(
    blank: Form, database: Database
) -> None:
    blank.fill(
        **row(1, "一", "シメイヒ イチ"),
        **row(2, "二", "漢字", care_level="介護9", office="ない事業所"),
        **row(4, "四", "シメイヒ シ", birth_on="150503"),
    )
    page = blank.submit(422)
    assert stays(database) == 1
    assert "1人を登録しました" in page.text
    assert set(page.errors) == {"kana-2", "care_level-2", "office-2", "birth_on-4"}
    assert page.errors["kana-2"].startswith("2行目: ")
    again = grid(page)
    assert again.value("office-2") == "ない事業所"
    assert "name-1" not in again.names
    again.fill(**{"kana-2": "シメイヒ ニ", "care_level-2": "要介護1", "office-2": ""})
    again.fill(**{"birth_on_reading-4": "1940-05-03"})
    again.submit()
    assert stays(database) == 3


def test_a_grid_that_is_sent_twice_registers_each_row_once_and_keeps_the_wrong_ones(
    blank: Form, database: Database
) -> None:
    blank.fill(**row(1, "一", "シメイヒ イチ"), **row(2, "二", "漢字"))
    blank.submit(422)
    page = blank.submit(422)
    assert stays(database) == 1
    assert set(page.errors) == {"kana-2"}
    assert "1人を登録しました" in page.text


def test_who_is_in_hospital_already_and_the_same_person_twice_are_told(
    blank: Form, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana=KANA)
    blank.fill(
        **row(1, "花子", KANA),
        **row(2, "二", "シメイヒ ニ"),
        **row(3, "二", "シメイヒ ニ"),
    )
    page = blank.submit(422)
    assert set(page.errors) == {"name-1", "name-3"}
    assert stays(database) == 2
    grid(page).fill(**{"hospital_number-3": "A-77"}).submit(422)
    assert stays(database) == 3


def test_an_office_cannot_open_the_grid(enter: Enter) -> None:
    enter("care_manager").open("/stays/together", 403)
