"""The list of what is to be done: whose turn it is, by when, and in which order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from time_machine import Traveller

from handoffs.database import Database
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.statement import Result, Side, Topic
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, make_statement
from tests.people import NAMES, NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def admitted(database: Database, library: Library, cast: Cast, name: str, who: str | None) -> int:
    plan = PlanEntry(
        status=PlanStatus.ASSIGNED,
        organization_id=cast.office_id,
        care_manager_name=NAMES[who] if who else "",
    )
    with database.writing() as session:
        return admit_someone(session, library, cast, name=f"{MARK} {name}", plan=plan).id


def test_own_clients_come_first_and_colleagues_only_after_the_switch(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    admitted(database, library, cast, "未定子", None)
    admitted(database, library, cast, "自子", "care_manager")
    admitted(database, library, cast, "同子", "colleague")
    visitor = enter("care_manager")
    page = visitor.open("/worklist")
    assert page.text.index(f"{MARK} 自子") < page.text.index(f"{MARK} 未定子")
    assert f"{MARK} 同子" not in page.text
    page = page.form("/colleagues").press("事業所全体を表示する")
    assert f"{MARK} 同子" in page.text


def test_the_window_is_written_out_with_the_days_that_are_left(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    admitted(database, library, cast, "花子", "care_manager")
    page = enter("care_manager").open("/worklist")
    assert "11/20(金)–11/26(木)、あと6日 期限まで休み" in page.text
    # A weekend and a public holiday (11/23) of the office that has to send it.
    assert "期限まで休み3日（11/21–11/23）" in page.text


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "あと4日"), (5, "明日まで"), (6, "今日まで")],
)
def test_the_days_that_are_left_are_counted_by_tokyo_days(
    app: Flask,
    database: Database,
    library: Library,
    cast: Cast,
    clock: Traveller,
    days: int,
    words: str,
) -> None:
    admitted(database, library, cast, "花子", "care_manager")
    now = NOW + timedelta(days=days)
    clock.move_to(now)
    page = Visitor(app).arrive(cast.care_manager, now).open("/worklist")
    assert f"11/26(木)、{words}" in page.text


def test_where_the_hospital_has_told_nobody_it_is_nobodys_omission(
    app: Flask, database: Database, library: Library, cast: Cast, clock: Traveller
) -> None:
    admitted(database, library, cast, "花子", "care_manager")
    now = NOW + timedelta(days=8)
    clock.move_to(now)
    text = Visitor(app).arrive(cast.care_manager, now).open("/worklist").text
    assert "お知らせ前" in text
    assert "期限超過" not in text
    assert "病院は情報を必要としています" in text


def test_what_is_late_can_still_be_sent(
    app: Flask, database: Database, library: Library, cast: Cast, clock: Traveller
) -> None:
    stay_id = admitted(database, library, cast, "花子", "care_manager")
    with database.reading() as session:
        stay = session.get_one(Stay, stay_id)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    nurse = Visitor(app).arrive(cast.ward_nurse, NOW)
    nurse.open(f"/handoffs/{notice}/send").forms(f"/handoffs/{notice}/send")[0].press("話せた")
    now = NOW + timedelta(days=8)
    clock.move_to(now)
    page = Visitor(app).arrive(cast.care_manager, now).open("/worklist")
    assert "期限を過ぎていますが、病院は情報を必要としています" in page.text
    assert page.follow("連絡・送付を 記録").status == 200


def test_the_ward_has_its_own_list(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    admitted(database, library, cast, "花子", "care_manager")
    page = enter("ward_nurse").open("/worklist")
    assert "自分の病棟の方" in page.text
    assert "入院の連絡" in page.text


@pytest.mark.parametrize("name", ["outsider", "other_nurse", "center_staff", "multifunctional"])
def test_nobody_else_finds_anybody_there(
    enter: Enter, database: Database, library: Library, cast: Cast, name: str
) -> None:
    admitted(database, library, cast, "花子", "care_manager")
    page = enter(name).open("/worklist")
    assert MARK not in page.all_text
    assert "いまやることはありません" in page.text


def test_the_health_centre_has_no_list(enter: Enter) -> None:
    enter("health_officer").open("/worklist", 403)


def test_the_wards_of_a_hospital_narrow_the_list_down(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        here = admit_someone(session, library, cast, name=f"{MARK} 此子")
        there = admit_someone(session, library, cast, name=f"{MARK} 他子")
        session.get_one(Stay, there.id).ward_id = cast.other_ward_id
        assert here.ward_id == cast.ward_id
    page = enter("discharge_nurse").open("/worklist")
    assert f"{MARK} 此子" in page.text
    assert f"{MARK} 他子" in page.text
    page = page.follow("4階西")
    assert f"{MARK} 此子" not in page.text
    assert f"{MARK} 他子" in page.text
    foreign = enter("discharge_nurse").open(f"/worklist?ward={cast.foreign_ward_id}")
    assert f"{MARK} 此子" in foreign.text


def test_what_both_sides_say_of_the_discharge_stands_on_the_list_and_leads_to_the_records(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = admitted(database, library, cast, "花子", "care_manager")
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        for side, result in ((Side.HOSPITAL, Result.TALKED), (Side.PLAN_OFFICE, Result.TALKED)):
            make_statement(session, stay, side=side, result=result, topic=Topic.DISCHARGE)
    for name in ("care_manager", "ward_nurse"):
        page = enter(name).open("/worklist")
        assert "退院についての連絡 双方確認" in " ".join(page.text.split())
        assert page.links["双方の記録"] == f"/stays/{stay_id}#both"
