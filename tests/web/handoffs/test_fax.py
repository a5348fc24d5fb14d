"""FAX on the screen: the number first, the machine's word in one tap, the slip at the end."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from handoffs.database import Database
from handoffs.decline import Decline
from handoffs.fax.channel import FaxSending, FaxState
from handoffs.fax.number import FaxNumber
from handoffs.handoff import Handoff
from handoffs.parties import Organization, OrganizationKind, Staff
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Message, Purpose
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import ADMITTED, admit_someone, handoff_of
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
NUMBER = "0770-00-0002"


@pytest.fixture
def handoff_id(database: Database, library: Library, cast: Cast) -> int:
    """The hospital's notice to the cast's care manager."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        return handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id


@pytest.fixture
def number(database: Database, cast: Cast) -> None:
    """A number of the cast's office that was verified."""
    with database.writing() as session:
        session.add(
            FaxNumber(
                hospital_id=cast.hospital_id,
                organization_id=cast.office_id,
                number=NUMBER,
                test_code="K7RTN4",
                recorded_at=NOW,
                recorded_by=cast.ward_nurse.person_id,
                called_on=ADMITTED,
                telephone="0770-00-0001",
                counterpart="事務 たろう",
                called_by=cast.ward_nurse.person_id,
                tested_at=NOW,
                tested_by=cast.ward_nurse.person_id,
            )
        )


def sending(database: Database) -> FaxSending:
    with database.reading() as session:
        return session.exec(select(FaxSending)).one()


def prepare(visitor: Visitor, handoff_id: int) -> Page:
    page = visitor.open(f"/handoffs/{handoff_id}/fax")
    return page.form(f"/handoffs/{handoff_id}/fax").submit()


def tap(page: Page, words: str) -> Page:
    (form,) = [f for f in page.forms() if words in [b.text for b in f.node.all("button")]]
    return form.submit()


