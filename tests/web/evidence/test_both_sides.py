"""Each house opens its own year of differing records; a health centre has no such page."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.rates.month_company import settle_companies
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from tests.conftest import MARK
from tests.factories import make_statement, make_stay
from tests.people import NOW, REGION, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def differing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(
            session, cast, admitted_on=date(2026, 5, 1), discharged_on=date(2026, 5, 20),
            destination=Destination.HOME,
        )  # fmt: skip
        make_statement(session, stay, Side.HOSPITAL, Result.TALKED, on=date(2026, 5, 9))
        make_statement(session, stay, Side.PLAN_OFFICE, Result.NOTHING_HEARD)
        for month in (5, 6):
            settle_companies(session, REGION, NOW.replace(month=month))


@pytest.mark.usefixtures("differing")
def test_both_houses_see_the_line_of_the_other_and_nobody_by_name(
    enter: Enter, database: Database
) -> None:
    page = (
        enter("social_worker").open("/evidence/2026").follow("双方の記録の突き合わせ（食い違う率）")
    )
    assert page.path == "/evidence/both-sides/2026"
    assert "見本ケアプランセンター 1件 1件 100.0%" in page.text
    office = enter("care_manager").open("/evidence/both-sides/2026")
    assert "見本中央病院 1件 1件 100.0%" in office.text
    assert MARK not in page.response.text + office.response.text
    assert "見本ケアプランセンター" not in enter("other_nurse").open(page.path).text
    assert "示しません" in enter("outsider").open(page.path).text
    enter("health_officer").open("/evidence/both-sides/2026", 403)
    page.visitor.open("/evidence/both-sides/1999", 404)
    with database.reading() as session:
        read = session.exec(select(Event).where(col(Event.act) == Act.EVIDENCE_READ)).all()
    assert len(read) == 5
