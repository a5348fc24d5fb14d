"""Help: words, one-page guides and the first day."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import web
from forms import render
from forms.guide import role_guides
from tests.forms.paper import pages, text
from tests.people import NAMES, Cast
from tests.web.page import Visitor
from web.help.glossary import term_groups
from web.help.guides import own_guide

Enter = Callable[[str], Visitor]
TEMPLATES = Path(web.__file__).parent / "templates"
IDS = [term.id for one in term_groups() for term in one.terms]


def test_every_word_has_an_anchor_of_its_own(enter: Enter) -> None:
    page = enter("care_manager").open("/help/words")
    assert len(set(IDS)) == len(IDS) > 20
    anchors = [node.get("id") for node in page.tree.all("dt")]
    assert anchors == IDS


def test_every_question_mark_leads_to_a_word_that_is_there() -> None:
    asked = {
        found
        for file in TEMPLATES.rglob("*.html")
        for found in re.findall(r"\bterm\(\"([\w-]+)\"", file.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= set(IDS)


@pytest.mark.parametrize("guide", sorted(role_guides()))
def test_a_guide_is_one_page_of_paper_with_all_its_words(guide: str) -> None:
    printed = render(role_guides()[guide])
    assert len(pages(printed)) == 1
    shown = text(printed)
    for _, words in role_guides()[guide].texts():
        assert re.sub(r"\s", "", words) in shown


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_first_day_leads_each_role_to_pages_that_are_theirs(enter: Enter, name: str) -> None:
    visitor = enter(name)
    page = visitor.open("/worklist" if name != "health_officer" else "/rates")
    page = page.follow("はじめての日・手引き")
    steps = [node.all("a")[0]["href"] for node in page.main.all("ol")[0].all("li")]
    assert len(steps) == 5
    for href in steps:
        visitor.open(href)


def test_each_role_is_led_to_its_own_guide_on_screen_and_paper(enter: Enter) -> None:
    for name in ("ward_nurse", "care_manager", "center_staff", "health_officer"):
        visitor = enter(name)
        page = visitor.open("/help")
        guide = visitor.open(next(h for h in page.links.values() if "/help/guides/" in h))
        assert guide.heading in {one.title for one in role_guides().values()}
        pdf = visitor.fetch(f"{guide.path}.pdf")
        assert pdf.mimetype == "application/pdf"


def test_the_own_guide_follows_the_kind_of_house(cast: Cast) -> None:
    people = cast.people
    own = {name: own_guide(actor) for name, actor in people.items()}
    assert own["ward_nurse"] == own["psychiatric_social_worker"] == "hospital"
    assert own["care_manager"] == own["multifunctional"] == "care_manager"
    assert (own["center_staff"], own["health_officer"]) == ("center", "health_center")


@pytest.mark.parametrize("path", ["/help/guides/nobody", "/help/guides/nobody.pdf"])
def test_a_guide_that_is_not_there_says_where_to_choose(enter: Enter, path: str) -> None:
    assert "選び直して" in enter("ward_nurse").open(path, 404).text
