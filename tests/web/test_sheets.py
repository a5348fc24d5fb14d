"""The 入院時情報提供書: prefilled with what is known, written down before it is printed."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlmodel import select

from handoffs.database import Database
from handoffs.handed_over import HandedOver
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.statement import Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import NAMES, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def handoff_id(database: Database, library: Library, cast: Cast) -> int:
    """The care manager's admission information for the hospital."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast, name=f"{MARK} 髙橋", kana="シメイヒ タカ")
        return handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION).id


def words(body: bytes) -> str:
    pages = PdfReader(io.BytesIO(body)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_sheet_says_what_the_record_knows(enter: Enter, handoff_id: int) -> None:
    response = enter("care_manager").fetch(f"/handoffs/{handoff_id}/sheet.pdf")
    assert response.mimetype == "application/pdf"
    text = words(response.data)
    for known in (f"{MARK}髙橋", "シメイヒタカ", "見本中央病院", "3階東", "見本ケアプランセンター"):
        assert known in text
    assert "".join(NAMES["care_manager"].split()) in text


def test_the_file_name_names_nobody(enter: Enter, handoff_id: int) -> None:
    response = enter("care_manager").fetch(f"/handoffs/{handoff_id}/sheet.pdf")
    name = response.headers["Content-Disposition"]
    assert name.startswith("inline")
    assert name.isascii()


def test_printing_is_written_down(
    enter: Enter, database: Database, handoff_id: int, cast: Cast
) -> None:
    enter("care_manager").fetch(f"/handoffs/{handoff_id}/sheet.pdf")
    with database.reading() as session:
        event = session.exec(select(Event).where(Event.act == Act.HANDOFF_SHEET)).one()
        assert event.staff_id == cast.care_manager.staff_id
        assert event.detail == {"handoff": handoff_id}


@pytest.mark.parametrize(
    ("name", "status"), [("outsider", 404), ("other_nurse", 404), ("health_officer", 403)]
)
def test_nobody_else_prints_it(enter: Enter, handoff_id: int, name: str, status: int) -> None:
    page = enter(name).open(f"/handoffs/{handoff_id}/sheet.pdf", status)
    assert MARK not in page.all_text


def sent_with_sheet(enter: Enter, handoff_id: int) -> Page:
    """Send the sheet as it is now and come back to the page of the stay."""
    page = enter("care_manager").open(f"/handoffs/{handoff_id}/send")
    form = page.forms(f"/handoffs/{handoff_id}/send")[1]
    return form.fill(outcome="fax-sent", with_sheet="yes").submit()


def test_what_was_handed_over_prints_the_same_although_the_record_moved_on(
    enter: Enter, database: Database, handoff_id: int
) -> None:
    visitor = enter("care_manager")
    seen = words(visitor.fetch(f"/handoffs/{handoff_id}/sheet.pdf").data)
    page = sent_with_sheet(enter, handoff_id)
    (path,) = (href for href in page.links.values() if "/handed-over/" in href)
    before = visitor.fetch(path).data
    assert words(before) == seen
    with database.writing() as session:
        stay = session.get_one(Stay, session.get_one(Handoff, handoff_id).stay_id)
        session.get_one(Patient, stay.patient_id).name = f"{MARK} 別名"
    assert visitor.fetch(path).data == before
    assert words(visitor.fetch(f"/handoffs/{handoff_id}/sheet.pdf").data) != seen
    assert enter("ward_nurse").fetch(path).data == before
    with database.reading() as session:
        kept = session.exec(select(HandedOver)).one()
        statement = session.exec(select(Statement)).one()
        assert (statement.id, statement.sheet_digest) == (kept.statement_id, kept.digest)


def test_a_sheet_that_changed_since_the_page_was_opened_is_not_sent_unseen(
    enter: Enter, database: Database, handoff_id: int
) -> None:
    page = enter("care_manager").open(f"/handoffs/{handoff_id}/send")
    with database.writing() as session:
        stay = session.get_one(Stay, session.get_one(Handoff, handoff_id).stay_id)
        session.get_one(Patient, stay.patient_id).name = f"{MARK} 別名"
    form = page.forms(f"/handoffs/{handoff_id}/send")[1]
    again = form.fill(outcome="fax-sent", with_sheet="yes").submit(409)
    with database.reading() as session:
        assert session.exec(select(Statement)).all() == []
    again.forms(f"/handoffs/{handoff_id}/send")[1].submit()
    with database.reading() as session:
        assert MARK in session.exec(select(HandedOver)).one().content


def test_what_was_kept_hides_where_somebody_lives_from_the_moment_that_is_asked_for(
    enter: Enter, database: Database, handoff_id: int
) -> None:
    with database.writing() as session:
        stay = session.get_one(Stay, session.get_one(Handoff, handoff_id).stay_id)
        session.get_one(Patient, stay.patient_id).address = "見本市一丁目"
    page = sent_with_sheet(enter, handoff_id)
    (path,) = (href for href in page.links.values() if "/handed-over/" in href)
    assert "見本市一丁目" in words(enter("care_manager").fetch(path).data)
    with database.writing() as session:
        session.get_one(Patient, stay.patient_id).whereabouts_hidden = True
    assert "見本市一丁目" not in words(enter("care_manager").fetch(path).data)


def test_other_handoffs_have_no_such_sheet(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    enter("care_manager").open(f"/handoffs/{notice}/sheet.pdf", 404)
