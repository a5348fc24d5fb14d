"""Answering without signing in: nothing before the PIN, one answer after it, no secret told."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlmodel import col, func, select
from time_machine import Traveller

from handoffs.accounts import hash_password
from handoffs.conference import SlotEntry, propose
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.link.agreement import LinkAgreement
from handoffs.link.case_link import CaseLink
from handoffs.parties import Staff
from handoffs.region.policy import Policy, set_policy
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Message, Purpose
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import ADMITTED, admit_someone, handoff_of, make_handoff
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
PIN = "407192"
_ADDRESS = re.compile(r"/l/[0-9a-z-]+")


@pytest.fixture(scope="module")
def pin_hash() -> str:
    return hash_password(PIN)


@pytest.fixture
def handoff_id(database: Database, library: Library, cast: Cast, pin_hash: str) -> int:
    """The hospital's notice to the cast's care manager, and a PIN agreed with their office."""
    with database.writing() as session:
        session.add(
            LinkAgreement(
                hospital_id=cast.hospital_id,
                organization_id=cast.office_id,
                pin_hash=pin_hash,
                telephone="0770-00-0001",
                counterpart="事務 たろう",
                agreed_on=ADMITTED,
                recorded_at=NOW,
                recorded_by=cast.ward_nurse.person_id,
            )
        )
        stay = admit_someone(session, library, cast)
        return handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id


@pytest.fixture
def path(enter: Enter, handoff_id: int) -> str:
    """The path of a link that the ward nurse has just made."""
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link")
    made = page.form(f"/handoffs/{handoff_id}/link").fill(way="paper").submit()
    found = _ADDRESS.search(made.text)
    assert found is not None
    return found[0]


def opened(visitor: Visitor, path: str, pin: str = PIN, status: int = 200) -> Page:
    return visitor.open(path).form(path).fill(pin=pin).submit(status)


def link(database: Database) -> CaseLink:
    with database.reading() as session:
        return session.exec(select(CaseLink)).one()


def events(database: Database, act: Act) -> int:
    with database.reading() as session:
        query = select(func.count()).select_from(Event).where(col(Event.act) == act)
        return session.exec(query).one()


def test_before_the_pin_a_page_says_nothing_of_the_case(stranger: Visitor, path: str) -> None:
    page = stranger.open(path)
    for word in (MARK, "見本中央病院", "入院の連絡", "管理番号"):
        assert word not in page.all_text
    assert page.text == stranger.open("/l/nobody-made-this").text


def test_a_scanner_that_follows_links_takes_no_try_and_changes_nothing(
    app: Flask, path: str, database: Database
) -> None:
    before = link(database).model_dump()
    client = app.test_client()
    for _ in range(10):
        assert client.get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 200
        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 200
        assert client.get(f"{path}/received").status_code == 405
        assert client.post(f"{path}/received").status_code == 400
        assert client.post(path, data={"pin": PIN}).status_code == 400
    assert link(database).model_dump() == before


def test_the_page_tells_its_address_to_nobody(stranger: Visitor, path: str) -> None:
    response = stranger.fetch(path)
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in response.text


def test_the_secret_stands_in_no_line_of_the_log(
    stranger: Visitor, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(stranger, path)
    stranger.client.post(path, data={})
    written = "".join(capsys.readouterr())
    assert "/l/<secret>" in written
    assert path.removeprefix("/l/") not in written
    assert PIN not in written


def test_the_page_says_whom_to_ring_and_when(
    stranger: Visitor, path: str, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        nurse = session.get_one(Staff, cast.ward_nurse.staff_id)
        nurse.direct_line, nurse.reachable = "000-0000-0007", "平日 9:00–16:00"
    page = opened(stranger, path)
    assert f"担当 {cast.ward_nurse.name}" in page.text
    assert "000-0000-0007 平日 9:00–16:00" in page.text


def test_after_the_pin_the_page_shows_the_least(
    stranger: Visitor, path: str, database: Database
) -> None:
    page = opened(stranger, path)
    assert "入院の連絡" in page.text
    assert "見本中央病院" in page.text
    assert MARK not in page.all_text
    assert "●" in page.text
    assert link(database).opened_at == NOW


def test_a_region_may_show_the_name(
    app: Flask, stranger: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = replace(app.extensions["tsunagi"], link_names_masked=False)
    monkeypatch.setitem(app.extensions, "tsunagi", desk)
    assert MARK in opened(stranger, path).text


def test_a_receipt_is_written_down_once_as_the_offices_own(
    stranger: Visitor, path: str, database: Database, enter: Enter, handoff_id: int
) -> None:
    form = opened(stranger, path).form(f"{path}/received").fill(answered_by="受付 はな")
    page = form.submit()
    assert page.heading == "返事を記録しました"
    assert form.submit().heading == "返事を記録しました"
    assert stranger.open(path).heading == "返事を記録しました"
    assert opened(Visitor(stranger.app), path).heading == "返事を記録しました"
    assert events(database, Act.HANDOFF_CONFIRM) == 1
    with database.reading() as session:
        stay_id = session.get_one(Handoff, handoff_id).stay_id
    shown = enter("ward_nurse").open(f"/stays/{stay_id}")
    assert "リンクから" in shown.text
    assert "受領確認済み" in shown.text
    assert "受付 はな" in enter("ward_nurse").open(f"/handoffs/{handoff_id}/link").text


def test_an_office_says_that_it_is_not_in_charge_and_who_is(
    stranger: Visitor, path: str, database: Database, cast: Cast
) -> None:
    form = opened(stranger, path).form(f"{path}/declined")
    wrong = form.submit(422)
    assert "理由を選んでください。" in wrong.text
    page = form.fill(
        reason="changed_office", suggested=str(cast.outsider_office_id), words="先月から隣です"
    ).submit()
    assert "担当ではないとの返事" in page.text
    assert events(database, Act.HANDOFF_DECLINE) == 1


def test_a_time_of_a_conference_is_chosen_through_a_link_that_stays_open(
    enter: Enter, stranger: Visitor, database: Database, cast: Cast, handoff_id: int
) -> None:
    with database.writing() as session:
        stay = session.get_one(Stay, session.get_one(Handoff, handoff_id).stay_id)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        slot = SlotEntry(day=date(2026, 11, 25), starts_at=time(10), ends_at=time(11))
        propose(session, stay, handoff, [slot], by=cast.ward_nurse, now=NOW)
        meeting_id = handoff.id
    where = f"/handoffs/{meeting_id}/link"
    made = enter("ward_nurse").open(where).form(where).fill(way="paper").submit()
    found = _ADDRESS.search(made.text)
    assert found is not None
    page = opened(stranger, found[0])
    form = next(one for one in page.forms() if one.action.endswith("/times"))
    page = form.press("11/25(水) 10:00–11:00 にする")
    assert "会議の日時: 11/25(水)" in page.text
    assert link(database).used_at is None
    assert "受け取りました" in page.text


def test_a_region_that_uses_no_links_makes_none(
    enter: Enter, database: Database, handoff_id: int, cast: Cast
) -> None:
    form = (
        enter("ward_nurse")
        .open(f"/handoffs/{handoff_id}/link")
        .form(f"/handoffs/{handoff_id}/link")
    )
    with database.writing() as session:
        set_policy(session, Policy.LINK_USE, "no", by=cast.health_officer, now=NOW)
    assert "使わないことに決めています" in form.fill(way="paper").submit(403).text
    with database.reading() as session:
        assert session.exec(select(CaseLink)).all() == []


def test_five_wrong_pins_close_the_link_and_the_hospital_sees_it(
    stranger: Visitor, path: str, enter: Enter
) -> None:
    for _ in range(5):
        page = opened(stranger, path, "999999", 422)
        assert "開けませんでした" in page.text
    closed = opened(stranger, path, PIN, 422)
    assert closed.text == page.text
    for where in ("/worklist", "/stays"):
        assert "リンクが閉じました。電話で確かめてください" in enter("ward_nurse").open(where).text
    listed = enter("ward_nurse").open("/worklist")
    assert "電話で確かめたことを記録しました" in listed.form("/links/1/settle").submit().text


def test_unknown_expired_and_revoked_links_get_the_page_of_a_wrong_pin(
    stranger: Visitor, path: str, enter: Enter, handoff_id: int, clock: Traveller
) -> None:
    wrong = opened(stranger, path, "999999", 422).text
    assert opened(stranger, "/l/nobody-made-this", PIN, 422).text == wrong
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link")
    clock.move_to(NOW + timedelta(days=7))
    assert opened(stranger, path, PIN, 422).text == wrong
    clock.move_to(NOW)
    page.form("/links/1/revoke").submit()
    assert opened(stranger, path, PIN, 422).text == wrong


def test_an_empty_pin_takes_no_try(stranger: Visitor, path: str, database: Database) -> None:
    assert "合い言葉を入れてください" in opened(stranger, path, "", 422).text
    assert link(database).tries == 0


def test_a_browser_that_lost_its_cookies_is_asked_anew_and_never_to_sign_in(
    stranger: Visitor, path: str
) -> None:
    form = opened(stranger, path).form(f"{path}/received")
    stranger.client.delete_cookie("tsunagi-visit")
    page = form.submit()
    assert page.path == path
    stranger.client.delete_cookie("tsunagi-link")
    assert stranger.open(path).heading == "連絡の確認"


def test_an_opening_ends_by_itself(
    stranger: Visitor, path: str, database: Database, clock: Traveller
) -> None:
    form = opened(stranger, path).form(f"{path}/received")
    clock.move_to(NOW + timedelta(minutes=15))
    assert form.submit().heading == "連絡の確認"
    assert events(database, Act.HANDOFF_CONFIRM) == 0


def test_making_a_link_twice_with_one_form_makes_one(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    form = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link").form()
    assert form.fill(way="paper").submit().heading == "リンクができました"
    assert form.submit().heading == "サインインなしで確認できるリンク"
    assert link(database).revoked_at is None


def test_a_pin_is_agreed_by_telephone_before_the_first_link(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff_id = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link")
    agreement = page.follow("電話で合い言葉を決める")
    form = agreement.form(f"/organizations/{cast.office_id}/agreement")
    form.fill(pin="111111", counterpart="事務 たろう")
    wrong = form.submit(422)
    assert "続き番号は使えません" in wrong.text
    assert "111111" not in wrong.response.text
    again = wrong.form(f"/organizations/{cast.office_id}/agreement")
    page = again.fill(pin="４０７１９２", mail_address="jimusho@example.jp").submit()
    assert page.path == f"/handoffs/{handoff_id}/link"
    assert "合い言葉を登録しました" in page.text
    agreement = page.follow("合い言葉を決め直す・止める")
    assert "事務 たろう" in agreement.text
    stopped = agreement.form(f"/organizations/{cast.office_id}/agreement/end").submit()
    assert "合い言葉を止めました" in stopped.text
    assert "まだ決まっていません" in enter("ward_nurse").open(f"/handoffs/{handoff_id}/link").text


def test_a_link_leaves_by_mail_where_mail_is_on_and_an_address_is_known(
    app: Flask, enter: Enter, handoff_id: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "tsunagi", replace(app.extensions["tsunagi"], mail_on=True))
    with database.writing() as session:
        session.exec(select(LinkAgreement)).one().mail_address = "jimusho@example.jp"
    form = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link").form()
    page = form.fill(way="mail").submit()
    assert "メールで送ります" in page.text
    with database.reading() as session:
        message = session.exec(select(Message)).one()
        assert (message.purpose, message.handoff_id) == (Purpose.LINK, handoff_id)
        assert session.exec(select(CaseLink)).one().message_id == message.id


def test_only_the_hospital_makes_links_and_only_where_something_may_be_shown(
    enter: Enter, handoff_id: int, database: Database, library: Library, cast: Cast
) -> None:
    enter("care_manager").open(f"/handoffs/{handoff_id}/link", 403)
    enter("other_nurse").open(f"/handoffs/{handoff_id}/link", 404)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        session.get_one(Patient, stay.patient_id).whereabouts_hidden = True
        hidden = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    page = enter("ward_nurse").open(f"/handoffs/{hidden}/link")
    assert "電話で直接伝えてください" in page.text
    assert not page.forms(f"/handoffs/{hidden}/link")
    shown = enter("ward_nurse").open(f"/stays/{stay.id}")
    assert "サインインなしで確認できるリンクを送る" not in shown.text


def test_the_page_of_a_stay_leads_to_the_link(enter: Enter, handoff_id: int) -> None:
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/link")
    stay = page.follow("作らないで戻る")
    assert f"/handoffs/{handoff_id}/link" in [node.get("href") for node in stay.tree.all("a")]
