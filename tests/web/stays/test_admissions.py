"""The registration screen: one answer for every mistake, and no admission by a slip of a key."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import func, select

from handoffs.database import Database
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import KANA, admit_someone, leave
from tests.people import NOW, Cast
from tests.web.page import Form, Visitor

Enter = Callable[[str], Visitor]
CHECK, REGISTER = "内容を確かめる", "登録して判定を見る"


def filled(visitor: Visitor, **changes: str) -> Form:
    typed = {
        "name": f"{MARK} 髙橋",
        "kana": "しめいひ たかはし",
        "birth_on": "S15.5.3",
        "admitted_on": "81120",
        "care_level": "care_2",
    }
    return visitor.open("/stays/new").form("/stays/new").fill(**(typed | changes))


def stays(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Stay)).one()


def test_enter_in_a_field_only_says_what_was_read(enter: Enter, database: Database) -> None:
    form = filled(enter("ward_nurse"), admitted_time="1030")
    first = form.node.all("button")[0]
    assert first.text == CHECK
    page = form.press(CHECK)
    assert stays(database) == 0
    assert "まだ登録していません" in page.text
    assert "昭和15年5月3日（1940年）生まれ 86歳" in page.text
    assert "令和8年11月20日(金) 10:30" in page.text
    again = page.form("/stays/new")
    (button,) = [node for node in again.node.all("button") if node.text == REGISTER]
    assert "autofocus" in button.attributes
    again.press(REGISTER)
    assert stays(database) == 1


def test_a_look_leaves_the_form_to_be_registered_once(enter: Enter, database: Database) -> None:
    form = filled(enter("ward_nurse"))
    form.press(CHECK)
    form.fields = [pair for pair in form.fields if pair[0] != "check"]
    form.press(REGISTER)
    assert stays(database) == 1


def test_every_mistake_is_told_in_one_answer_in_the_order_of_the_page(
    enter: Enter, database: Database
) -> None:
    form = enter("ward_nurse").open("/stays/new").form("/stays/new")
    form.fill(
        name=f"{MARK} 花子😀",
        kana="漢字",
        birth_on="R9.1.1",
        admitted_on="R8.11.21",
        admitted_time="25:00",
        care_level="",
        planned_discharge_on="R8.12.1",
    )
    page = form.submit(422)
    assert list(page.errors) == [
        "name",
        "kana",
        "birth_on",
        "admitted_on",
        "admitted_time",
        "care_level",
        "planned_discharge_on",
    ]
    assert "絵文字" in page.errors["name"]
    assert "「およそ」か「決定」" in page.errors["planned_discharge_on"]
    assert stays(database) == 0


@pytest.mark.parametrize("button", [CHECK, REGISTER])
def test_who_is_in_hospital_already_is_told_beside_the_other_mistakes(
    enter: Enter, database: Database, library: Library, cast: Cast, button: str
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana=KANA)
    form = filled(enter("ward_nurse"), name=f"{MARK} 花子", kana=KANA, care_level="")
    page = form.press(button, 422)
    assert set(page.errors) == {"name", "care_level"}


def test_an_earlier_stay_in_the_way_is_told_with_its_code_and_what_to_do(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana=KANA, admitted_on=date(2026, 11, 2))
        leave(session, library, cast, stay, now=NOW)
        code = stay.code
    form = filled(enter("ward_nurse"), name=f"{MARK} 花子", kana=KANA, admitted_on="R8.11.10")
    page = form.submit(422)
    assert f"管理番号 {code}" in page.errors["admitted_on"]
    assert "入院日を確かめてください" in page.errors["admitted_on"]
    page.form("/stays/new").fill(admitted_on="R8.11.20").submit()
    assert stays(database) == 2


def test_a_day_without_an_agreement_is_told_without_words_of_the_trade(
    enter: Enter, database: Database
) -> None:
    page = filled(enter("ward_nurse"), admitted_on="H20.1.1", care_level="").submit(422)
    assert set(page.errors) == {"admitted_on", "care_level"}
    assert "システムの管理者" in page.errors["admitted_on"]
    assert "版" not in page.errors["admitted_on"]
    assert stays(database) == 0
