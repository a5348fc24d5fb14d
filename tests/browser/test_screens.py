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
from playwright.sync_api import Browser

import config
from handoffs.sample import PASSWORD
from tests.browser.conftest import serving
from tests.browser.person import Person, Place

pytestmark = pytest.mark.browser

SCREENS = config.ROOT / "docs" / "screens"
LARGEST = 200_000


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


def test_the_screens_of_the_documentation_are_drawn_anew(sample_region: Place) -> None:
    SCREENS.mkdir(exist_ok=True)
    nurse, care_manager, officer = (Person(sample_region) for _ in range(3))

    nurse.sign_in("nurse", PASSWORD)
    draw(nurse, "ward-board")
    required = nurse.main.locator("tbody tr").filter(has_text="期限間近").first
    required.locator("a.name").click()
    nurse.look()
    draw(nurse, "stay")

    care_manager.sign_in("care-manager", PASSWORD)
    draw(care_manager, "worklist")

    officer.sign_in("health-center", PASSWORD)
    draw(officer, "rates")
