"""The wards of a hospital in the hands of its region: added, corrected, closed, opened again."""

from collections.abc import Callable

from sqlmodel import select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Ward, WardKind, wards_of
from tests.factories import make_stay
from tests.people import Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_a_ward_is_added_renamed_closed_and_opened_again_and_each_change_is_written_down(
    enter: Enter, database: Database, cast: Cast
) -> None:
    officer = enter("health_officer")
    entry = officer.open(f"/area/organizations/{cast.hospital_id}")
    page = entry.follow("病棟を足す・直す・閉じる")
    action = f"/area/organizations/{cast.hospital_id}/wards"
    new = {"name": "5階南", "kind": "rehabilitation", "telephone": "０７７０－００－００５５"}
    assert set(page.form(action).fill(**{**new, "kind": ""}).submit(422).errors) == {"kind"}
    assert set(page.form(action).fill(**{**new, "name": "3階東"}).submit(422).errors) == {"name"}
    page = page.form(action).fill(**new).submit()
    assert "病棟を足しました" in page.text
    assert "5階南" in enter("ward_nurse").open("/stays/new").text
    with database.reading() as session:
        ward = session.exec(select(Ward).where(Ward.name == "5階南")).one()
    assert (ward.kind, ward.telephone) == (WardKind.REHABILITATION, "0770-00-0055")

    one = f"{action}/{ward.id}"
    officer = enter("health_officer")
    stale = officer.open(one).form(one).fill(name="5階北")
    page = officer.open(one).form(one).fill(name="5階西").submit()
    assert "病棟の登録を直しました" in page.text
    assert "だれかが" in stale.submit(409).text or stale.submit(409).errors
    page = officer.open(one).form(f"{one}/closed").submit()
    assert "閉じています" in page.text
    with database.reading() as session:
        assert "5階西" not in [each.name for each in wards_of(session, cast.hospital_id)]
    assert "5階西" not in enter("ward_nurse").open("/stays/new").text
    officer = enter("health_officer")
    again = officer.open(action).form(action).fill(**{**new, "name": "5階西"}).submit(422)
    assert "閉じた病棟に同じ名前があります" in again.text
    assert "また使えるように" in officer.open(one).form(f"{one}/closed").submit().text
    assert "病棟を足した・直した・閉じた" in officer.open("/area").text
    with database.reading() as session:
        told = session.exec(
            select(Event).where(Event.act == Act.REGION_WARDS).order_by(Event.id)  # type: ignore[arg-type]
        ).all()
    assert [event.detail["change"] for event in told] == ["added", "corrected", "closed", "opened"]


def test_somebody_in_a_closed_ward_keeps_it_and_no_other_house_has_wards(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = make_stay(session, cast).id
    officer = enter("health_officer")
    one = f"/area/organizations/{cast.hospital_id}/wards/{cast.ward_id}"
    officer.open(one).form(f"{one}/closed").submit()
    with database.reading() as session:
        name = session.get_one(Ward, cast.ward_id).name
    assert name in enter("discharge_nurse").open(f"/stays/{stay_id}/particulars").text
    assert name not in enter("discharge_nurse").open("/stays/new").text
    officer = enter("health_officer")
    officer.open(f"/area/organizations/{cast.office_id}/wards", 404)
    officer.open(f"/area/organizations/{cast.hospital_id}/wards/{cast.foreign_ward_id}", 404)
    enter("discharge_nurse").open(f"/area/organizations/{cast.hospital_id}/wards", 403)
