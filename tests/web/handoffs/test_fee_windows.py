"""The care manager's own fee window: on the stay's page, the worklist and as a strip."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from handoffs.database import Database
from handoffs.parties import Organization
from handoffs.passing import send
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, talked
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
FEE = "入院時情報連携加算"


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody who came in on Friday at 18:10, after the office had closed."""
    with database.writing() as session:
        return admit_someone(session, library, cast, admitted_time=time(18, 10)).id


def test_the_plan_office_sees_its_window_beside_the_regional_one(
    enter: Enter, stay_id: int
) -> None:
    visitor = enter("care_manager")
    page = visitor.open(f"/stays/{stay_id}")
    assert "(Ⅰ) 250単位 11/21(土)まで" in page.text
    # Day 3 is Sunday, and the day after it a holiday: it may be one day longer.
    assert "(Ⅱ) 200単位 11/22(日)まで" in page.text
    assert "文言では11/23(月)まで・要確認" in page.text
    assert "11/26(木)" in page.text
    assert "加算の期間" in visitor.open("/worklist").text


def test_the_strip_proves_the_count_day_by_day(enter: Enter, stay_id: int) -> None:
    visitor = enter("care_manager")
    page = visitor.open(visitor.open(f"/stays/{stay_id}").links["日の数え方（印刷できます）"])
    text = " ".join(page.text.split())
    assert "営業時間が終わったあとの入院" in text
    assert "2026年11月20日(金) 営業日 1日目 数えない" in text
    assert "2026年11月23日(月) 勤労感謝の日 休業日 4日目 3日目 (Ⅱ)（要確認）" in text
    assert "加算の算定を約束するものではありません" in text
    assert "文書で確かめられていないこと" in text


def test_what_was_given_after_the_window_stands_in_the_strip_in_words_that_blame_nobody(
    enter: Enter, database: Database, cast: Cast, stay_id: int
) -> None:
    later = NOW + timedelta(days=7)
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        entry = talked(day_of(later))
        send(session, stay, handoff, entry, by=cast.care_manager, now=later)
    visitor = enter("care_manager")
    strip = visitor.open(f"/stays/{stay_id}/fee-window")
    words = "入院日を1日目と数えて8日目です。3日を過ぎて渡したため、どの区分の期間にも入りません"
    for page in (strip, visitor.open(f"/stays/{stay_id}")):
        assert f"情報を渡した日 2026年11月27日(金) {words}" in " ".join(page.text.split())
    text = " ".join(strip.text.split())
    assert "2026年11月27日(金) 営業日 8日目 7日目 渡した日" in text
    assert "病院が受け取ったという記録は、まだありません" in text


def test_a_time_that_is_not_known_shows_both_windows(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    text = enter("care_manager").open(f"/stays/{stay_id}").text
    assert "営業時間が終わるまでの入院" in text
    assert "営業時間が終わったあとの入院" in text


def test_without_hours_the_page_says_so_and_leads_there(
    enter: Enter, database: Database, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).hours = {}
    visitor = enter("care_manager")
    page = visitor.open(f"/stays/{stay_id}")
    assert "まだ入力されていないため、日を数えていません" in page.text
    assert page.links["営業日・営業時間を入力する"] == "/office-hours"
    assert "250単位" not in page.text
    assert "を入力すると表示されます" in visitor.open("/worklist").text


def test_who_is_outside_of_the_fee_is_told_why(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast, care_level=CareNeedLevel.SUPPORT_1).id
    page = enter("care_manager").open(f"/stays/{stay_id}")
    assert "介護予防支援" in page.text
    assert "250単位" not in page.text


def test_nobody_else_sees_a_window_or_reaches_the_strip(enter: Enter, stay_id: int) -> None:
    for name in ("ward_nurse", "social_worker"):
        visitor = enter(name)
        assert FEE not in visitor.open(f"/stays/{stay_id}").text
        assert "加算の期間" not in visitor.open("/worklist").text
        visitor.open(f"/stays/{stay_id}/fee-window", 404)
    for name in ("outsider", "center_staff", "other_nurse"):
        enter(name).open(f"/stays/{stay_id}/fee-window", 404)
    enter("health_officer").open(f"/stays/{stay_id}/fee-window", 403)
