"""The page on which a rule is tried: answers, reasons and changes, and nothing of anybody."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import SQLModel, func, select

from handoffs.database import Database
from handoffs.history import Event
from rules.library import SHIPPED
from tests.web.page import Form, Page, Visitor
from web import auth

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


def trial(page: Page) -> Form:
    return page.forms("/simulator")[-1]


def test_every_day_that_a_due_is_counted_from_can_be_given(enter: Enter) -> None:
    page = enter("ward_nurse").open(f"{MIHON}&care_manager=assigned")
    page = (
        trial(page)
        .fill(
            admitted_on="R8.12.28",
            admitted_time="18:10",
            planned_discharge_on="R9.1.6",
            discharge_known_on="R9.1.4",
            need_seen_on="R9.1.4",
            hospital_closed="R8.12.29からR9.1.3",
        )
        .submit()
    )
    # Day 3 is the 30th, in the closure; the first open day after it is the 4th.
    assert "2027年1月4日(月)まで" in page.text
    # Seven days before the discharge lie before the day on which it became known.
    assert "すぐに" in page.text
    page = trial(page).fill(hospital_closed="", hospital_rest="なし").submit()
    assert "2026年12月30日(水)まで" in page.text


def test_what_is_left_empty_is_not_known_as_on_the_command_line(enter: Enter) -> None:
    page = enter("ward_nurse").open(MIHON)
    assert trial(page).value("need_seen_on") == ""


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("hospital_closed", "R8.13.40", "休業日が読めません"),
        ("hospital_closed", "R8.1.1からR9.1.1", "休業日が読めません"),
        ("office_rest", "毎日", "事業所の休みの曜日を"),
        ("office_rest", "月火水木金土日", "開いている曜日"),
        ("office_closes", "夕方", "時刻として読めません"),
        ("discharged_on", "R1.5.1", "退院日が入院日より前です"),
        ("need_seen_on", "R1.5.1", "支援が必要と分かった日が入院日より前です"),
    ],
)
def test_a_day_or_calendar_that_cannot_be_used_is_refused_beside_its_box(
    enter: Enter, field: str, typed: str, words: str
) -> None:
    page = trial(enter("ward_nurse").open(MIHON)).fill(**{field: typed}).submit(422)
    assert words in page.errors[field]


def changed_draft(library_file: Path, *changes: tuple[str, str]) -> str:
    text = library_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


SHIPPED_MIHON = SHIPPED / "mihon" / "2024-04-01.yaml"
FIVE_DAYS = (
    (
        "latest: 7\n      unit: calendar_days\n      anchor_day: day_1",
        "latest: 5\n      unit: calendar_days\n      anchor_day: day_1",
    ),
    ("入院日を1日目として7日目までに", "入院日を1日目として5日目までに"),
    ("admission-information: 2026-11-26", "admission-information: 2026-11-24"),
    ("admission-information: 2024-05-08", "admission-information: 2024-05-06"),
)


def test_a_draft_stands_beside_the_edition_in_force(enter: Enter, database: Database) -> None:
    draft = changed_draft(SHIPPED_MIHON, *FIVE_DAYS)
    page = enter("health_officer").open(f"{MIHON}&care_manager=assigned")
    page = trial(page).fill(admitted_on="R8.11.20", draft=draft).submit()
    assert "有効な版 要" in " ".join(page.text.split())
    assert "案 要" in " ".join(page.text.split())
    assert "2026年11月26日(木)まで" in page.text
    assert "2026年11月24日(火)まで" in page.text
    assert "7日以内 → 5日以内" in page.text
    # It travels with the page, and the next answer needs it once more.
    page = trial(page).fill(care_manager="unassigned").submit()
    assert trial(page).value("draft").startswith("# 見本医療圏")
    with database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = session.execute(table.select()).all()
            assert not any("5日目までに" in str(value) for row in rows for value in row), table


def test_a_draft_can_be_uploaded(enter: Enter) -> None:
    visitor = enter("health_officer")
    form = trial(visitor.open(f"{MIHON}&care_manager=assigned"))
    fields = {name: value for name, value in form.fields if name != "draft_file"}
    draft = changed_draft(SHIPPED_MIHON, *FIVE_DAYS)

    def upload(content: bytes) -> tuple[int, str]:
        data = {**fields, "draft_file": (BytesIO(content), "draft.yaml")}
        response = visitor.client.post("/simulator", data=data)
        return response.status_code, response.text

    status, text = upload(draft.encode())
    assert status == 200
    assert "5日目までに" in text
    assert upload("見本".encode("shift_jis"))[0] == 422
    assert "UTF-8 で保存し直してください" in upload("見本".encode("shift_jis"))[1]
    assert "60,000文字までです" in upload(b"a" * 60_001)[1]


def test_a_draft_that_cannot_be_read_is_shown_with_its_line(enter: Enter) -> None:
    draft = changed_draft(SHIPPED_MIHON, ("mobility: [supervised,", "mobilty: [supervised,"))
    line = 1 + draft[: draft.index("mobilty")].count("\n")
    page = trial(enter("health_officer").open(MIHON)).fill(draft=draft).submit(422)
    assert page.errors["draft"].startswith(f"{line}行目: ")
    assert "mobility" in page.errors["draft"]
    assert f"直すところ（{line}行目）" in page.text


def test_a_draft_is_never_executed(enter: Enter) -> None:
    form = trial(enter("health_officer").open(MIHON))
    page = form.fill(draft="region: !!python/object/apply:os.system ['false']").submit(422)
    assert "draft" in page.errors


def test_a_finding_about_a_draft_opens_with_its_patient(enter: Enter) -> None:
    draft = changed_draft(
        SHIPPED_MIHON,
        (
            "when: {eating: [partial_help, full_help]}",
            "when: {eating: partial_help, mobility: full_help}",
        ),
        ("eating: partial_help, stay", "eating: partial_help, mobility: full_help, stay"),
        ("because: [help-to-eat]", "because: [help-to-stand-or-walk, help-to-eat]"),
    )
    page = trial(enter("health_officer").open(MIHON)).fill(draft=draft).press("案を点検する")
    assert "効かない条文" in page.text
    page = trial(page).press("この例の方を試す（1）")
    assert trial(page).value("eating") == "partial_help"
    assert trial(page).value("mobility") == "full_help"
    assert "当てはまる基準: 食事に介助が必要" in page.text


def test_two_regions_are_answered_together(enter: Enter) -> None:
    page = enter("ward_nurse").open(f"{MIHON}&care_manager=assigned&home=tehon.2025-04-01")
    page = trial(page).fill(admitted_on="R8.11.20").submit()
    assert "住まいの地域の版 要" in " ".join(page.text.split())
    assert "「入院時情報提供」の期限は、見本医療圏のルールでは11月26日、" in page.text
    page = enter("ward_nurse").open(f"{MIHON}&home=tajima.undated")
    assert "施行日の分からない参考の版です。" in page.text
    page = enter("ward_nurse").open(f"{MIHON}&home=mihon.2027-04-01", 422)
    assert "病院と同じ地域です" in page.errors["home"]


def test_a_session_that_ran_out_keeps_no_draft() -> None:
    assert "simulator" in auth._NEVER_KEPT
