"""Every page that a role reaches by its links, on a narrow telephone and at 200 % zoom.

One browser profile for each role walks from page to page; a page stands for all of its kind. No
page sticks out of the screen, cuts its text off or, as the long test sees, has a barrier that axe
calls serious.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize

from handoffs.database import Database
from rules import Library
from tests.browser.conftest import now
from tests.browser.person import STICKS_OUT, Person
from tests.factories import admit_someone, leave
from tests.people import Cast

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]

NARROW: ViewportSize = {"width": 360, "height": 780}
ZOOMED: ViewportSize = {"width": 683, "height": 384}
"""What is left of 1366×768 at 200 %."""

ROLES = ("ward_nurse", "care_manager", "center_staff", "health_officer")
NO_PAGE = re.compile(r"\.(pdf|csv|xlsx|zip|txt|md)|/pdf|/print|/static/")
FEWEST = {"ward_nurse": 40, "care_manager": 30, "center_staff": 25, "health_officer": 15}
"""Kinds of pages that each must reach: a walk that ends early has shown nothing."""

_CUT_OFF = """() => [...document.querySelectorAll("main *")].filter((node) => {
  const hides = ["hidden", "clip"].includes(getComputedStyle(node).overflowX);
  return hides && node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 2
    && node.textContent.trim();
}).map((node) => `${node.tagName}.${node.className}`).slice(0, 5)"""

_LINKS = """() => [...document.querySelectorAll("a[href^='/']")]
  .map((link) => new URL(link.href).pathname)"""


@pytest.fixture
def stays(database: Database, library: Library, cast: Cast, today: date) -> None:
    """Somebody who is there, and somebody who left."""
    with database.writing() as session:
        came, left = (today - timedelta(days=days) for days in (2, 9))
        admit_someone(session, library, cast, now=now(), admitted_on=came)
        there = now() - timedelta(days=9)
        gone = admit_someone(session, library, cast, now=there, admitted_on=left)
        leave(session, library, cast, gone, now=now(), discharged_on=today, contacted=False)


def kind_of(path: str) -> str:
    """The path without what tells one page of a kind from the next."""
    return re.sub(r"\d+(-\d+)*", "N", re.sub(r"^(/guides|/glossary)/.*", r"\1", path))


def walk(page: Page) -> Iterator[str]:
    """Follow every link of every page once for each kind; says the kind of each page."""
    seen: set[str] = set()
    paths = deque(["/"])
    while paths:
        path = paths.popleft()
        if kind_of(path) in seen or NO_PAGE.search(path):
            continue
        seen.add(kind_of(path))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        yield kind_of(path)
        paths.extend(page.evaluate(_LINKS))


def sticking_out(page: Page) -> list[str]:
    """What is wider than the screen."""
    return list(page.evaluate(STICKS_OUT))


def narrow(person: Person) -> list[str]:
    """What does not fit on the open page, on the telephone and at 200 %."""
    found = [f"{node} sticks out" for node in sticking_out(person.page)]
    found += [f"{node} is cut off" for node in person.page.evaluate(_CUT_OFF)]
    person.page.set_viewport_size(ZOOMED)
    found += [f"{node} sticks out at 200 %" for node in sticking_out(person.page)]
    person.page.set_viewport_size(NARROW)
    return found


def walked(enter: Enter, inspect: Callable[[Person], list[str]]) -> list[str]:
    """Let each role walk, and say what was found on which kind of page."""
    wrong: list[str] = []
    for role in ROLES:
        person = enter(role)
        person.context.set_default_timeout(180_000)  # A busy machine is slow, and that is no fault.
        person.page.set_viewport_size(NARROW)
        kinds = set()
        for kind in walk(person.page):
            kinds.add(kind)
            wrong += [f"{role} {kind} {what}" for what in inspect(person)]
        assert len(kinds) >= FEWEST[role], (role, sorted(kinds))
    return wrong


@pytest.mark.usefixtures("stays")
def test_no_page_needs_a_wide_screen(enter: Enter) -> None:
    wrong = walked(enter, narrow)
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.usefixtures("stays")
def test_no_page_has_a_serious_barrier_on_a_telephone(enter: Enter) -> None:
    wrong = walked(enter, Person.barriers)
    assert not wrong, "\n".join(wrong)
