"""The 3-day and 7-day log on the screen: one tap from the log, another day from the stay."""

from collections.abc import Callable

import pytest

from handoffs.database import Database
from rules import Library
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Visitor
from web.stays import support_log

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    with database.writing() as session:
        return admit_someone(session, library, cast).id


def test_one_tap_writes_today_down_and_can_be_taken_back(enter: Enter, stay_id: int) -> None:
    page = enter("ward_nurse").open("/support-log")
    assert "算定できるかどうかを示すものではありません" in page.text
    assert "11/26(木)まで 〔11/27(金)〕 あと6日" in page.text
    form = page.form(f"/stays/{stay_id}/support-steps")
    form.fields.append(("support_kind", "interview"))
    page = form.submit()
    assert page.path == "/support-log"
    assert "入退院支援の日付を記録しました" in page.text
    page = page.form(f"/stays/{stay_id}/support-steps/taken-back").submit()
    assert "取り消しました" in page.text
    assert not page.forms(f"/stays/{stay_id}/support-steps/taken-back")
    history = page.visitor.open(f"/stays/{stay_id}").text
    assert "入退院支援の日付の記録を取り消した 患者・家族との話し合い 11/20(金)" in history


def test_another_day_is_written_down_on_the_page_of_the_stay(enter: Enter, stay_id: int) -> None:
    page = enter("discharge_nurse").open(f"/stays/{stay_id}")
    (form,) = [one for one in page.forms() if "support_on" in one.names]
    page = form.fill(support_kind="plan", support_on="R8.11.21").submit(422)
    assert set(page.errors) == {"support_on"}
    (form,) = [one for one in page.forms() if "support_on" in one.names]
    page = form.fill(support_on="R8.11.20").submit()
    assert page.path == f"/stays/{stay_id}"
    assert page.forms(f"/stays/{stay_id}/support-steps/taken-back")


def test_an_office_sees_neither_the_log_nor_the_card(enter: Enter, stay_id: int) -> None:
    visitor = enter("care_manager")
    visitor.open("/support-log", 403)
    assert "入退院支援加算" not in visitor.open(f"/stays/{stay_id}").text


def test_after_a_death_the_page_asks_for_nothing(enter: Enter, stay_id: int) -> None:
    where = f"/stays/{stay_id}/discharge"
    page = enter("ward_nurse").open(where).form(where).fill(destination="death").submit()
    assert "退院を登録しました" in page.text
    assert "入退院支援加算" not in page.text
    assert "退院についての連絡" not in page.text


def test_a_long_log_comes_in_pages_that_keep_what_was_asked(
    enter: Enter,
    stay_id: int,
    database: Database,
    library: Library,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.writing() as session:
        second = admit_someone(session, library, cast, kana="シメイヒ フタリ").id
    monkeypatch.setattr(support_log, "PAGE_ROWS", 1)
    page = enter("ward_nurse").open("/support-log?fee=2")
    shown = [
        href for href in page.links.values() if href in {f"/stays/{stay_id}", f"/stays/{second}"}
    ]
    assert len(shown) == 1
    page = page.follow("次の1人")
    assert "2 / 2 ページ" in page.text
    assert "できるだけ早く" in page.text
    assert shown[0] not in page.links.values()
