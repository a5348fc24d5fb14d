"""The care manager's day on a telephone and the officer's month, with the taps each may cost."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from handoffs.database import Database
from handoffs.stays.stay import PlannedCertainty
from rules import HandoffKind, Library
from tests.browser.conftest import now
from tests.browser.person import TELEPHONE, Person
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import Cast
from web.inputs import typed_day

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]


class Thumb:
    """Somebody who taps, and how often. Every target is as large as a thumb needs it."""

    def __init__(self, person: Person) -> None:
        """Take the telephone."""
        self.person = person
        self.taps = 0

    def tap(self, role: str, words: str, within: Locator | None = None) -> None:
        """Tap a link or a button and wait for what comes."""
        target = (within or self.person.main).get_by_role(role, name=words, exact=True).first  # type: ignore[arg-type]
        if role == "button":
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, f"{words} is {box['height']} high"
        with self.person.page.expect_navigation():
            target.click()
        self.taps += 1

    def tick(self, words: str) -> None:
        """Tap an answer."""
        self.person.main.get_by_label(words).check()
        self.taps += 1

    def spent(self) -> int:
        """The taps since this was asked last."""
        taps, self.taps = self.taps, 0
        return taps


@pytest.fixture
def told(enter: Enter, database: Database, library: Library, cast: Cast, today: date) -> None:
    """Two clients of whose admission the hospital told by telephone, in one tap each."""
    with database.writing() as session:
        stays = [
            admit_someone(
                session,
                library,
                cast,
                now=now(),
                name=f"{MARK} {name}",
                admitted_on=today,
                planned_discharge_on=today + timedelta(days=20),
                planned_certainty=PlannedCertainty.ABOUT,
            )
            for name in ("イチ", "ニ")
        ]
        kind = HandoffKind.DISCHARGE_NOTICE
        handoffs = [(stay.id, handoff_of(session, stay, kind).id) for stay in stays]
    nurse = enter("ward_nurse")
    for stay, handoff in handoffs:
        nurse.page.goto(f"/stays/{stay}")
        calls = nurse.main.locator(f"#handoff-{handoff} form.calls")
        with nurse.page.expect_navigation():
            calls.get_by_role("button", name="話せた").click()
    nurse.page.goto(f"/stays/{handoffs[0][0]}/planned-discharge")
    later = nurse.page.get_by_label("退院予定日", exact=True)
    later.fill(typed_day(today + timedelta(days=25)))
    with nurse.page.expect_navigation():
        nurse.main.get_by_role("button", name="変更する", exact=True).click()


@pytest.mark.usefixtures("told")
def test_the_care_managers_day_on_a_telephone(enter: Enter) -> None:
    manager = enter("care_manager")
    page, thumb = manager.page, Thumb(manager)
    page.set_viewport_size({"width": TELEPHONE["width"], "height": TELEPHONE["height"]})
    page.goto("/")
    assert manager.path == "/worklist", "the inbox is not what comes first"

    first = page.locator("li.client").filter(has_text=f"{MARK} イチ")
    thumb.tap("button", "今日受け取った", first)
    expect(page.locator(".banner-done")).to_contain_text("受領を確認しました")
    assert thumb.spent() <= 2

    moved = page.locator("section", has=page.locator("#moved")).locator("li")
    thumb.tap("button", "変更を確かめた", moved.filter(has_text=f"{MARK} イチ"))
    assert thumb.spent() == 1

    second = page.locator("li.client").filter(has_text=f"{MARK} ニ")
    thumb.tap("link", "担当ではない", second)
    thumb.tick("担当の事業所が変わった")
    thumb.tap("button", "担当ではないと返事をする")
    assert thumb.spent() <= 3, "two taps and the reason"

    page.goto("/worklist")
    thumb.tap("link", "支援経過に写す文", first)
    copied = page.locator("#text-support_log")
    expect(copied).to_have_value(re.compile("見本中央病院"))
    thumb.person.main.locator('[data-copy="text-support_log"]').click()
    assert thumb.spent() + 1 <= 2

    page.goto("/worklist")
    # On a telephone the menu is one line, and opens without a script.
    menu = page.get_by_role("navigation", name="メニュー")
    expect(menu.get_by_role("link", name="加算の記録")).to_be_hidden()
    menu.locator("summary", has_text="メニュー").click()
    menu.get_by_role("link", name="加算の記録").click()
    manager.sees("加算")
    manager.look()


def test_the_officers_month_is_read_and_printed_without_a_search(
    enter: Enter, tell: Callable[[str], None]
) -> None:
    officer = enter("health_officer")
    officer.page.goto("/")
    assert officer.path.startswith("/rates"), "the month is not what comes first"
    for words in ("印刷用のPDF（A4）", "Excel"):
        began = time.perf_counter()
        where = officer.main.get_by_role("link", name=words, exact=True).get_attribute("href")
        answer = officer.context.request.get(officer.address + str(where), timeout=90_000)
        assert answer.status == 200
        tell(f"{words} of the month took {time.perf_counter() - began:.1f} s.")
    menu = officer.page.get_by_role("navigation", name="メニュー")
    menu.get_by_role("link", name="地域の状況").click()
    officer.sees("地域の状況")
    officer.follow("窓口一覧")
    officer.page.emulate_media(media="print")
    expect(officer.page.locator(".menu")).to_be_hidden()
    expect(officer.page.locator("footer")).to_be_hidden()
    expect(officer.main.get_by_role("heading", level=1)).to_be_visible()
