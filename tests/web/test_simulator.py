"""The page on which a rule is tried: answers, reasons and changes, and nothing of anybody."""

from collections.abc import Callable

import pytest
from sqlmodel import func, select

from handoffs.database import Database
from handoffs.history import Event
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
MIHON = "/simulator?edition=mihon.2024-04-01"


@pytest.mark.parametrize("name", ["ward_nurse", "care_manager", "center_staff", "health_officer"])
def test_everybody_who_is_signed_in_can_try_a_rule(enter: Enter, name: str) -> None:
    page = enter(name).open("/simulator")
    assert page.links["ルールを試す"] == "/simulator"
    assert "判定 判定保留" in " ".join(page.text.split())
    assert page.forms("/simulator")[-1].value("mobility") == "unknown"


def test_one_box_changes_the_answer_and_the_page_says_why(enter: Enter) -> None:
    page = enter("health_officer").open(MIHON)
    form = page.forms("/simulator")[-1]
    page = form.fill(care_manager="assigned", admitted_on="R8.11.20").submit()
    assert "判定が「判定保留」から「要」に変わりました。" in page.text
    assert "2026年11月26日(木)まで" in page.text
    assert "○ 当てはまる" in page.text
    assert "← 決まっている" in page.text
    page = page.forms("/simulator")[-1].fill(care_manager="unassigned").submit()
    assert "判定が「要」から「判定保留」に変わりました。" in page.text


def test_a_finding_of_the_linter_opens_with_its_patient(enter: Enter) -> None:
    page = enter("ward_nurse").open(f"{MIHON}&mobility=full_help&stay_length=longer")
    form = page.forms("/simulator")[-1]
    assert (form.value("mobility"), form.value("stay_length")) == ("full_help", "longer")
    assert "当てはまる基準: 立ち上がりや歩行に介助(見守りを含む)が必要" in page.text
    assert "なら、「不要」になります。" in page.text or "「不要」にはなりません。" in page.text


def test_another_edition_asks_its_own_questions(enter: Enter) -> None:
    page = enter("care_manager").open("/simulator?edition=tajima.undated")
    names = page.forms("/simulator")[-1].names
    assert "emergency_ward_stay" in names
    assert "falls" not in names
    assert "この版で確かめられていないこと" in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("edition=nowhere.2024-04-01", "版を一覧から選び直してください。"),
        ("mobility=yes", "「立ち上がり・歩行」を一覧から選び直してください。"),
        ("name=anybody", "この画面にない項目が送られました"),
        ("admitted_on=R8.11.20&planned_discharge_on=R8.11.1", "より前です"),
    ],
)
def test_what_is_not_of_the_page_is_refused_in_words(enter: Enter, query: str, words: str) -> None:
    page = enter("ward_nurse").open(f"/simulator?{query}", 422)
    assert any(words in message for message in page.errors.values())


def test_trying_leaves_no_trace_in_the_record(enter: Enter, database: Database) -> None:
    visitor = enter("ward_nurse")

    def events() -> int:
        with database.reading() as session:
            return session.exec(select(func.count()).select_from(Event)).one()

    before = events()
    visitor.open(MIHON).forms("/simulator")[-1].fill(mobility="full_help").submit()
    assert events() == before


def test_the_boxes_stand_before_the_answer(enter: Enter) -> None:
    text = enter("ward_nurse").open(MIHON).text
    assert text.index("判定項目") < text.index("判定が変わるとき")
    assert text.count("いまの判定") == 1
