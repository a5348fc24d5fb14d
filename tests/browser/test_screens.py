"""The pictures of docs/screens: drawn only when asked for, from the sample region, then looked at.

`python -m pytest tests/browser/test_screens.py --rewrite-screens`. Loading the sample region
takes a minute, and its days are today's, so an ordinary run draws nothing.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

import config
from handoffs.sample import PASSWORD
from tests.browser.conftest import serving
from tests.browser.person import DESK, TELEPHONE, Person, Place

pytestmark = pytest.mark.browser

SCREENS = config.ROOT / "docs" / "screens"
LARGEST = 250_000
UPRIGHT: ViewportSize = {"width": 703, "height": 1032}
CROSSWISE: ViewportSize = {"width": 1032, "height": 703}
"""The printed part of A4 at 96 dots to the inch."""


@pytest.fixture
def sample_region(
    pytestconfig: pytest.Config, chromium: Browser, tmp_path: Path
) -> Iterator[Place]:
    """The sample region as `make run` shows it."""
    if not pytestconfig.getoption("--rewrite-screens", default=False):
        pytest.skip("asked for by --rewrite-screens")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TSUNAGI_"))}
    for command in ("migrate", "sample"):
        subprocess.run(
            [sys.executable, "-m", "handoffs", command],
            cwd=config.ROOT,
            env=inherited | {"TSUNAGI_DATA": str(tmp_path)},
            check=True,
        )
    with serving(tmp_path) as server:
        yield Place(chromium, server.address)


def draw(person: Person, name: str) -> None:
    file = SCREENS / f"{name}.png"
    person.page.screenshot(path=file, animations="disabled")
    assert file.stat().st_size < LARGEST


def draw_small(person: Person, name: str) -> None:
    """The page as a telephone shows it."""
    person.page.set_viewport_size({"width": TELEPHONE["width"], "height": TELEPHONE["height"]})
    draw(person, f"{name}-telephone")
    person.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


def draw_printed(person: Person, name: str, paper: ViewportSize) -> None:
    """The page as its print view shows it, as wide as the paper."""
    person.page.emulate_media(media="print")
    person.page.set_viewport_size(paper)
    draw(person, f"{name}-print")
    person.page.emulate_media(media="screen")
    person.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


def draw_all(region: Place) -> None:
    """Let three people of the sample region show what they see."""
    SCREENS.mkdir(exist_ok=True)
    nurse, care_manager, officer = (Person(region) for _ in range(3))

    nurse.sign_in("nurse", PASSWORD)
    draw(nurse, "ward-board")
    draw_small(nurse, "ward-board")
    draw_printed(nurse, "ward-board", CROSSWISE)
    required = nurse.main.locator("tbody tr").filter(has_text="期限間近").first
    required.locator("a.name").click()
    nurse.look()
    draw(nurse, "stay")
    draw_small(nurse, "stay")
    nurse.open("/stays/new")
    draw(nurse, "registration")
    nurse.open("/stays/unconfirmed")
    draw(nurse, "unconfirmed")

    care_manager.sign_in("care-manager", PASSWORD)
    draw(care_manager, "worklist")
    draw_small(care_manager, "worklist")
    draw_printed(care_manager, "worklist", UPRIGHT)
    care_manager.open("/evidence")
    draw(care_manager, "evidence")

    officer.sign_in("health-center", PASSWORD)
    draw(officer, "rates")
    officer.open("/region")
    draw(officer, "region")
    draw_printed(officer, "region", CROSSWISE)
    officer.page.emulate_media(color_scheme="dark")
    draw(officer, "region-dark")
    for person in (nurse, care_manager, officer):
        person.leave()


def test_the_screens_of_the_documentation_are_drawn_anew(sample_region: Place) -> None:
    draw_all(sample_region)
