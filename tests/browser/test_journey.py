"""The story of one stay, once, as its people would live it: from the ward to the month's report."""

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from handoffs.accounts import SignedIn
from handoffs.database import Database
from handoffs.era import on_paper
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.certification import CareNeedLevel
from handoffs.tokyo import first_of_month
from rules import Library
from tests.browser.conftest import now
from tests.browser.person import Person, Place
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NAMES, PASSWORD, Cast
from web.dates import month as written_month
from web.dates import short_day
from web.inputs import typed_day

pytestmark = pytest.mark.browser

WHO = f"{MARK} 髙橋"
DECIDED = re.compile(r"^退院調整\s+要\s*$")


@pytest.fixture
def arrive(place: Place) -> Iterator[dict[str, Person]]:
    """Everybody of the story at a browser of their own, signed in through the page."""
    people = {
        name: Person(place) for name in ("ward_nurse", "care_manager", "outsider", "health_officer")
    }
    yield people
    for person in people.values():
        person.leave()


@pytest.fixture
def nobody_plans_for(database: Database, library: Library, cast: Cast, today: date) -> int:
    """The stay of somebody of whom it is known only that they have no care manager."""
    with database.writing() as session:
        return admit_someone(
            session,
            library,
            cast,
            now=now(),
            admitted_on=today - timedelta(days=1),
            care_level=CareNeedLevel.NONE,
            plan=PlanEntry(status=PlanStatus.UNASSIGNED),
        ).id


@pytest.fixture
def last_month(database: Database, library: Library, cast: Cast, today: date) -> date:
    """The month before this one, in which somebody left and the care manager was not told."""
    month = first_of_month(first_of_month(today) - timedelta(days=1))
    there = now() - (today - month)
    with database.writing() as session:
        stay = admit_someone(session, library, cast, now=there, admitted_on=month)
        later = there + timedelta(days=14)
        left_on = month + timedelta(days=14)
        leave(session, library, cast, stay, now=later, discharged_on=left_on, contacted=False)
    return month


def card(person: Person, kind: str) -> Locator:
    """The card of one handoff on the page of a stay."""
    heading = person.page.get_by_role("heading", name=kind, exact=True)
    return person.main.locator("li.task").filter(has=heading)


def text_of(pdf: bytes) -> str:
    """The words of a printed sheet, without the spaces that layout puts between them."""
    assert pdf.startswith(b"%PDF")
    return "".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def test_the_story_of_a_stay(
    arrive: dict[str, Person],
    database: Database,
    nobody_plans_for: int,
    last_month: date,
    today: date,
    tell: Callable[[str], None],
) -> None:
    nurse, care_manager = arrive["ward_nurse"], arrive["care_manager"]

    nurse.sign_in("ward_nurse", PASSWORD)
    assert nurse.path == "/stays"
    the_session_is_for_this_browser_alone(nurse, database)

    began = time.perf_counter()
    registers_with_the_keyboard_alone(nurse, today)
    tell(f"An admission typed by a script took {time.perf_counter() - began:.1f} s.")
    stay = nurse.path.split("?")[0]

    ticks_what_the_decision_waits_for(nurse, nobody_plans_for)

    care_manager.sign_in("care_manager", PASSWORD)
    finds_the_window_written_out(care_manager, today)
    prints_and_sends_the_information(care_manager, stay)

    nurse.open(stay)
    nurse.press("受領を確認する", card(nurse, "入院時情報提供"))
    nurse.sees("受領を確認しました。")

    moves_the_planned_discharge(nurse, today)
    discharges(nurse, today)

    arrive["health_officer"].sign_in("health_officer", PASSWORD)
    reads_the_month(arrive["health_officer"], last_month)
    arrive["health_officer"].open(stay, 403)

    arrive["outsider"].sign_in("outsider", PASSWORD)
    arrive["outsider"].open(stay, 404)
    assert MARK not in arrive["outsider"].page.content()


def the_session_is_for_this_browser_alone(nurse: Person, database: Database) -> None:
    (cookie,) = [one for one in nurse.context.cookies() if one.get("name") == "tsunagi"]
    assert cookie.get("httpOnly") is True
    assert cookie.get("sameSite") == "Lax"
    assert cookie.get("path") == "/"
    assert cookie.get("expires") == -1
    # The record keeps a digest: who reads it cannot sign in with it.
    with database.reading() as session:
        assert session.get(SignedIn, cookie.get("value")) is None


