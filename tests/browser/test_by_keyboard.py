"""The five main tasks by the keyboard alone, on a narrow telephone and at 200 % zoom.

Register somebody, tell the care manager, confirm, fill in a sheet, read the month. Every stop on
the way must be seen: on the screen, and not behind anything.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.person import Person
from tests.browser.test_narrow import NARROW, ZOOMED
from tests.conftest import MARK

pytestmark = [pytest.mark.browser, pytest.mark.long]

Enter = Callable[..., Person]
MOST_STOPS = 250

_HERE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const wide = document.documentElement.clientWidth, high = window.innerHeight;
  const inside = (low, high, end) => Math.min(Math.max(low, 0) + Math.min(high, end), 2 * end) / 2;
  const on = document.elementFromPoint(
    inside(box.left, box.right, wide), inside(box.top, box.bottom, high));
  const label = at.labels && at.labels[0];
  const seen = box.right > 0 && box.left < wide && box.bottom > 0 && box.top < high
    && on && (at.contains(on) || on.contains(at) || (label && label.contains(on)));
  return [at.id, at.textContent.trim(), at.name + "=" + at.value, Boolean(seen)];
}"""


class Keyboard:
    """Somebody without a mouse at a small screen."""

    def __init__(self, person: Person, size: ViewportSize) -> None:
        """Make the screen small, without motion: a stop is looked at the moment it is reached."""
        self.person, self.page = person, person.page
        self.page.set_viewport_size(size)
        self.page.emulate_media(reduced_motion="reduce")

    def to(self, stop: str) -> None:
        """Press Tab until the stop with this id, these words or this value has the focus."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            *names, seen = self.page.evaluate(_HERE)
            assert seen or not any(names[:2]), f"{self.person.path}: {names} has the focus unseen"
            if stop in names:
                return
        raise AssertionError(f"{self.person.path}: the keyboard does not reach {stop}")

    def type(self, field: str, text: str) -> None:
        """Go on to a field and type."""
        self.to(field)
        self.page.keyboard.type(text)

    def press(self, words: str) -> None:
        """Go on to a link or button and press Enter there."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["360 px", "200 %"])
def test_the_five_main_tasks_need_no_mouse_on_a_small_screen(
    enter: Enter, size: ViewportSize
) -> None:
    nurse = Keyboard(enter("ward_nurse"), size)
    nurse.page.goto("/stays")
    nurse.press("入院を登録する")
    nurse.type("name", f"{MARK} 鍵 {size['width']}")
    nurse.type("kana", f"シメイヒ カギ {'ア' if size is NARROW else 'イ'}")
    nurse.type("birth_on", "S15.5.3")
    nurse.to("care_level")
    nurse.person.pick("要介護2")
    nurse.to("plan_organization_id")
    nurse.person.pick("見本ケアプランセンター")
    nurse.press("登録して判定を見る")
    expect(nurse.page.get_by_role("heading", level=1)).to_contain_text("鍵")

    nurse.press("話せた")
    nurse.person.sees("連絡・送付を記録しました。")
    stay = nurse.person.path.split("?")[0]

    manager = Keyboard(enter("care_manager"), size)
    manager.page.goto(stay)
    manager.press("受領を確認する")
    manager.person.sees("受領を確認しました")

    manager.page.goto(f"{stay}/sheets/admission_information")
    manager.type("interests", "俳句")
    manager.press("保存して確かめる")
    manager.person.sees("第1版")

    officer = Keyboard(enter("health_officer"), size)
    officer.page.goto("/")
    officer.to("印刷用のPDF（A4）")
    officer.page.goto("/rates")
    # Here the menu is one line, which Enter opens.
    officer.to("メニュー")
    officer.page.keyboard.press("Enter")
    officer.press("地域の状況")
    officer.person.sees("地域の状況")
