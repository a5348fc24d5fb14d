"""The hospital's day at the keyboard: one admission at a stated speed, many at once, the lists."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from handoffs.database import Database
from rules import Library
from tests.browser.conftest import now
from tests.browser.person import Person
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import NAMES, Cast
from web.dates import short_day
from web.inputs import typed_day

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]

PRESS = 0.28
"""Seconds for one press of a key by somebody who types 40 words a minute, not a typist."""

THINK = 1.35
"""Seconds of thought before a field, as the keystroke-level model counts them."""

PRESSES_OF_A_LETTER = 3
"""Of a Japanese letter: two in Roman letters, and its share of the conversion."""

BUDGET = 60


class Typist:
    """Types with the keyboard alone and counts what a person would have to press."""

    def __init__(self, person: Person) -> None:
        """Sit down before the page that is open."""
        self.person = person
        self.presses = 0
        self.fields = 0

    def type(self, field: str, text: str) -> None:
        """Go on to a field and type into it."""
        self._go(field)
        self.person.page.keyboard.type(text)
        self.presses += sum(1 if c.isascii() else PRESSES_OF_A_LETTER for c in text)

    def pick(self, field: str, words: str) -> None:
        """Go on to a list and choose with the arrow key."""
        self._go(field)
        self.presses += self.person.pick(words)

    def press(self, button: str) -> None:
        """Go on to a button and press it."""
        self.presses += self.person.tab_to(button) + 1
        with self.person.page.expect_navigation():
            self.person.page.keyboard.press("Enter")

    def _go(self, field: str) -> None:
        self.presses += self.person.tab_to(field)
        self.fields += 1

    @property
    def seconds(self) -> float:
        """How long the keys and the thought take."""
        return self.presses * PRESS + self.fields * THINK


def test_an_admission_of_twelve_fields_takes_a_minute_with_the_keyboard_alone(
    enter: Enter, today: date, tell: Callable[[str], None]
) -> None:
    nurse: Person = enter("ward_nurse")
    nurse.page.goto("/stays/new")  # Both pages are looked at in the story of a stay.
    button = nurse.main.get_by_role("button", name="登録して判定を見る")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768, "the screen has to be scrolled"
    nurse.page.locator("#main").focus()
    typist = Typist(nurse)
    typist.type("name", f"{MARK}文子")
    typist.type("kana", "シメイヒ フミコ")
    typist.type("birth_on", "S15.5.3")
    typist.type("admitted_time", "930")
    typist.pick("care_level", "要介護2")
    typist.pick("plan_organization_id", "見本ケアプランセンター")
    typist.type("care_manager_name", NAMES["care_manager"])
    typist.pick("application", "申請中でない")
    typist.type("planned_discharge_on", typed_day(today + timedelta(days=14)))
    typist.pick("planned_certainty", "およそ")
    typist.type("municipality", "見本市")
    typist.pick("consent", "同意あり")
    typist.press("登録して判定を見る")
    expect(nurse.page.get_by_role("heading", level=1)).to_contain_text("文子")
    tell(f"{typist.fields} fields, {typist.presses} presses: {typist.seconds:.0f} s.")
    assert typist.fields == 12
    assert typist.seconds <= BUDGET


_PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_the_office_types_and_pastes_many_admissions_and_sees_each_decision(
    enter: Enter, today: date
) -> None:
    nurse: Person = enter("ward_nurse")
    nurse.open("/stays/together")
    keys = nurse.page.keyboard
    nurse.tab_to("name-1")
    for text in (f"{MARK} 松", "シメイヒ マツ", "S10.2.3", None, "9:10", None, "要介護1"):
        if text is not None:
            keys.type(text)
        keys.press("Enter")
    expect(nurse.page.locator("#office-1")).to_be_focused()
    nurse.page.locator("#name-2").focus()
    day = typed_day(today)
    ward = nurse.page.locator("#ward_id-1 option:checked").inner_text()
    rows = [
        (f"{MARK} 竹", "シメイヒ タケ", "S11.3.4", day, "", ward, "支援1"),
        (f"{MARK} 梅", "漢字", "S12.4.5", day, "", ward, "なし"),
    ]
    nurse.page.evaluate(_PASTE, "\r\n".join("\t".join(cells) for cells in rows))
    expect(nurse.page.locator("#kana-3")).to_have_value("漢字")
    nurse.press("登録して判定を見る")
    nurse.sees("2人を登録しました。", "3行目: カナで入力してください")
    expect(nurse.page.locator("#errors")).to_be_focused()
    nurse.page.locator("#kana-3").fill("シメイヒ ウメ")
    nurse.press("登録して判定を見る")
    assert nurse.path.startswith("/stays/together/decided")
    nurse.sees(f"{MARK} 梅")


def test_the_lists_of_the_day_and_the_discharge_of_tomorrow(
    enter: Enter, database: Database, library: Library, cast: Cast, today: date
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            now=now() - timedelta(days=9),
            kana="シメイヒ アス",
            admitted_on=today - timedelta(days=9),
        )
        stay_id = stay.id
    nurse: Person = enter("ward_nurse")
    nurse.open("/stays")
    top = nurse.main.locator("table.board tbody tr").first.bounding_box()
    assert top is not None
    assert top["y"] + top["height"] <= 768, "the table begins below the fold"
    with nurse.page.expect_navigation():
        nurse.main.locator(f'a.tap[href="/stays/{stay_id}/planned-discharge"]').click()
    tomorrow = short_day(today + timedelta(days=1))
    nurse.press(f"明日 {tomorrow} に決定")
    nurse.sees("退院予定日を変更しました")

    nurse.page.locator("#main").focus()
    nurse.open("/stays/unconfirmed")
    row = nurse.main.locator(f"#stay-{stay_id}")
    expect(row).to_contain_text("退院の連絡が未確認")
    row.get_by_text("事情を選ぶ").click()
    nurse.press("急な退院だった", row)
    nurse.sees("事情を記録しました。")

    nurse.tab_to("加算と記録")
    nurse.page.keyboard.press("Enter")
    nurse.tab_to("入退院支援加算の3日・7日")
    nurse.enter()
    assert nurse.path == "/support-log"
    row = nurse.main.locator("tr").filter(has=nurse.page.locator(f'a[href="/stays/{stay_id}"]'))
    nurse.press("患者・家族との話し合いを今日行った", row)
    nurse.sees("入退院支援の日付を記録しました。")


def test_the_kana_come_from_what_was_typed_and_stay_to_be_edited(enter: Enter) -> None:
    nurse: Person = enter("ward_nurse")
    nurse.page.goto("/stays/new")
    nurse.page.locator("#name").focus()
    ime = nurse.context.new_cdp_session(nurse.page)
    for typed, written in (("みほん", "見本"), ("ふみこ", "文子")):
        for end in range(1, len(typed) + 1):
            composed = {"text": typed[:end], "selectionStart": end, "selectionEnd": end}
            ime.send("Input.imeSetComposition", composed)
        converted = {"text": written, "selectionStart": 2, "selectionEnd": 2}
        ime.send("Input.imeSetComposition", converted)
        ime.send("Input.insertText", {"text": written})
        if typed == "みほん":
            nurse.page.keyboard.type(" ")
    expect(nurse.page.locator("#name")).to_have_value("見本 文子")
    expect(nurse.page.locator("#kana")).to_have_value("ミホン フミコ")
    nurse.page.locator("#kana").fill("ミモト フミコ")
    nurse.page.locator("#name").focus()
    ime.send("Input.imeSetComposition", {"text": "さん", "selectionStart": 2, "selectionEnd": 2})
    ime.send("Input.insertText", {"text": "さん"})
    expect(nurse.page.locator("#kana")).to_have_value("ミモト フミコ")
