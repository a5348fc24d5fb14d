"""What a page weighs on its way, and whether anything jumps while it builds up."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from handoffs.database import Database
from rules import Library
from tests.browser.conftest import now
from tests.browser.person import DESK, TELEPHONE, Person, Place
from tests.factories import admit_someone
from tests.people import Cast

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]
MOST_BYTES = 100_000
"""Of the pages on which somebody's day begins, and of those that one tap leads to."""

LONG_FORM = "sheets/admission_information"
"""Every field of a sheet at once, so that it can be filled in without network: its page is heavier,
and is only asked not to jump."""

_SHIFTS = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.shifted.push(...entry.sources.map((one) => `${entry.value} ${one.node?.nodeName}`));
  }
}).observe({type: "layout-shift", buffered: true});
"""
_SETTLED = """() => document.fonts.ready.then(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150)))))"""


def arrived(person: Person, path: str) -> int:
    """Load a page as for the first time, and return the bytes that came, without fonts."""
    watch = person.context.new_cdp_session(person.page)
    watch.send("Network.enable")
    watch.send("Network.setCacheDisabled", {"cacheDisabled": True})
    fonts, came = set[str](), list[tuple[str, int]]()

    def answered(told: dict[str, Any]) -> None:
        if told["type"] == "Font":
            fonts.add(told["requestId"])

    def finished(told: dict[str, Any]) -> None:
        came.append((told["requestId"], int(told["encodedDataLength"])))

    watch.on("Network.responseReceived", answered)
    watch.on("Network.loadingFinished", finished)
    person.page.goto(path)
    person.page.evaluate(_SETTLED)
    watch.detach()
    return sum(size for request, size in came if request not in fonts)


def test_a_first_page_is_light_and_nothing_on_it_jumps(
    place: Place,
    enter: Enter,
    database: Database,
    library: Library,
    cast: Cast,
    today: date,
    tell: Callable[[str], None],
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, now=now(), admitted_on=today).id
    stranger = Person(place)
    pages = (
        (stranger, ("/sign-in",)),
        (enter("ward_nurse"), ("/stays", "/stays/new", f"/stays/{stay}", "/stays/unconfirmed")),
        (enter("care_manager"), ("/worklist", f"/stays/{stay}/{LONG_FORM}")),
        (enter("health_officer"), ("/rates", "/area")),
    )
    wrong, heaviest = [], (0, "")
    for person, paths in pages:
        person.context.add_init_script(_SHIFTS)
        for path in paths:
            for size in (DESK, TELEPHONE):
                person.page.set_viewport_size({"width": size["width"], "height": size["height"]})
                weight = arrived(person, path)
                if not path.endswith(LONG_FORM):
                    heaviest = max(heaviest, (weight, path))
                if weight > MOST_BYTES and not path.endswith(LONG_FORM):
                    wrong.append(f"{path}: {weight} bytes")
                shifted = person.page.evaluate("window.shifted")
                wrong += [f"{path} at {size['width']}: {one} jumped" for one in shifted]
    stranger.leave()
    tell(f"The heaviest first page, {heaviest[1]}, came in {heaviest[0]:,} bytes without fonts.")
    assert heaviest[0] > 0
    assert not wrong, "\n".join(wrong)
