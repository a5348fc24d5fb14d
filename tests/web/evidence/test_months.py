"""The month-end list on the screen and as CSV."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_an_office_comes_from_its_year_to_the_month_and_its_file(
    enter: Enter, database: Database
) -> None:
    visitor = enter("care_manager")
    page = visitor.open("/evidence").follow("月ごとの一覧（送った日・手段・加算の期間、CSV）")
    assert page.heading == "2026年11月に送った入院時の情報"
    assert "連絡・送付を記録" in page.text
    file = visitor.fetch(page.links["CSV（Excelで開けます）"])
    assert file.mimetype == "text/csv"
    assert file.data.startswith(b"\xef\xbb\xbf")
    with database.reading() as session:
        read = session.exec(select(Event).where(col(Event.act) == Act.EVIDENCE_READ)).all()
    assert len(read) == 3


@pytest.mark.parametrize("name", ["ward_nurse", "social_worker"])
def test_a_hospital_has_no_such_list(enter: Enter, name: str) -> None:
    enter(name).open("/evidence/months/2026-11", 404)


@pytest.mark.parametrize("month", ["2026-12", "2020-01"])
def test_a_month_that_is_not_offered_is_not_there(enter: Enter, month: str) -> None:
    enter("care_manager").open(f"/evidence/months/{month}", 404)
