"""Sending, confirming and waiving, by the side whose turn it is and by nobody else."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.statement import Means, Result, Statement
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import Cast
from tests.web.page import Form, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def notice_id(database: Database, library: Library, cast: Cast) -> int:
    """The hospital's notice of admission to the cast's care manager."""
    return opened(database, library, cast, HandoffKind.ADMISSION_NOTICE)


@pytest.fixture
def information_id(database: Database, library: Library, cast: Cast) -> int:
    """The care manager's admission information for the hospital."""
    return opened(database, library, cast, HandoffKind.ADMISSION_INFORMATION)


def opened(database: Database, library: Library, cast: Cast, kind: HandoffKind) -> int:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        return handoff_of(session, stay, kind).id


def sending(visitor: Visitor, handoff_id: int) -> list[Form]:
    page = visitor.open(f"/handoffs/{handoff_id}/send")
    return page.forms(f"/handoffs/{handoff_id}/send")


def row(database: Database, handoff_id: int) -> Handoff:
    with database.reading() as session:
        found = session.get_one(Handoff, handoff_id)
        session.expunge_all()
    return found


def said(database: Database) -> list[Statement]:
    with database.reading() as session:
        rows = list(session.exec(select(Statement)))
        session.expunge_all()
    return rows


def test_a_telephone_call_is_written_down_by_one_tap(
    enter: Enter, database: Database, notice_id: int
) -> None:
    call, _ = sending(enter("ward_nurse"), notice_id)
    page = call.press("話せた")
    (one,) = said(database)
    assert (one.means, one.result) == (Means.TELEPHONE, Result.TALKED)
    assert (one.happened_on, one.happened_time) == (date(2026, 11, 20), time(10, 0))
    assert "送付済み（確認待ち）" in page.text
    assert row(database, notice_id).sent_at is not None


@pytest.mark.parametrize("words", ["伝言を頼んだ", "不在だった"])
def test_an_attempt_leaves_the_handoff_open(
    enter: Enter, database: Database, notice_id: int, words: str
) -> None:
    call, _ = sending(enter("ward_nurse"), notice_id)
    page = call.press(words)
    assert "まだ終わっていません" in page.text
    assert row(database, notice_id).sent_at is None


def test_day_time_means_content_and_name_are_kept(
    enter: Enter, database: Database, information_id: int
) -> None:
    _, details = sending(enter("care_manager"), information_id)
    page = details.fill(
        outcome="fax-sent",
        happened_on="R8.11.20",
        happened_time="930",
        counterpart="病棟 みどり",
        content="様式とケアプランの写し",
    ).submit()
    (one,) = said(database)
    assert (one.means, one.result) == (Means.FAX, Result.SENT)
    assert (one.happened_time, one.counterpart) == (time(9, 30), "病棟 みどり")
    assert "様式とケアプランの写し" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": "fax-sent", "happened_on": "R8.11.21"}, "happened_on"),
        ({"outcome": "fax-sent", "happened_on": ""}, "happened_on"),
        ({"outcome": "fax-sent", "happened_time": "朝"}, "happened_time"),
        ({"happened_on": "R8.11.20"}, "outcome"),
    ],
)
def test_an_impossible_sending_is_refused_with_what_was_typed(
    enter: Enter, database: Database, information_id: int, typed: dict[str, str], field: str
) -> None:
    _, details = sending(enter("care_manager"), information_id)
    page = details.fill(content="写し", **typed).submit(422)
    assert field in page.errors
    again = page.forms(f"/handoffs/{information_id}/send")[1]
    assert again.value("content") == "写し"
    assert again.value("outcome") == typed.get("outcome", "")
    assert said(database) == []


def test_a_day_before_the_admission_is_asked_about_once(
    enter: Enter, database: Database, information_id: int
) -> None:
    _, details = sending(enter("care_manager"), information_id)
    page = details.fill(outcome="fax-sent", happened_on="R8.11.18").submit(422)
    assert set(page.errors) == {"before_admission"}
    assert said(database) == []
    again = page.forms(f"/handoffs/{information_id}/send")[1]
    again.fill(before_admission="yes").submit()
    (one,) = said(database)
    assert one.happened_on == date(2026, 11, 18)


def test_a_call_is_one_tap_on_the_page_of_the_stay_too(
    enter: Enter, database: Database, notice_id: int
) -> None:
    page = enter("ward_nurse").open(f"/stays/{row(database, notice_id).stay_id}")
    page = page.form(f"/handoffs/{notice_id}/send").press("不在だった")
    (one,) = said(database)
    assert (one.result, one.happened_time) == (Result.ABSENT, time(10, 0))
    page = page.form(f"/handoffs/{notice_id}/send").press("話せた")
    assert "受領確認済み" not in page.text
    assert row(database, notice_id).sent_at is not None


def test_a_double_click_sends_once(enter: Enter, database: Database, notice_id: int) -> None:
    _, details = sending(enter("ward_nurse"), notice_id)
    details.fill(outcome="fax-sent")
    details.submit()
    details.submit()
    assert len(said(database)) == 1


def test_a_second_tab_is_told_that_it_was_sent(
    enter: Enter, database: Database, notice_id: int
) -> None:
    visitor = enter("ward_nurse")
    first, second = sending(visitor, notice_id)[1], sending(visitor, notice_id)[1]
    first.fill(outcome="fax-sent").submit()
    page = second.fill(outcome="fax-sent", content="二枚目").submit(409)
    assert page.forms(f"/handoffs/{notice_id}/send")[1].value("content") == "二枚目"
    assert len(said(database)) == 1


