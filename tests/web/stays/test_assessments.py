"""The tick boxes: what is asked, what may stay open, and what follows from the answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.decision.assessment import Assessment
from handoffs.missed import flag_overdue
from handoffs.planning import PlanEntry
from handoffs.stays.stay import Stay
from rules import Library
from tests.factories import admit_someone, leave
from tests.people import NAMES, NOW, PASSWORD, Cast
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
    facts = form.names - {"form_token", "form_id", "version", "seen"}
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


def answers(database: Database) -> dict[str, str]:
    return dict(decisions(database)[-1].facts)


def test_answers_to_different_questions_are_brought_together(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse, colleague = enter("ward_nurse"), enter("discharge_nurse")
    mine, theirs = boxes(nurse, stay_id), boxes(colleague, stay_id)
    theirs.fill(mobility="full_help").submit()
    page = mine.fill(eating="independent").submit()
    assert "別の職員が保存した項目も、そのまま残っています。" in page.text
    assert answers(database)["mobility"] == "full_help"
    assert answers(database)["eating"] == "independent"


def test_the_same_question_answered_otherwise_shows_both_and_saves_nothing_unchosen(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse, colleague = enter("ward_nurse"), enter("discharge_nurse")
    mine, theirs = boxes(nurse, stay_id), boxes(colleague, stay_id)
    theirs.fill(mobility="full_help", living="alone").submit()
    page = mine.fill(mobility="independent", eating="independent").submit(409)
    assert set(page.errors) == {"mobility"}
    assert "別の職員の答えと違うところがあります" in page.text
    assert "自立（あなたの入力）" in page.text
    assert f"全介助（{NAMES['discharge_nurse']} 2026年11月20日(金) 10:00）" in page.text
    assert "不明・未評価（変更の前）" in page.text
    again = page.form(f"/stays/{stay_id}/assessment")
    assert again.value("mobility") == ""
    assert (again.value("eating"), again.value("living")) == ("independent", "alone")

    page = again.fill(falls="fell").submit(409)
    assert answers(database)["mobility"] == "full_help"
    assert "eating" not in answers(database)
    again = page.form(f"/stays/{stay_id}/assessment")
    assert again.value("falls") == "fell"
    assert "自立（あなたの入力）" in page.text

    again.fill(mobility="independent").submit()
    assert answers(database) | {
        "mobility": "independent",
        "eating": "independent",
        "living": "alone",
        "falls": "fell",
    } == answers(database)


@pytest.mark.parametrize("chosen", ["full_help", "unknown"])
def test_a_colleagues_answer_or_the_one_before_can_be_chosen_too(
    enter: Enter, stay_id: int, database: Database, chosen: str
) -> None:
    nurse, colleague = enter("ward_nurse"), enter("discharge_nurse")
    mine, theirs = boxes(nurse, stay_id), boxes(colleague, stay_id)
    theirs.fill(mobility="full_help").submit()
    page = mine.fill(mobility="independent").submit(409)
    page.form(f"/stays/{stay_id}/assessment").fill(mobility=chosen).submit()
    assert answers(database).get("mobility", "unknown") == chosen


def test_while_one_chooses_a_third_may_answer_and_is_asked_about_again(
    enter: Enter, stay_id: int, database: Database
) -> None:
    first, second, third = (enter(n) for n in ("ward_nurse", "discharge_nurse", "social_worker"))
    mine, last = boxes(first, stay_id), boxes(third, stay_id)
    boxes(second, stay_id).fill(mobility="full_help").submit()
    page = mine.fill(mobility="independent").submit(409)
    choosing = page.form(f"/stays/{stay_id}/assessment").fill(mobility="independent")
    last.fill(mobility="supervised").submit(409).form(f"/stays/{stay_id}/assessment").fill(
        mobility="supervised"
    ).submit()
    page = choosing.submit(409)
    assert "見守り" in page.text
    assert answers(database)["mobility"] == "supervised"


def test_a_mistake_on_the_page_does_not_hide_what_somebody_answered_meanwhile(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse = enter("ward_nurse")
    mine = boxes(nurse, stay_id).fill(mobility="independent")
    fields = [pair for pair in mine.fields if pair[0] != "eating"] + [("eating", "flying")]
    boxes(enter("discharge_nurse"), stay_id).fill(mobility="full_help").submit()
    page = nurse.post(mine.action, fields, 422)
    page.form(mine.action).fill(eating="full_help").submit(409)
    assert answers(database)["mobility"] == "full_help"


def test_what_was_typed_before_the_session_ran_out_overwrites_nobody(
    enter: Enter, stay_id: int, database: Database, clock: Traveller
) -> None:
    visitor = enter("ward_nurse")
    form = boxes(visitor, stay_id).fill(mobility="independent")
    boxes(enter("discharge_nurse"), stay_id).fill(mobility="full_help").submit()
    clock.shift(3600)
    signing_in = form.submit().form("/sign-in")
    page = signing_in.fill(sign_in_name="ward_nurse", password=PASSWORD).submit()
    page = page.form(page.path).submit(409)
    assert set(page.errors) == {"mobility"}
    assert "全介助" in page.text
    assert answers(database)["mobility"] == "full_help"


def test_a_question_that_the_form_lost_keeps_its_answer(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("ward_nurse")
    boxes(visitor, stay_id).fill(mobility="full_help").submit()
    form = boxes(visitor, stay_id).fill(eating="full_help")
    visitor.post(form.action, [pair for pair in form.fields if pair[0] != "mobility"])
    assert answers(database)["mobility"] == "full_help"


def test_a_change_of_something_else_asks_nothing(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse = enter("ward_nurse")
    mine = boxes(nurse, stay_id).fill(mobility="full_help")
    plan = enter("discharge_nurse").open(f"/stays/{stay_id}/planned-discharge")
    plan.form(plan.path).fill(planned_discharge_on="R8.12.1", planned_certainty="about").submit()
    mine.submit()
    assert answers(database)["mobility"] == "full_help"


def test_the_handoffs_that_wait_are_named_once(enter: Enter, stay_id: int) -> None:
    text = enter("ward_nurse").open(f"/stays/{stay_id}/assessment").text
    assert text.count("待っている引き継ぎ") == 1


def test_who_left_undetermined_can_still_be_assessed_and_nothing_is_late_from_that_minute(
    enter: Enter, stay_id: int, database: Database, library: Library, cast: Cast, clock: Traveller
) -> None:
    clock.shift(10 * 24 * 3600)
    later = NOW + timedelta(days=10)
    with database.writing() as session:
        leave(session, library, cast, session.get_one(Stay, stay_id), now=later)
    clock.shift(9 * 24 * 3600)
    late = later + timedelta(days=9)
    nurse = Visitor(enter("ward_nurse").app).arrive(cast.ward_nurse, late)
    page = nurse.open(f"/stays/{stay_id}").follow("判定項目を入力する")
    page = (
        page.form(f"/stays/{stay_id}/assessment")
        .fill(mobility="partial_help", support_change="changed")
        .submit()
    )
    assert "期限超過" not in page.text
    office = nurse.open(f"/stays/{stay_id}/plan-office")
    page = office.form(office.path).fill(plan_organization_id=f"office-{cast.office_id}").submit()
    assert "期限超過" not in page.text
    assert "すぐに" in page.text
    for moment in (late, late + timedelta(days=2)):
        assert flag_overdue(database.writing, moment) == 0


def test_the_reasons_say_who_gave_each_value_and_when(enter: Enter, stay_id: int) -> None:
    visitor = enter("ward_nurse")
    page = boxes(visitor, stay_id).fill(mobility="partial_help").submit()
    why = visitor.open(page.links["判定の理由（条件ごとに、だれの記録によるか）"])
    when = "2026年11月20日(金) 10:00"
    assert f"← 一部介助、{NAMES['ward_nurse']} {when}" in why.text
    assert f"← 要介護2、{NAMES['ward_nurse']} {when}（登録内容から）" in why.text
    assert "? 不明 食事" in why.text
    assert "なら、「" in why.text


def test_the_reasons_with_their_values_are_for_the_hospital(enter: Enter, stay_id: int) -> None:
    for name, status in (("care_manager", 403), ("other_nurse", 404), ("health_officer", 403)):
        enter(name).open(f"/stays/{stay_id}/why", status)
