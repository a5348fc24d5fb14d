"""Each person's whole day, one walk each, with the seconds that each step took.

Half past eight to five for the discharge nurse, with the care manager where the day needs one;
the quarter and the year for the health centre. What each page says is looked at elsewhere: here
it is that one leads to the next, with the taps that a day has room for.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_journey import DECIDED, card
from tests.conftest import MARK
from tests.exchange.hospital import person, ward_list
from web.dates import short_day
from web.inputs import typed_day

pytestmark = [pytest.mark.browser, pytest.mark.long]

Enter = Callable[..., Person]
Tell = Callable[[str], None]
Step = Callable[[str], AbstractContextManager[None]]
ROWS = 30


@pytest.fixture
def step(tell: Tell) -> Step:
    """Do a step of the day and tell how long it took; the machine is none of a hospital's."""

    @contextmanager
    def _step(words: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        tell(f"{words}: {time.perf_counter() - began:.1f} s.")

    return _step


def test_the_discharge_nurses_whole_day(enter: Enter, today: date, step: Step) -> None:
    nurse: Person = enter("discharge_nurse")
    nurse.page.set_default_timeout(60_000)
    with step("8:30 board"):
        nurse.open("/")
        assert nurse.path.startswith("/stays")
    with step(f"8:30 ward list of {ROWS} rows, seen and taken in"):
        takes_the_list_in(nurse, today)
    with step("8:50 somebody new"):
        stay = registers(nurse, today)
    with step("9:00 why"):
        expect(nurse.page.get_by_role("heading", level=2).first).to_have_text(DECIDED)
        nurse.follow("判定の理由（条件ごとに、だれの記録によるか）")
        nurse.open(stay)
    with step("9:05 two calls: away, then reached"):
        calls(nurse, stay)
    with step("13:00 what the care manager gave is received"):
        sends(enter("care_manager"), stay)
        nurse.open(stay)
        nurse.press("受領を確認する", card(nurse, "入院時情報提供"))
    with step("14:00 three times for the conference, one of them taken"):
        proposes(nurse, enter("care_manager"), stay, today)
    with step("15:30 home tomorrow, in two taps"):
        nurse.open("/stays")
        with nurse.page.expect_navigation():
            nurse.main.locator(f'a.tap[href="{stay}/planned-discharge"]').click()
        nurse.press(f"明日 {short_day(today + timedelta(days=1))} に決定")
    with step("16:30 the sheet of the discharge, and its PDF"):
        nurse.open(f"{stay}/sheets/discharge_coordination")
        nurse.press("保存して確かめる")
        answer = nurse.context.request.get(
            f"{nurse.address}{stay}/sheets/discharge_coordination/now.pdf", timeout=90_000
        )
        assert answer.body().startswith(b"%PDF")
    with step("17:00 who is not yet confirmed, and why"):
        gives_a_reason(nurse, stay)


def takes_the_list_in(nurse: Person, today: date) -> None:
    nurse.open("/ward-lists")
    rows = [
        person(
            number,
            患者番号=f"D{number}",
            氏名=f"{MARK} 一覧{number}",
            病棟="3階東",
            生年月日=f"{1920 + number}-03-04",
            入院日=today.isoformat(),
            入院時刻="1:30",
        )
        for number in range(1, ROWS + 1)
    ]
    sent = ward_list(*rows, encoding="cp932")
    nurse.page.get_by_label("病棟の一覧（CSV）").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": sent}
    )
    nurse.press("内容を確かめる")
    nurse.sees(f"{ROWS}")
    nurse.press("取り込む")


def registers(nurse: Person, today: date) -> str:
    nurse.open("/stays/new")
    for label, text in {
        "氏名": f"{MARK} 一日",
        "カナ": "シメイヒ イチニチ",
        "生年月日": "S12.5.3",
        "入院日": typed_day(today - timedelta(days=2)),
    }.items():
        nurse.page.get_by_label(label, exact=True).fill(text)
    nurse.page.locator("#ward_id").select_option(index=1)
    nurse.page.locator("#care_level").select_option("care_2")
    office = nurse.page.locator("#plan_organization_id option", has_text="見本ケアプランセンター")
    nurse.page.locator("#plan_organization_id").select_option(office.first.get_attribute("value"))
    nurse.press("登録して判定を見る")
    return nurse.path.split("?")[0]


def calls(nurse: Person, stay: str) -> None:
    nurse.press("不在だった", card(nurse, "入院の連絡"))
    nurse.open(stay)
    nurse.press("話せた", card(nurse, "入院の連絡"))
    nurse.sees("連絡・送付を記録しました。")


def sends(manager: Person, stay: str) -> None:
    manager.page.set_default_timeout(60_000)
    manager.open(stay)
    manager.follow("連絡・送付を記録する", card(manager, "入院時情報提供"))
    manager.page.get_by_label("FAXで送った").check()
    manager.press("記録する")
    manager.sees("連絡・送付を記録しました。")


def proposes(nurse: Person, manager: Person, stay: str, today: date) -> None:
    manager.page.set_default_timeout(60_000)
    nurse.open(stay)
    nurse.main.get_by_role("link", name="候補日を挙げる", exact=True).first.click()
    nurse.look()
    for number in (1, 2, 3):
        on = typed_day(today + timedelta(days=number))
        for field, text in {"day": on, "starts_at": "14:00", "ends_at": "14:30"}.items():
            nurse.page.locator(f"#{field}-{number}").fill(text)
    nurse.press("相手に挙げる")
    manager.open("/worklist")
    client = manager.main.locator("li.client").filter(has_text=f"{MARK} 一日")
    with manager.page.expect_navigation():
        client.get_by_role("button", name=re.compile(r"\d にする$")).first.click()
    manager.look()
    nurse.open(stay)
    nurse.sees("会議の日時")


def gives_a_reason(nurse: Person, stay: str) -> None:
    nurse.open("/stays/unconfirmed")
    row = nurse.main.locator(f"#stay-{stay.rpartition('/')[2]}")
    row.get_by_text("事情を選ぶ").click()
    nurse.press("急な退院だった", row)
    nurse.sees("事情を記録しました。")


_LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map((a) => a.getAttribute('href'))"


def test_the_officers_quarter_and_year(enter: Enter, step: Step) -> None:
    officer: Person = enter("health_officer")
    officer.page.set_default_timeout(60_000)
    paths: list[str] = []
    for words, path in (("the month", "/rates"), ("who is silent, who is missing", "/area")):
        with step(words):
            officer.open(path)
        paths += officer.page.evaluate(_LINKS)
    (quarter,) = {path for path in paths if path.endswith("quarter.pdf")}
    with step("the quarter for the council, as a PDF"):
        answer = officer.context.request.get(officer.address + quarter, timeout=90_000)
        assert answer.body().startswith(b"%PDF")
    for what in ("/yearly", "/contacts", "/backtests", "/help"):
        found = [path for path in paths if path.startswith(what)]
        assert found, f"nothing leads to {what}"
        with step(f"the year: {what}"):
            officer.open(found[0])
            officer.page.emulate_media(media="print")
            expect(officer.page.locator(".menu")).to_be_hidden()
            officer.page.emulate_media(media="screen")
