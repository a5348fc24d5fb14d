"""The page of texts to paste: read-only fields, written down before it is shown."""

from collections.abc import Callable

from sqlmodel import select

from handoffs.database import Database
from handoffs.history import Act, Event
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_each_text_stands_in_a_field_that_can_only_be_read(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    page = enter("ward_nurse").open(f"/stays/{stay_id}").follow("貼り付け用の文")

    fields = page.main.all("textarea")
    assert [field.get("id") for field in fields] == ["text-chart", "text-mcs"]
    assert all("readonly" in field.attributes for field in fields)
    assert MARK in fields[0].text
    assert MARK not in fields[1].text
    with database.reading() as session:
        read = session.exec(select(Event).where(Event.act == Act.STAY_TEXT)).one()
    assert (read.stay_id, read.detail) == (stay_id, {"network": True})


def test_the_board_shows_the_strip_of_light_cases_to_the_hospital_alone(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast)

    assert "連携室がまだ関わっていない" in enter("ward_nurse").open("/stays").text
    assert "連携室がまだ関わっていない" not in enter("care_manager").open("/stays").text