def test_a_number_is_verified_step_by_step_before_the_first_fax(
    enter: Enter, handoff_id: int, database: Database, cast: Cast
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(f"/handoffs/{handoff_id}/fax")
    assert not page.forms(f"/handoffs/{handoff_id}/fax")
    page = page.follow("FAX番号を確かめる")
    here = f"/organizations/{cast.office_id}/fax"
    wrong = page.form(here).fill(number=NUMBER, again="0770-00-0003").submit(422)
    assert "二度の入力が違います" in wrong.text
    page = wrong.form(here).fill(number=NUMBER, again=NUMBER).submit()
    page = page.form(f"{here}/call").fill(counterpart="事務 たろう").submit()
    response = visitor.fetch(f"{here}/test.pdf")
    assert response.mimetype == "application/pdf"
    with database.reading() as session:
        code = session.exec(select(FaxNumber.test_code)).one()
    assert "コードと違います" in page.form(f"{here}/test").fill(test_code="333333").submit(422).text
    page = page.form(f"{here}/test").fill(test_code=code.lower()).submit()
    assert "この番号にFAXを送れます" in page.text
    assert visitor.open(f"/handoffs/{handoff_id}/fax").forms(f"/handoffs/{handoff_id}/fax")


@pytest.mark.usefixtures("number")
def test_a_region_may_ask_for_a_second_person(
    app: Flask,
    enter: Enter,
    handoff_id: int,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = replace(app.extensions["tsunagi"], fax_second_person=True)
    monkeypatch.setitem(app.extensions, "tsunagi", desk)
    here = f"/organizations/{cast.office_id}/fax"
    page = enter("ward_nurse").open(here)
    assert "別の方が行います" in page.form(f"{here}/second").submit(403).text
    page = enter("social_worker").open(here).form(f"{here}/second").submit()
    assert "この番号にFAXを送れます" in page.text
    assert "準備しました" in prepare(enter("ward_nurse"), handoff_id).text


@pytest.mark.usefixtures("number")
def test_the_machines_word_is_one_tap_and_failure_is_on_the_lists(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    page = prepare(enter("ward_nurse"), handoff_id)
    page = tap(page, "話中だった")
    assert sending(database).state is FaxState.BUSY
    for where in ("/worklist", "/stays"):
        listed = enter("discharge_nurse").open(where)
        assert "送れていないFAX" in listed.text
        assert NUMBER in listed.text
    page = tap(page, "届いた（送信OK）")
    assert "送れていないFAX" not in enter("ward_nurse").open("/worklist").text
    with database.reading() as session:
        assert session.get_one(Handoff, handoff_id).delivered_at == NOW


@pytest.mark.usefixtures("number")
def test_what_was_told_otherwise_leaves_the_list(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    tap(prepare(enter("ward_nurse"), handoff_id), "送れなかった")
    listed = enter("ward_nurse").open("/worklist")
    done = listed.form(f"/faxes/{sending(database).id}/settle").submit()
    assert "送れていないFAX" not in done.text


@pytest.mark.usefixtures("number")
def test_a_double_click_prepares_one_fax(enter: Enter, handoff_id: int, database: Database) -> None:
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/fax")
    form = page.form(f"/handoffs/{handoff_id}/fax")
    form.submit()
    form.submit()
    assert sending(database).state is FaxState.PREPARED


@pytest.mark.usefixtures("number")
def test_the_papers_are_a_pdf_whose_name_names_nobody(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    prepare(enter("ward_nurse"), handoff_id)
    one = sending(database)
    response = enter("ward_nurse").fetch(f"/faxes/{one.id}/papers.pdf")
    assert response.data.startswith(b"%PDF")
    assert one.code in response.headers["Content-Disposition"]
    assert MARK not in response.headers["Content-Disposition"]
    enter("other_nurse").open(f"/faxes/{one.id}/papers.pdf", 404)
    enter("care_manager").open(f"/faxes/{one.id}/papers.pdf", 404)


@pytest.mark.usefixtures("number")
def test_the_cover_says_whom_to_ring_and_when(
    enter: Enter, handoff_id: int, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        nurse = session.get_one(Staff, cast.ward_nurse.staff_id)
        nurse.direct_line, nurse.reachable = "000-0000-0007", "9:00–16:00"
    prepare(enter("ward_nurse"), handoff_id)
    response = enter("ward_nurse").fetch(f"/faxes/{sending(database).id}/papers.pdf")
    cover = PdfReader(BytesIO(response.data)).pages[0].extract_text()
    assert cast.ward_nurse.name in unicodedata.normalize("NFKC", cover)
    assert re.search(r"000.0000.0007\s*9:00.16:00", cover)


@pytest.mark.usefixtures("number")
def test_the_code_of_the_slip_shows_whose_it_is_and_closes_the_loop(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    prepare(enter("ward_nurse"), handoff_id)
    code = sending(database).code
    page = enter("social_worker").open("/slips")
    page = page.form("/slips").fill(code=code.lower()).submit()
    assert MARK in page.text
    wrong = page.form("/slips").submit(422)
    assert "返信の内容を選んでください" in wrong.text
    page = wrong.form("/slips").fill(answer="received").submit()
    assert "受領確認済みです" in page.text
    with database.reading() as session:
        found = session.get_one(Handoff, handoff_id)
        assert (found.confirmed_at, found.confirmed_by is not None) == (NOW, True)
        stay_id = found.stay_id
    history = enter("ward_nurse").open(f"/stays/{stay_id}")
    assert "FAXの返信のコードを入力した" in history.text


@pytest.mark.usefixtures("number")
def test_a_code_that_was_scanned_stands_there_already(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    prepare(enter("ward_nurse"), handoff_id)
    code = sending(database).code
    assert MARK in enter("ward_nurse").open(f"/slips/{code}").text
    other = enter("other_nurse").open(f"/slips/{code}")
    assert "この病院にはありません" in other.text
    assert MARK not in other.all_text
    assert "入れ替わっています" in enter("ward_nurse").open("/slips/K7RT4N").text


@pytest.mark.usefixtures("number")
def test_a_slip_that_names_another_office_declines_and_leads_to_who_is_next(
    enter: Enter, handoff_id: int, database: Database, cast: Cast
) -> None:
    prepare(enter("ward_nurse"), handoff_id)
    page = enter("ward_nurse").open(f"/slips/{sending(database).code}")
    wrong = page.form("/slips").fill(answer="declined").submit(422)
    assert "担当ではない理由を選んでください" in wrong.text
    suggested = str(cast.outsider_office_id)
    form = wrong.form("/slips").fill(reason="changed_office", suggested=suggested)
    page = form.submit()
    assert page.path == f"/handoffs/{handoff_id}/reroute"
    assert page.form(page.path).value("organization") == suggested
    assert sending(database).state is FaxState.REPLIED
    with database.reading() as session:
        found = session.get_one(Handoff, handoff_id)
        assert (found.declined_at, found.confirmed_at) == (NOW, None)
        (row,) = session.exec(select(Decline)).all()
    assert (row.organization_id, row.staff_id) == (cast.office_id, cast.ward_nurse.staff_id)
    moved = page.form(page.path).submit()
    assert moved.path.startswith("/stays/")


@pytest.mark.usefixtures("number")
def test_another_reply_leads_to_the_stay(enter: Enter, handoff_id: int, database: Database) -> None:
    prepare(enter("ward_nurse"), handoff_id)
    page = enter("ward_nurse").open(f"/slips/{sending(database).code}")
    page = page.form("/slips").fill(answer="replied").submit()
    assert page.path.startswith("/stays/")
    assert "返信があったことを記録しました" in page.text


@pytest.mark.usefixtures("number")
def test_similar_names_are_shown_and_must_be_looked_at(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    with database.writing() as session:
        session.add(
            Organization(
                kind=OrganizationKind.CARE_SUPPORT_OFFICE,
                region="mihon",
                name="見本ケアプランセンター",
                municipality="となり町",
            )
        )
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/fax")
    assert "似た名前の機関が1件あります" in page.text
    assert "となり町" in page.text
    form = page.form(f"/handoffs/{handoff_id}/fax")
    assert "確かめて選んでください" in form.submit(422).text
    assert "準備しました" in form.fill(seen_alike="yes").submit().text


@pytest.mark.usefixtures("number")
def test_nothing_is_prepared_where_nothing_may_be_told(
    enter: Enter, handoff_id: int, database: Database
) -> None:
    with database.writing() as session:
        stay = session.exec(select(Stay)).one()
        session.get_one(Patient, stay.patient_id).whereabouts_hidden = True
    page = enter("ward_nurse").open(f"/handoffs/{handoff_id}/fax")
    assert "電話で直接伝えてください" in page.text
    assert not page.forms(f"/handoffs/{handoff_id}/fax")


@pytest.mark.usefixtures("number")
def test_with_a_server_the_fax_goes_into_the_outbox(
    app: Flask,
    enter: Enter,
    handoff_id: int,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = replace(app.extensions["tsunagi"], fax_gateway=True)
    monkeypatch.setitem(app.extensions, "tsunagi", desk)
    assert "FAXサーバーに渡します" in prepare(enter("ward_nurse"), handoff_id).text
    with database.reading() as session:
        assert session.exec(select(Message.purpose)).one() is Purpose.FAX


def test_offices_have_no_part_in_it(enter: Enter, handoff_id: int, cast: Cast) -> None:
    visitor = enter("care_manager")
    visitor.open(f"/handoffs/{handoff_id}/fax", 403)
    visitor.open(f"/organizations/{cast.office_id}/fax", 403)
    assert "この病院にはありません" in visitor.open("/slips/K7RTN4").text
