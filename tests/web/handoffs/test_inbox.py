"""The care manager's morning: what ends today comes first, and an answer is one tap."""

from collections.abc import Callable
from datetime import date, time, timedelta

import time_machine
from sqlmodel import select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.passing import send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.statement import Means, Result
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty, Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, talked
from tests.people import NAMES, NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def client(database: Database, library: Library, cast: Cast, name: str, admitted_on: date) -> int:
    plan = PlanEntry(
        status=PlanStatus.ASSIGNED,
        organization_id=cast.office_id,
        care_manager_name=NAMES["care_manager"],
    )
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            name=f"{MARK} {name}",
            plan=plan,
            admitted_on=admitted_on,
            admitted_time=time(9, 0),
        )
        return stay.id


def test_the_fee_that_ends_today_comes_before_a_nearer_day_of_the_region(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    client(database, library, cast, "早子", date(2026, 11, 16))  # Region: until 11/22; no fee.
    client(database, library, cast, "今子", date(2026, 11, 20))  # Fee (Ⅰ): today.
    page = enter("care_manager").open("/worklist")
    assert page.text.index(f"{MARK} 今子") < page.text.index(f"{MARK} 早子")
    assert "今日のうちに 1人" in page.text


def test_a_receipt_is_one_tap_and_leaves_the_list_where_it_was(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = client(database, library, cast, "花子", date(2026, 11, 20))
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        sent = talked(means=Means.FAX, result=Result.SENT)
        send(session, stay, notice, sent, by=cast.ward_nurse, now=NOW)
        handoff_id = notice.id
    page = enter("care_manager").open("/worklist")
    assert page.links["支援経過に写す文"].startswith(f"/stays/{stay_id}/text#")
    page = page.form(f"/handoffs/{handoff_id}/confirm").submit()
    assert page.path == "/worklist"
    assert "受領を確認しました" in page.text


def test_a_moved_discharge_is_new_until_one_tap_and_new_again_when_it_moves_again(
    enter: Enter,
    database: Database,
    library: Library,
    cast: Cast,
    clock: time_machine.Traveller,
) -> None:
    stay_id = client(database, library, cast, "花子", date(2026, 11, 20))

    def move(day: date) -> None:
        with database.writing() as session:
            stay = session.get_one(Stay, stay_id)
            entry = PlannedDischargeEntry(
                planned_discharge_on=day,
                planned_certainty=PlannedCertainty.FIXED,
                version=stay.version,
            )
            plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)

    visitor = enter("care_manager")
    assert "【新】" not in visitor.open("/worklist").text
    move(date(2026, 12, 1))
    move(date(2026, 12, 3))
    page = visitor.open("/worklist")
    assert "12/1(火) → 12/3(木)" in " ".join(page.text.split())
    page = page.form(f"/stays/{stay_id}/date-seen").press("変更を確かめた")
    assert "【新】" not in page.text
    colleague = enter("colleague").open("/worklist").form("/colleagues")
    assert "【新】" in colleague.press("事業所全体を表示する").text
    move(date(2026, 12, 4))
    assert "12/3(木) → 12/4(金)" in " ".join(visitor.open("/worklist").text.split())
    clock.move_to(NOW + timedelta(days=15))
    assert "【新】" not in enter("care_manager").open("/worklist").text
    assert "【新】" not in enter("ward_nurse").open("/worklist").text
    with database.reading() as session:
        seen = session.exec(select(Event).where(Event.act == Act.STAY_DATE_SEEN)).all()
    assert [event.stay_id for event in seen] == [stay_id]
