"""The pictures of docs/screens: drawn only when asked for, from the sample region, then looked at.

`python -m pytest tests/browser/test_screens.py --rewrite-screens`. Loading the sample region
takes a minute, and its days are today's, so an ordinary run draws nothing.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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


def draw_dark(person: Person, name: str) -> None:
    person.page.emulate_media(color_scheme="dark")
    draw(person, f"{name}-dark")
    person.page.emulate_media(color_scheme="null")


def draw_in_high_contrast(person: Person, name: str) -> None:
    """The page in the system's own few colours: what tells a status beside its colour."""
    person.page.emulate_media(forced_colors="active")
    draw(person, f"{name}-high-contrast")
    person.page.emulate_media(forced_colors="null")


def draw_upright(person: Person, name: str) -> None:
    draw_printed(person, name, UPRIGHT)


def draw_crosswise(person: Person, name: str) -> None:
    draw_printed(person, name, CROSSWISE)


Draw = Callable[[Person, str], None]
EVERY = (draw, draw_small)
PAGES: dict[str, tuple[tuple[str, str, tuple[Draw, ...]], ...]] = {
    "nurse": (
        ("ward-board", "/stays", (*EVERY, draw_crosswise, draw_dark, draw_in_high_contrast)),
        ("stay", "{stay}", (*EVERY, draw_upright)),
        ("why", "{stay}/why", (draw,)),
        ("assessment", "{stay}/assessment", EVERY),
        ("planned-discharge", "{stay}/planned-discharge", EVERY),
        ("discharge", "{stay}/discharge", (draw,)),
        ("text-for-the-chart", "{stay}/text", (draw,)),
        ("registration", "/stays/new", EVERY),
        ("together", "/stays/together", (draw,)),
        ("unconfirmed", "/stays/unconfirmed", (*EVERY, draw_crosswise)),
        ("support-log", "/support-log", (draw, draw_crosswise)),
        ("sheets", "{stay}/sheets", (draw,)),
        ("ward-lists", "/ward-lists", (draw,)),
        ("fax-slips", "/slips", (draw,)),
        ("not-found", "/stays/9999999", (draw,)),
    ),
    "care-manager": (
        ("worklist", "/worklist", (*EVERY, draw_upright, draw_in_high_contrast)),
        ("client", "{stay}", (draw_small,)),
        ("sheet", "{stay}/sheets/admission_information", EVERY),
        ("support-record", "{stay}/text", (draw_small,)),
        ("evidence", "/evidence", (draw, draw_crosswise)),
        ("roster", "/roster", (draw,)),
    ),
    "center": (("caseload", "/caseload", (*EVERY, draw_crosswise)),),
    "health-center": (
        ("rates", "/rates", (*EVERY, draw_upright, draw_in_high_contrast)),
        ("region", "/region", (draw, draw_crosswise, draw_dark)),
        ("area", "/area", (draw,)),
        ("contacts", "/contacts", (draw, draw_crosswise)),
        ("yearly", "/yearly", (draw, draw_crosswise)),
        ("simulator", "/simulator", (draw,)),
        ("backtests", "/backtests", (draw,)),
        ("surveys", "/surveys", (draw,)),
    ),
}
"""What each sees, by the name of its picture: where, and in which dresses."""


def a_stay(person: Person) -> str:
    """The path of somebody for whom something is due soon, or else of the first on the page."""
    links = person.main.locator("tbody tr, li.client").filter(has_text="期限間近")
    if not links.count():
        links = person.main
    found = links.first.locator("a[href^='/stays/']")
    paths = [one.get_attribute("href") or "" for one in found.all()]
    return next(path for path in paths if path.rpartition("/")[2].isdigit())


def draw_all(region: Place) -> None:
    """Let the people of the sample region show what they see."""
    SCREENS.mkdir(exist_ok=True)
    stranger = Person(region)
    stranger.open("/sign-in")
    draw(stranger, "sign-in")
    draw_small(stranger, "sign-in")
    stranger.leave()
    for name, pages in PAGES.items():
        person = Person(region)
        person.sign_in(name, PASSWORD)
        stay = "" if name == "health-center" else a_stay(person)
        for picture, path, dresses in pages:
            person.page.goto(path.format(stay=stay))
            for dress in dresses:
                dress(person, picture)
        if name == "nurse":
            person.page.goto("/stays/new")
            person.page.locator("#birth_on").fill("150503")
            person.press("登録して判定を見る")
            draw(person, "registration-errors")
        person.leave()


def test_the_screens_of_the_documentation_are_drawn_anew(sample_region: Place) -> None:
    draw_all(sample_region)