def test_the_receiver_confirms_with_one_button(
    enter: Enter, database: Database, notice_id: int
) -> None:
    sending(enter("ward_nurse"), notice_id)[1].fill(outcome="fax-sent").submit()
    form = enter("care_manager").open("/worklist").form(f"/handoffs/{notice_id}/confirm")
    page = form.submit()
    assert "受領を確認しました" in page.text
    assert row(database, notice_id).confirmed_at is not None
    form.submit()
    assert [one.result for one in said(database)] == [Result.SENT, Result.RECEIVED]


def test_what_arrived_without_being_written_down_can_be_confirmed(
    enter: Enter, database: Database, information_id: int
) -> None:
    stay_id = row(database, information_id).stay_id
    form = enter("ward_nurse").open(f"/stays/{stay_id}").form(f"/handoffs/{information_id}/confirm")
    form.submit()
    assert row(database, information_id).sent_at is not None


@pytest.mark.parametrize("typed", ["R8.11.21", "", "きのう"])
def test_an_impossible_day_of_receipt_is_asked_again(
    enter: Enter, database: Database, information_id: int, typed: str
) -> None:
    stay_id = row(database, information_id).stay_id
    visitor = enter("ward_nurse")
    form = visitor.open(f"/stays/{stay_id}").form(f"/handoffs/{information_id}/confirm")
    page = form.fill(received_on=typed).submit(422)
    assert set(page.errors) == {f"received_on-{information_id}"}
    assert page.form(f"/handoffs/{information_id}/confirm").value("received_on") == typed
    assert row(database, information_id).confirmed_at is None


def test_a_handoff_is_waived_with_a_reason_that_the_other_side_reads(
    enter: Enter, database: Database, information_id: int
) -> None:
    visitor = enter("care_manager")
    form = visitor.open(f"/handoffs/{information_id}/waive").form()
    assert "reason" in form.submit(422).errors
    visitor.open(f"/handoffs/{information_id}/waive").form().fill(reason="家族が届けた").submit()
    stay_id = row(database, information_id).stay_id
    assert "家族が届けた" in enter("ward_nurse").open(f"/stays/{stay_id}").text


def test_advice_to_the_family_is_done_when_it_is_given(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=PlanEntry(status=PlanStatus.UNASSIGNED))
        referral = handoff_of(session, stay, HandoffKind.REFERRAL).id
    (details,) = sending(enter("ward_nurse"), referral)
    details.fill(outcome="in_person-advised").submit()
    assert row(database, referral).confirmed_at is not None


@pytest.mark.parametrize("path", ["send", "waive"])
@pytest.mark.parametrize(
    ("name", "status"), [("outsider", 404), ("other_nurse", 404), ("health_officer", 403)]
)
def test_nobody_else_sees_a_handoff(
    enter: Enter, notice_id: int, name: str, path: str, status: int
) -> None:
    page = enter(name).open(f"/handoffs/{notice_id}/{path}", status)
    assert MARK not in page.all_text


SENSIBLE = {
    "send": {"outcome": "fax-sent", "happened_on": "R8.11.20", "version": "1"},
    "confirm": {"received_on": "R8.11.20"},
    "waive": {"reason": "不要"},
}


@pytest.mark.parametrize("path", ["send", "confirm", "waive"])
@pytest.mark.parametrize("name", ["outsider", "other_nurse", "health_officer"])
def test_nobody_else_acts_on_a_handoff(
    enter: Enter, database: Database, notice_id: int, name: str, path: str
) -> None:
    visitor = enter(name)
    marks = dict(visitor.open("/").forms("/sign-out")[0].fields)
    response = visitor.client.post(
        f"/handoffs/{notice_id}/{path}", data={**marks, **SENSIBLE[path]}
    )
    assert response.status_code == (403 if name == "health_officer" else 404)
    assert said(database) == []
    assert row(database, notice_id).version == 1


@pytest.mark.parametrize(
    ("name", "path"),
    [("care_manager", "send"), ("care_manager", "waive"), ("ward_nurse", "confirm")],
)
def test_the_other_side_cannot_speak_for_this_one(
    enter: Enter, database: Database, notice_id: int, name: str, path: str
) -> None:
    visitor = enter(name)
    marks = dict(visitor.open("/").forms("/sign-out")[0].fields)
    response = visitor.client.post(
        f"/handoffs/{notice_id}/{path}", data={**marks, **SENSIBLE[path]}
    )
    assert response.status_code == 403
    assert said(database) == []


def test_a_centre_that_was_only_told_cannot_send_for_the_office(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        plan = PlanEntry(
            status=PlanStatus.ASSIGNED,
            organization_id=cast.office_id,
            via_center_id=cast.center_id,
        )
        stay = admit_someone(session, library, cast, plan=plan)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION).id
        stay_id = session.get_one(Stay, stay.id).id
    visitor = enter("center_staff")
    page = visitor.open(f"/stays/{stay_id}")
    assert f"/handoffs/{information}/send" not in page.links.values()
    visitor.open(f"/handoffs/{information}/send", 403)


def test_showing_a_page_changes_nothing(enter: Enter, database: Database, notice_id: int) -> None:
    before = row(database, notice_id)
    enter("ward_nurse").open(f"/handoffs/{notice_id}/send")
    enter("ward_nurse").open(f"/handoffs/{notice_id}/confirm", 405)
    assert row(database, notice_id) == before
