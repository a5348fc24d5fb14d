"""The tick boxes: what is asked, what may stay open, and what follows from the answers."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.assessment import Assessment
from handoffs.database import Database
from handoffs.planning import PlanEntry
from rules import Library
from tests.factories import admit_someone
from tests.people import PASSWORD, Cast
from tests.web.page import Form, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody of whom nobody knows yet who plans the care."""
    with database.writing() as session:
        return admit_someone(session, library, cast, plan=PlanEntry()).id


def boxes(visitor: Visitor, stay_id: int) -> Form:
    page = visitor.open(f"/stays/{stay_id}/assessment")
    return page.form(f"/stays/{stay_id}/assessment")


def decisions(database: Database) -> list[Assessment]:
    with database.reading() as session:
        rows = list(session.exec(select(Assessment).order_by(col(Assessment.id))))
        session.expunge_all()
    return rows


def test_every_box_begins_as_not_assessed(enter: Enter, stay_id: int) -> None:
    form = boxes(enter("ward_nurse"), stay_id)
    facts = form.names - {"form_token", "form_id", "version"}
    assert {"mobility", "eating", "living", "falls"} <= facts
    assert {form.value(fact) for fact in facts} == {"unknown"}


def test_what_the_record_knows_is_not_asked(enter: Enter, stay_id: int) -> None:
    names = boxes(enter("ward_nurse"), stay_id).names
    assert not names & {"care_level", "care_manager", "application", "consent_to_contact"}


def test_what_no_condition_of_the_edition_names_is_not_asked(enter: Enter, stay_id: int) -> None:
    # 見本医療圏 says nothing of the place that somebody came from.
    assert "residence" not in boxes(enter("ward_nurse"), stay_id).names


def test_one_answer_decides_and_is_ticked_next_time(enter: Enter, stay_id: int) -> None:
    visitor = enter("ward_nurse")
    page = boxes(visitor, stay_id).fill(mobility="partial_help").submit()
    assert "立ち上がりや歩行に介助(見守りを含む)が必要" in page.text
    assert "手引き(架空) 5頁 第3条(1)" in page.text
    assert boxes(visitor, stay_id).value("mobility") == "partial_help"


def test_an_answer_can_be_taken_back_to_not_assessed(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    boxes(visitor, stay_id).fill(mobility="partial_help").submit()
    boxes(visitor, stay_id).fill(mobility="unknown").submit()
    assert "mobility" not in decisions(database)[-1].facts
    assert len(decisions(database)) == 3


def test_the_page_says_what_the_decision_and_the_handoffs_wait_for(
    enter: Enter, stay_id: int
) -> None:
    text = enter("ward_nurse").open(f"/stays/{stay_id}/assessment").text
    assert "判定に必要" in text
    assert "待っている引き継ぎ" in text


def test_saving_twice_decides_once(enter: Enter, database: Database, stay_id: int) -> None:
    form = boxes(enter("ward_nurse"), stay_id).fill(mobility="independent")
    form.submit()
    form.submit()
    assert len(decisions(database)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("mobility", "flying"), ("care_manager", "assigned"), ("wings", "two"), ("stay_id", "2")],
)
def test_what_the_page_does_not_offer_is_refused(
    enter: Enter, database: Database, stay_id: int, name: str, value: str
) -> None:
    visitor = enter("ward_nurse")
    form = boxes(visitor, stay_id).fill(eating="full_help")
    fields = [pair for pair in form.fields if pair[0] != name] + [(name, value)]
    page = visitor.post(f"/stays/{stay_id}/assessment", fields, 422)
    assert page.errors
    assert page.form(f"/stays/{stay_id}/assessment").value("eating") == "full_help"
    assert len(decisions(database)) == 1


def test_an_answer_after_the_session_ran_out_waits_for_its_writer(
    enter: Enter, database: Database, stay_id: int, clock: Traveller
) -> None:
    visitor = enter("ward_nurse")
    form = boxes(visitor, stay_id).fill(eating="full_help")
    clock.shift(3600)
    page = form.submit()
    assert page.path == "/sign-in"
    page = page.form("/sign-in").fill(sign_in_name="ward_nurse", password=PASSWORD).submit()
    assert page.path == f"/stays/{stay_id}/assessment"
    assert page.form(page.path).value("eating") == "full_help"
    assert len(decisions(database)) == 1


def test_ticks_of_a_screen_that_somebody_overtook_are_shown_again_and_not_saved(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse, colleague = enter("ward_nurse"), enter("discharge_nurse")
    mine, theirs = boxes(nurse, stay_id), boxes(colleague, stay_id)
    theirs.fill(mobility="full_help").submit()
    page = mine.fill(mobility="independent", eating="independent").submit(409)
    assert "先にこの記録を変更しました" in page.text
    again = page.form(f"/stays/{stay_id}/assessment")
    assert (again.value("mobility"), again.value("eating")) == ("independent", "independent")
    assert decisions(database)[-1].facts["mobility"] == "full_help"
    again.submit()
    assert decisions(database)[-1].facts["mobility"] == "independent"
