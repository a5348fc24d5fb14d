from collections.abc import Callable

from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event
from tests.forms.paper import text
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_a_nurse_has_the_kit_made_and_that_is_written_down(
    enter: Enter, database: Database
) -> None:
    answer = enter("ward_nurse").fetch("/downtime-kit.pdf")
    assert answer.mimetype == "application/pdf"
    name = answer.headers["Content-Disposition"]
    assert "downtime-kit-" in name
    shown = text(answer.data)
    assert "停止時用紙一式" in shown
    assert "連絡先の一覧" in shown
    with database.reading() as session:
        written = session.exec(select(Event).where(col(Event.act) == Act.DOWNTIME_KIT_MAKE)).all()
    assert len(written) == 1


def test_a_health_centre_that_reaches_no_stay_gets_no_kit(enter: Enter) -> None:
    assert enter("health_officer").client.get("/downtime-kit.pdf").status_code in {403, 404}
