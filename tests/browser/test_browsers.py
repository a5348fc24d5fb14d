"""What browsers do to forms: without scripts, pressed twice, gone back from, sent again."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlmodel import func, select

from handoffs.database import Database
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from tests.browser.person import Person
from tests.conftest import MARK
from tests.people import Cast
from web.inputs import typed_day

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]
REGISTER = "登録して判定を見る"


def fill(nurse: Person, name: str, today: date, birth_on: str = "S15.5.3") -> None:
    nurse.page.goto("/stays/new")  # It is looked at in the story of a stay.
    nurse.page.get_by_label("氏名", exact=True).fill(f"{MARK} {name}")
    nurse.page.get_by_label("カナ", exact=True).fill(f"シメイヒ {name}")
    nurse.page.get_by_label("生年月日").fill(birth_on)
    nurse.page.get_by_label("入院日", exact=True).fill(typed_day(today))
    nurse.page.get_by_label("介護認定").select_option("care_2")


def stays_of(database: Database, name: str) -> int:
    query = select(func.count()).select_from(Stay).join(Patient)
    with database.reading() as session:
        return session.exec(query.where(Patient.name == f"{MARK} {name}")).one()


def test_an_admission_is_registered_without_any_script(
    enter: Enter, database: Database, cast: Cast, today: date
) -> None:
    nurse = enter("ward_nurse", scripts=False)
    fill(nurse, "ムスクリプト", today, birth_on="150503")
    nurse.page.get_by_label("計画作成担当").select_option(f"office-{cast.office_id}")
    nurse.press(REGISTER)
    nurse.sees("元号がないため")
    nurse.page.get_by_label("昭和15年5月3日").check()
    nurse.press(REGISTER)
    nurse.sees("入院を登録しました。", "入院前からケアマネジャー", "入院時情報提供")
    assert stays_of(database, "ムスクリプト") == 1


def test_a_double_click_registers_once_and_shows_it(
    enter: Enter, database: Database, today: date
) -> None:
    nurse = enter("ward_nurse")
    fill(nurse, "ニド", today)
    nurse.page.get_by_role("button", name=REGISTER).dblclick()
    nurse.page.wait_for_url("**/stays/*?done=registered")
    nurse.look()
    nurse.sees("入院を登録しました。")
    assert stays_of(database, "ニド") == 1


def test_going_back_and_pressing_again_registers_nobody_twice(
    enter: Enter, database: Database, today: date
) -> None:
    nurse = enter("ward_nurse")
    fill(nurse, "モドル", today)
    nurse.press(REGISTER)
    nurse.page.reload()
    nurse.look()
    nurse.page.go_back()
    nurse.press(REGISTER)
    assert stays_of(database, "モドル") == 1


def test_two_tabs_with_the_same_person_register_one_stay(
    enter: Enter, database: Database, today: date
) -> None:
    first, second = enter("ward_nurse"), enter("ward_nurse")
    fill(first, "フタツ", today)
    fill(second, "フタツ", today)
    for nurse in (first, second):
        with nurse.page.expect_navigation():
            nurse.page.get_by_role("button", name=REGISTER).click()
    expect(second.page.locator("#errors")).to_contain_text("入院中")
    assert stays_of(database, "フタツ") == 1


def test_enter_while_the_input_method_converts_sends_nothing(enter: Enter) -> None:
    nurse = enter("ward_nurse")
    sent: list[str] = []
    nurse.page.on("request", lambda one: sent.append(one.method + one.resource_type))
    for path, field in (("/stays", "#search"), ("/stays/new", "#name"), ("/find", "#words")):
        nurse.page.goto(path)
        nurse.page.locator(field).focus()
        ime = nurse.context.new_cdp_session(nurse.page)
        written = {"text": "みほん", "selectionStart": 3, "selectionEnd": 3}
        ime.send("Input.imeSetComposition", written)
        for end in ("rawKeyDown", "keyUp"):
            key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
            ime.send("Input.dispatchKeyEvent", {"type": end, **key, "text": "\r"})
        expect(nurse.page.locator(field)).to_have_value("みほん")
        assert nurse.path == path
        assert "POSTdocument" not in sent, path
        ime.send("Input.insertText", {"text": "見本"})
        with nurse.page.expect_navigation():
            nurse.page.keyboard.press("Enter")
        assert sent.count("POSTdocument") == 1, "Enter after the conversion has to work"
        sent.clear()


def test_a_page_with_mistakes_that_is_sent_again_registers_nobody(
    enter: Enter, database: Database, today: date
) -> None:
    nurse = enter("ward_nurse")
    fill(nurse, "ヤリナオス", today, birth_on="S15.13.3")
    nurse.press(REGISTER)
    nurse.page.reload()
    nurse.look()
    expect(nurse.page.locator("#errors")).to_contain_text("1件")
    assert stays_of(database, "ヤリナオス") == 0
    nurse.page.get_by_label("生年月日").fill("S15.3.3")
    nurse.press(REGISTER)
    assert stays_of(database, "ヤリナオス") == 1


def test_the_skip_link_leads_past_the_menu(enter: Enter) -> None:
    nurse = enter("ward_nurse")
    nurse.open("/stays/new")
    assert nurse.tab_to("本文へ進む") == 1
    nurse.page.keyboard.press("Enter")
    expect(nurse.page.locator("#main")).to_be_focused()
    assert nurse.tab_to("name") == 1
