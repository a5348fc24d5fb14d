"""The region in the hands of its health centre: who takes part, and what it decided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.fax.number import FaxNumber
from handoffs.history import Act, Event
from handoffs.parties import Organization, Staff
from handoffs.region.joining import MOST_OPEN, WAITS, JoiningRequest, purge_requests
from tests.people import NOW, REGION, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
ASKED = {
    "kind": "care_support_office",
    "name": "あたらしいケアプラン",
    "kana": "あたらしいけあぷらん",
    "telephone": "０７７０−００−０００９",
    "person": "新規 ひろし",
    "role": "care_manager",
}


def ask(stranger: Visitor, status: int = 200, **changes: str) -> Page:
    return stranger.open("/join").form("/join").fill(**{**ASKED, **changes}).submit(status)


def acts(database: Database) -> list[tuple[Act, dict[str, object]]]:
    with database.reading() as session:
        events = session.exec(select(Event).where(Event.act.like("region:%"))).all()  # type: ignore[attr-defined]
        return [(event.act, dict(event.detail)) for event in events]


def test_an_office_asks_and_is_let_in_with_one_person_and_a_code_that_is_shown_once(
    enter: Enter, stranger: Visitor, database: Database
) -> None:
    form = stranger.open("/join").form("/join").fill(**ASKED)
    assert "申し込みを受け付けました" in form.submit().text
    form.submit()  # A double click asks once.
    officer = enter("health_officer")
    page = officer.open("/area")
    assert "参加の申し込み 1件" in page.text
    assert "0770-00-0009" in page.text
    with database.reading() as session:
        assert (
            session.exec(select(Organization).where(Organization.name == ASKED["name"])).all() == []
        )
        request_id = session.exec(select(JoiningRequest.id)).one()
    button = page.form(f"/area/requests/{request_id}/admitted")
    page = button.submit()
    assert "いまだけ表示します" in page.text
    assert button.submit().path == "/area"
    with database.reading() as session:
        made = session.exec(select(Organization).where(Organization.name == ASKED["name"])).one()
        staff = session.exec(select(Staff).where(Staff.organization_id == made.id)).one()
    assert (made.region, made.kana) == (REGION, "アタラシイケアプラン")
    assert staff.sign_in_name in page.text
    assert "参加の申し込み 0件" in officer.open("/area").text
    lost = f"/area/organizations/{made.id}/first-code"
    page = officer.open(f"/area/organizations/{made.id}").form(lost).submit()
    assert "いまだけ表示します" in page.text
    (told,) = [detail for act, detail in acts(database) if act is Act.REGION_ADMIT]
    assert told["organization"] == made.id


def test_a_request_is_checked_beside_its_fields_refused_and_never_flooded(
    enter: Enter, stranger: Visitor, database: Database
) -> None:
    assert set(ask(stranger, 422, telephone="でんわ", role="ward_nurse", name="").errors) == {
        "name",
        "telephone",
    }
    assert set(ask(stranger, 422, role="ward_nurse").errors) == {"role"}
    ask(stranger, name="見本ケアプランセンター")
    officer = enter("health_officer")
    page = officer.open("/area")
    assert "名前か番号が同じ機関が、もう登録されています" in page.text
    assert "30日以上お待ちです" not in page.text
    action = next(f.action for f in page.forms() if f.action.endswith("/refused"))
    page = page.form(action).submit()
    assert "断りました" in page.text
    with database.writing() as session:
        one = session.exec(select(JoiningRequest)).one()
        kept = one.model_dump(exclude={"id", "form_digest", "settled_at", "settled_by"})
        for number in range(MOST_OPEN):
            session.add(JoiningRequest(form_digest=f"{number:064}", **kept))
    assert "電話で知らせてください" in ask(stranger, 429).text
    with database.writing() as session:
        assert purge_requests(session, NOW + WAITS + timedelta(days=1)) == MOST_OPEN
    assert [act for act, _ in acts(database)].count(Act.REGION_LAPSE) == MOST_OPEN
    assert "受け付けました" in ask(stranger).text


def test_a_corrected_fax_number_locks_what_a_hospital_had_verified(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        office = session.get_one(Organization, cast.office_id)
        office.fax = "0770-00-0002"
        session.add(
            FaxNumber(
                hospital_id=cast.hospital_id,
                organization_id=cast.office_id,
                number="0770-00-0002",
                directory="0770-00-0002",
                test_code="K7RTN4",
                recorded_at=NOW,
                recorded_by=cast.ward_nurse.person_id,
                called_on=NOW.date(),
                tested_at=NOW,
            )
        )
    officer, path = enter("health_officer"), f"/area/organizations/{cast.office_id}"
    form = officer.open(path).form(path).fill(fax="0770-00-0003", kana="ミホンケアプラン")
    assert "確かめるまで、この機関にFAXは送れません" in form.submit().text
    with database.reading() as session:
        office = session.get_one(Organization, cast.office_id)
        number = session.exec(select(FaxNumber)).one()
        assert not number.is_verified(office, second_person=False)
    assert acts(database) == [
        (Act.REGION_CORRECT, {"organization": cast.office_id, "fields": "kana,fax"})
    ]
    stale = officer.open(path).form(path).fill(name="べつの名前")
    other = officer.open(path).form(path).fill(name="さきの名前")
    other.submit()
    assert set(stale.submit(409).errors) == {"seen"}


def test_the_region_enters_hours_and_stops_an_account_at_once(
    enter: Enter, database: Database, cast: Cast
) -> None:
    nurse, officer = enter("other_nurse"), enter("health_officer")
    path = f"/area/organizations/{cast.other_hospital_id}"
    form = officer.open(f"{path}/hours").form(f"{path}/hours").fill(sat_opens="9", sat_closes="12")
    assert "営業日・営業時間を登録しました" in form.submit().text
    with database.reading() as session:
        hospital = session.get_one(Organization, cast.other_hospital_id)
        assert hospital.hours["sat"] == "09:00-12:00"
    person = f"{path}/people/{cast.other_nurse.staff_id}"
    page = officer.open(path).form(person).submit()
    assert "止めています" in page.text
    assert nurse.open("/stays").path == "/sign-in"
    page = page.form(person).submit()
    assert "番号で、入り直してもらってください" in page.text
    page = officer.open("/area")
    assert "職員を止めた・戻した 見本東病院" in " ".join(page.text.split())


@pytest.mark.parametrize("name", ["ward_nurse", "care_manager", "center_staff"])
def test_nobody_but_the_health_centre_administers(enter: Enter, cast: Cast, name: str) -> None:
    visitor = enter(name)
    visitor.open("/area", 403)
    visitor.open("/area/policies", 403)
    visitor.open("/region/handover", 403)
    visitor.open(f"/area/organizations/{cast.office_id}", 403)


def test_an_organization_of_another_region_looks_like_none(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).region = "elsewhere"
    officer = enter("health_officer")
    officer.open(f"/area/organizations/{cast.office_id}", 404)
    officer.open(f"/area/organizations/{cast.office_id}/hours", 404)
