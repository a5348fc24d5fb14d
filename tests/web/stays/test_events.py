from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody in hospital."""
    with database.writing() as session:
        return admit_someone(session, library, cast, kana="シメイヒ ハナコ").id


def _stay(database: Database, stay_id: int) -> Stay:
    with database.reading() as session:
        return session.get_one(Stay, stay_id)


def _gone(
    database: Database, library: Library, cast: Cast, stay_id: int, **changes: object
) -> None:
    with database.writing() as session:
        leave(session, library, cast, session.get_one(Stay, stay_id), now=NOW, **changes)


def _leaving(page: Page, stay_id: int, **typed: str) -> Page:
    return page.form(f"/stays/{stay_id}/leave").fill(**typed).submit()


def test_a_leave_and_a_return_stand_on_the_page_and_on_the_board(
    enter: Enter, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(f"/stays/{stay_id}").follow("外泊・一時退院")
    page = _leaving(page, stay_id, kind="overnight", back_planned_on="R8.11.22")
    assert "外泊中" in page.text
    assert "期限の通知は止まります" in page.text
    assert "外泊中" in visitor.open("/stays").text
    page = page.follow("戻られたことを登録する")
    page = page.form(f"/stays/{stay_id}/return").submit()
    assert "期限を数え直しました" in page.text
    assert "外泊中" not in visitor.open("/stays").text


def test_a_leave_by_mistake_is_taken_back(enter: Enter, stay_id: int) -> None:
    visitor = enter("ward_nurse")
    page = _leaving(visitor.open(f"/stays/{stay_id}/leave"), stay_id, kind="overnight")
    page = visitor.open(f"/stays/{stay_id}/leave")
    page = page.form(f"/stays/{stay_id}/leave/undo").submit()
    assert "取り消しました" in page.text


def test_an_impossible_leave_is_said_beside_its_field(enter: Enter, stay_id: int) -> None:
    page = enter("ward_nurse").open(f"/stays/{stay_id}/leave")
    form = page.form(f"/stays/{stay_id}/leave").fill(kind="overnight", left_on="R8.11.19")
    assert "left_on" in form.submit(422).errors


def test_a_discharge_is_undone_from_its_own_page(
    enter: Enter, database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    _gone(database, library, cast, stay_id)
    visitor = enter("ward_nurse")
    page = visitor.open(f"/stays/{stay_id}").follow("退院の登録を直す・取り消す")
    page = page.form(f"/stays/{stay_id}/discharge/undo").submit()
    assert "退院の登録を取り消しました" in page.text
    assert _stay(database, stay_id).is_open
    told = enter("care_manager").open("/worklist")
    assert "入院が続いています" in told.text
    told = told.form("/notices/1/acknowledge").submit()
    assert "入院が続いています" not in told.text


def test_a_discharge_is_corrected_with_what_was_registered_in_the_fields(
    enter: Enter, database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    _gone(database, library, cast, stay_id)
    page = enter("ward_nurse").open(f"/stays/{stay_id}/discharge/correction")
    form = page.form(f"/stays/{stay_id}/discharge/correction")
    assert form.value("destination") == "home"
    form.fill(destination="health_facility", contacted="unknown").submit()
    assert _stay(database, stay_id).destination is Destination.HEALTH_FACILITY


def test_the_page_of_somebody_who_left_asks_for_no_conference_and_shows_no_old_plan(
    app: Flask, database: Database, library: Library, cast: Cast, clock: Traveller
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            planned_discharge_on=(NOW + timedelta(days=20)).date(),
            planned_certainty=PlannedCertainty.FIXED,
        )
        leave(session, library, cast, stay, now=NOW)
    clock.move_to(NOW + timedelta(hours=1))
    page = Visitor(app).arrive(cast.ward_nurse, NOW + timedelta(hours=1)).open(f"/stays/{stay.id}")
    open_part = page.text.split("いまは求めていない引き継ぎ")[0].split("引き継ぎ", 1)[1]
    assert "退院前カンファレンス" not in open_part
    assert "12月" not in open_part


def test_a_correction_shows_what_stood_before_to_the_hospital_alone(
    enter: Enter, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(f"/stays/{stay_id}").follow("氏名・生年月日・入院日を訂正する")
    form = page.form(f"/stays/{stay_id}/correction")
    page = form.fill(name=f"{MARK} 正しい", admitted_on="R8.11.18").submit()
    assert "登録内容を訂正し" in page.text
    assert f"{MARK} 花子 → {MARK} 正しい" in page.all_text
    told = enter("care_manager").open(f"/stays/{stay_id}")
    assert f"{MARK} 正しい" in told.text
    assert "花子" not in told.all_text


def test_a_correction_that_cannot_be_keeps_what_was_typed(enter: Enter, stay_id: int) -> None:
    page = enter("ward_nurse").open(f"/stays/{stay_id}/correction")
    form = page.form(f"/stays/{stay_id}/correction").fill(admitted_on="R8.11.30")
    page = form.submit(422)
    assert "admitted_on" in page.errors
    assert page.form(f"/stays/{stay_id}/correction").value("admitted_on") == "R8.11.30"


def test_a_cancelled_registration_leaves_the_lists_and_comes_back(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor, office = enter("ward_nurse"), enter("care_manager")
    office.open(f"/stays/{stay_id}")
    page = visitor.open(f"/stays/{stay_id}").follow("この入院の登録を取り消す")
    page = page.form(f"/stays/{stay_id}/cancel").fill(reason="no_stay").submit()
    assert "入院の登録を取り消しました" in page.text
    assert MARK not in page.text
    visitor.open(f"/stays/{stay_id}", 404)
    office.open(f"/stays/{stay_id}", 404)
    assert "入院の登録が取り消されました" in office.open("/worklist").text
    page = visitor.open("/stays").follow("取り消した登録")
    assert "入院ではなかった" in page.text
    page = page.form(f"/stays/{stay_id}/reinstate").submit()
    assert "元に戻しました" in page.text
    assert _stay(database, stay_id).cancelled_at is None
    assert "元に戻りました" in office.open("/worklist").text


def test_a_transfer_asks_for_the_hospital_which_takes_the_person_over_with_one_click(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, consent=ConsentAnswer.GIVEN)
    page = enter("ward_nurse").open(f"/stays/{stay.id}/discharge")
    form = page.form(f"/stays/{stay.id}/discharge")
    form.fill(destination="other_hospital", contacted="unknown")
    assert "next_hospital_id" in form.submit(422).errors
    form = page.form(f"/stays/{stay.id}/discharge")
    form.fill(
        destination="other_hospital",
        contacted="unknown",
        next_hospital_id=str(cast.other_hospital_id),
    )
    page = form.submit()
    assert "見本東病院" in page.text
    there = enter("other_nurse").open("/stays")
    assert "転院してこられる方" in there.text
    assert MARK in there.text
    page = there.form(f"/stays/{stay.id}/take-over").submit()
    assert "受け入れました" in page.text
    assert "見本中央病院" in page.text
    with database.reading() as session:
        taken = session.exec(select(Stay).where(Stay.continues_id == stay.id)).one()
    assert taken.hospital_id == cast.other_hospital_id
    assert MARK in enter("care_manager").open(f"/stays/{taken.id}").text


def test_a_ward_move_names_both_wards_in_the_history_and_tells_the_plan_office(
    enter: Enter, cast: Cast, stay_id: int
) -> None:
    page = enter("ward_nurse").open(f"/stays/{stay_id}/particulars")
    form = page.form(f"/stays/{stay_id}/particulars").fill(ward_id=str(cast.other_ward_id))
    assert "3階東 → 4階西" in form.submit().all_text
    page = enter("care_manager").open("/worklist")
    assert "転棟の連絡" in page.text
