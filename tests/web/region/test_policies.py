"""What a region decides on its page, and that pages and the clock go by it."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from sqlmodel import Session, select

from handoffs.calendars import NO_REST, calendar_of, rest_by
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.long_work import LongWork, WorkKind
from handoffs.parties import Organization
from handoffs.rates.month import closing_day
from handoffs.region.policy import Policy, closing_on, holds, policies_of
from handoffs.region.reach import access_days_of, reach_of
from handoffs.telling.mailbox import Reach
from rules import HandoffKind, Library
from scheduler.rest import recount_region
from scheduler.work import do_one
from tests.factories import admit_someone
from tests.people import NOW, REGION, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
PATH = "/area/policies"


@pytest.fixture(autouse=True)
def _no_rest_is_left() -> Iterator[None]:
    yield
    rest_by(NO_REST)


def decide(officer: Visitor, status: int = 200, **values: str) -> Page:
    return officer.open(PATH).form(PATH).fill(**values).submit(status)


def decisions(database: Database) -> dict[Policy, str]:
    with database.reading() as session:
        return policies_of(session, REGION)


def test_a_decision_holds_on_every_page_from_then_on_and_says_since_when_and_by_whom(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    path = f"/stays/{stay_id}/text"
    nurse, officer = enter("ward_nurse"), enter("health_officer")
    masked = "氏名の一部と年齢を伏せています"
    before = nurse.open(path).text.count(masked)
    page = decide(officer, paste_mcs="full")
    assert "地域の決めごとを変えました" in page.text
    assert "が決めました" in page.text
    assert nurse.open(path).text.count(masked) == before - 1
    assert decisions(database) == {Policy.PASTE_MCS: "full"}
    decide(officer, paste_mcs="none")
    assert "MCSなどの連携ネットワークに" not in nurse.open(path).text
    assert "変わったところはありませんでした" in decide(officer).text
    with database.reading() as session:
        events = session.exec(select(Event).where(Event.act == Act.REGION_POLICY)).all()
        assert [event.detail["value"] for event in events] == ["full", "none"]
    assert "この文を出さない" in officer.open("/area").text


def test_a_decision_holds_for_the_clock_too(enter: Enter, database: Database) -> None:
    officer = enter("health_officer")
    decide(
        officer,
        fax_second_person="yes",
        hospital_names="hidden",
        month_closes="12",
        beyond_office="yes",
        coordinator="ｃｈｏｕｓｅｉ＠example.jp",
        fax_use="no",
        office_access="90",
    )
    site = Reach(mail=True, fax=True)
    with database.reading() as session:
        assert closing_on(session, REGION, configured=None) == 12
        assert closing_on(session, "elsewhere", configured=None) is None
        assert holds(session, REGION, Policy.FAX_SECOND_PERSON, configured=False)
        assert not holds(session, REGION, Policy.HOSPITAL_NAMES, configured=True)
        assert holds(session, "elsewhere", Policy.HOSPITAL_NAMES, configured=True)
        found = reach_of(session, REGION, site)
        assert (found.mail, found.fax, found.beyond_office) == (True, False, True)
        assert found.coordinator == "chousei@example.jp"
        assert reach_of(session, "elsewhere", site) == site
        assert access_days_of(session, REGION, configured=0) == 90
        assert access_days_of(session, "elsewhere", configured=7) == 7
        event = session.exec(select(Event).where(Event.act == Act.REGION_POLICY)).all()[-1]
        assert "example" not in str(event.detail)


def test_without_fax_nothing_offers_it_or_takes_it(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
        query = select(Handoff.id).where(
            Handoff.stay_id == stay_id, Handoff.kind == HandoffKind.ADMISSION_NOTICE
        )
        handoff_id = session.exec(query).one()
    nurse, officer = enter("ward_nurse"), enter("health_officer")
    assert "FAXで送る" in nurse.open(f"/stays/{stay_id}").text
    decide(officer, fax_use="no")
    assert "FAXで送る" not in nurse.open(f"/stays/{stay_id}").text
    page = nurse.open(f"/handoffs/{handoff_id}/fax")
    assert "この地域では、FAXを使わないことに決めています" in page.text


def test_what_cannot_be_read_stands_beside_its_field_and_nothing_typed_is_lost(
    enter: Enter, database: Database
) -> None:
    officer = enter("health_officer")
    page = decide(officer, 422, coordinator="調整役さん", closed_days="お盆", link_days="3")
    assert set(page.errors) == {"coordinator", "closed_days"}
    page = decide(officer, 422, coordinator="調整役さん", closed_days="R9.8.13", link_days="3")
    assert set(page.errors) == {"coordinator"}
    form = page.form(PATH)
    assert form.value("coordinator") == "調整役さん"
    assert form.value("closed_days") == "R9.8.13"
    assert form.value("link_days") == "3"
    assert decisions(database) == {}
    form.fill(coordinator="").submit()
    assert decisions(database)[Policy.CLOSED_DAYS] == "2027-08-13"


def test_two_people_do_not_overwrite_each_other_unseen(enter: Enter, database: Database) -> None:
    officer = enter("health_officer")
    stale = officer.open(PATH).form(PATH).fill(link_days="3")
    decide(officer, fax_name="initials")
    page = stale.submit(409)
    assert set(page.errors) == {"seen"}
    assert page.form(PATH).value("link_days") == "3"
    page.form(PATH).fill(fax_name="initials").submit()
    assert decisions(database) == {Policy.FAX_NAME: "initials", Policy.LINK_DAYS: "3"}


def test_the_regions_rest_closes_whoever_gave_no_hours_and_moves_what_is_due(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.hospital_id).hours = {}
        admit_someone(session, library, cast)
    officer = enter("health_officer")
    page = decide(officer, year_end="12-29_01-03", closed_days="R8.11.24〜R8.11.26")
    assert "順番を待っています" in page.text
    doing = {WorkKind.RECOUNT: partial(recount_region, lambda: NOW)}
    assert do_one(database, lambda: NOW, doing)
    assert "入院中の方の期限を数え直しました" in officer.open(PATH).text
    with database.reading() as session:
        assert session.exec(select(LongWork.result)).one() == {"looked_at": 1, "moved": 1}
    with database.reading() as session:
        hospital = session.get_one(Organization, cast.hospital_id)
        office = session.get_one(Organization, cast.office_id)
        days = [date(2026, 11, 25), date(2026, 12, 30), date(2027, 1, 4)]
        assert opened(session, None, days) == [False, False, True]
        hospital.hours, hospital.closed_days = {}, []
        assert opened(session, hospital, days) == [False, False, True]
        office.hours, office.closed_days = {"wed": "09:00-17:00"}, []
        assert opened(session, office, days[:2]) == [True, True]
    assert closing_day(date(2026, 11, 1)) == date(2026, 12, 28)
    page = officer.open("/region/handover")
    assert "地域の休みに入る（11月26日まで）" in page.text


def test_a_recount_that_stopped_is_asked_for_again_by_the_same_button(
    enter: Enter, database: Database
) -> None:
    def broken(*_: object) -> dict[str, object]:
        raise ValueError

    officer = enter("health_officer")
    for days in ("R8.11.24", "R8.11.25"):
        decide(officer, closed_days=days)
    assert do_one(database, lambda: NOW, {WorkKind.RECOUNT: broken})
    assert not do_one(database, lambda: NOW, {WorkKind.RECOUNT: broken})
    assert "途中で止まりました" in officer.open(PATH).text
    with database.reading() as session:
        (first,) = session.exec(select(LongWork.id)).all()
    officer.open(f"/backtests/{first}", 404)
    assert "順番を待っています" in decide(officer).text


def opened(session: Session, organization: Organization | None, days: list[date]) -> list[bool]:
    with session.no_autoflush:
        calendar = calendar_of(organization, days[0])
    return [calendar.is_open(day) for day in days]


def test_hours_begin_with_the_regions_rest_and_say_what_of_it_is_left_out(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for one, hours in ((cast.hospital_id, {}), (cast.office_id, {"tue": "09:00-17:00"})):
            organization = session.get_one(Organization, one)
            organization.hours, organization.closed_days = hours, []
    decide(enter("health_officer"), year_end="12-29_01-03")
    form = enter("ward_nurse").open("/office-hours").form("/office-hours")
    assert form.value("closed") == "R8.12.29〜R9.1.3\nR9.12.29〜R9.12.31"
    page = enter("care_manager").open("/office-hours")
    assert page.form("/office-hours").value("closed") == ""
    assert "地域の休みの日（R8.12.29、R9.12.28" not in page.text
    assert "地域の休みの日（R8.12.29）が、まだ休業日に入っていません" in page.text


def test_the_handover_shows_rules_decisions_and_a_note_that_stays(
    enter: Enter, database: Database
) -> None:
    officer = enter("health_officer")
    decide(officer, link_days="3")
    decide(officer, link_days="5")
    path = "/region/handover"
    page = officer.open(path)
    for words in ("いま残っていること", "これから一年の予定", "速報ができる", "数字が確定する"):
        assert words in page.text
    assert "サインインなしのリンクが使える日数: 3日" in page.text
    form = page.form(path).fill(note="7日を5日にしたのは、令和8年度の点検協議です。")
    page = form.submit()
    assert "7日を5日にしたのは" in page.text
    page.form(path).fill(note="書き換えました。").submit()
    with database.reading() as session:
        assert policies_of(session, REGION)[Policy.NOTE] == "書き換えました。"
    enter("ward_nurse").open(path, 403)