def registers_with_the_keyboard_alone(nurse: Person, today: date) -> None:
    keys = nurse.page.keyboard
    assert nurse.tab_to("本文へ進む") == 1
    keys.press("Enter")
    nurse.tab_to("入院を登録する")
    nurse.enter()
    for field, text in {
        "name": WHO,
        "kana": "しめいひ たかはし",
        "birth_on": "150503",
        "admitted_on": typed_day(today - timedelta(days=1)),
    }.items():
        nurse.tab_to(field)
        keys.type(text)
    nurse.tab_to("care_level")
    nurse.pick("要介護2")
    nurse.tab_to("plan_organization_id")
    nurse.pick("見本ケアプランセンター")
    nurse.tab_to("care_manager_name")
    keys.type(NAMES["care_manager"])
    nurse.tab_to("planned_discharge_on")
    keys.type(typed_day(today + timedelta(days=20)))
    nurse.tab_to("planned_certainty")
    nurse.pick("およそ")
    nurse.tab_to("登録して判定を見る")
    nurse.enter()

    # 150503 can be 平成15年, 昭和15年 or 大正15年: it is asked back, and nothing typed is lost.
    nurse.sees("元号がないため", "平成15年5月3日", "大正15年5月3日")
    expect(nurse.page.locator("#errors")).to_be_focused()
    expect(nurse.page.get_by_label("氏名", exact=True)).to_have_value(WHO)
    nurse.tab_to("birth_on_reading-1")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(nurse.page.get_by_label("昭和15年5月3日")).to_be_checked()
    nurse.tab_to("登録して判定を見る")
    nurse.enter()

    expect(nurse.page.get_by_role("heading", level=1)).to_contain_text(f"{WHO} さん")
    expect(nurse.page.get_by_role("heading", level=2).first).to_have_text(DECIDED)
    nurse.sees("昭和15年5月3日（1940年）生まれ", "入院前からケアマネジャー", "第2条(1)")
    nurse.sees("およそ", f"{short_day(today - timedelta(days=1))}–")


def ticks_what_the_decision_waits_for(nurse: Person, stay_id: int) -> None:
    nurse.open(f"/stays/{stay_id}")
    nurse.sees("判定保留", "まだ決められません", "立ち上がり・歩行")
    nurse.follow("判定項目を入力する")
    for question, answer in {
        "立ち上がり・歩行": "一部介助",
        "入院前と退院後の支援": "変わる・変わりそう",
    }.items():
        nurse.page.get_by_role("group", name=question).get_by_label(answer).check()
    nurse.press("保存して判定を見る")
    expect(nurse.page.get_by_role("heading", level=2).first).to_have_text(DECIDED)
    nurse.sees("立ち上がりや歩行に介助(見守りを含む)が必要", "第3条(1)")


def finds_the_window_written_out(care_manager: Person, today: date) -> None:
    assert care_manager.path == "/worklist"
    client = care_manager.main.locator("li.client").filter(has_text=WHO)
    expect(client).to_contain_text("入院時情報提供")
    first = re.escape(short_day(today - timedelta(days=1)))
    window = rf"{first}–\d+/\d+\([月火水木金土日]\)、(あと\d日|明日まで|今日まで)"
    expect(client).to_contain_text(re.compile(window))
    care_manager.follow(WHO, client)


def prints_and_sends_the_information(care_manager: Person, stay: str) -> None:
    assert care_manager.path == stay
    words = text_of(care_manager.fetch_pdf("入院時情報提供書（PDF）"))
    for expected in ("髙橋", "見本中央病院", "見本ケアプランセンター", NAMES["care_manager"]):
        assert "".join(expected.split()) in words
    care_manager.follow("連絡・送付を記録する", card(care_manager, "入院時情報提供"))
    care_manager.page.get_by_label("FAXで送った").check()
    care_manager.page.get_by_label("受け取った方の氏名").fill("病棟 みどり")
    care_manager.page.get_by_label("内容").fill("家での様子と、飲んでいる薬")
    care_manager.press("記録する")
    care_manager.sees("連絡・送付を記録しました。", "家での様子と、飲んでいる薬")


def moves_the_planned_discharge(nurse: Person, today: date) -> None:
    notice = card(nurse, "退院調整開始の連絡")
    before = notice.locator(".window").text_content()
    nurse.follow("予定日を変える")
    nurse.page.get_by_label("退院予定日", exact=True).fill(typed_day(today + timedelta(days=30)))
    nurse.page.get_by_label("決定").check()
    nurse.press("変更する")
    assert notice.locator(".window").text_content() != before
    leaving = on_paper(today + timedelta(days=30), weekday=True)
    nurse.sees(f"{leaving}（決定）")
    nurse.page.get_by_text("退院予定日の変更（1回）").click()
    nurse.sees(f"{short_day(today + timedelta(days=20))} → {short_day(today + timedelta(days=30))}")


def discharges(nurse: Person, today: date) -> None:
    nurse.follow("退院を登録する")
    nurse.page.get_by_label("退院日", exact=True).fill(typed_day(today))
    nurse.page.get_by_label("退院先").select_option("home")
    nurse.page.get_by_label("とれていない").check()
    nurse.press("退院を登録する")
    nurse.sees("退院を登録しました。", f"退院 {on_paper(today, weekday=True)}", "自宅")


def reads_the_month(officer: Person, month: date) -> None:
    assert officer.path == f"/rates/{month:%Y-%m}"
    heading = officer.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{written_month(month)}の月報")
    officer.sees("退院調整もれ率", "1件のうち1件", "新規相談につないだ率", "入院時情報提供率")
    words = text_of(officer.fetch_pdf("印刷用のPDF（A4）"))
    assert "退院調整もれ率" in words
    assert MARK not in words
    assert MARK not in officer.page.content()
