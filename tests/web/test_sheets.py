"""The 入院時情報提供書: prefilled with what is known, written down before it is printed."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlmodel import select

from handoffs.database import Database
from handoffs.history import Act, Event
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import NAMES, Cast
from tests.web.page import Visitor

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


def test_other_handoffs_have_no_such_sheet(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    enter("care_manager").open(f"/handoffs/{notice}/sheet.pdf", 404)
