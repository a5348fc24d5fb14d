"""Two people who put one discharge right: both texts side by side, and nothing typed is lost."""

from collections.abc import Callable

import pytest

from handoffs.database import Database
from handoffs.stays.stay import Destination, Stay
from rules import Library
from tests.factories import admit_someone, leave
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody who was in hospital for ten days and is registered as gone home."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast, admitted_on=NOW.date().replace(day=10))
        leave(session, library, cast, stay, now=NOW)
        return stay.id


def _page(enter: Enter, who: str, stay_id: int) -> Page:
    return enter(who).open(f"/stays/{stay_id}/discharge/correction")


def _stored(database: Database, stay_id: int) -> Stay:
    with database.reading() as session:
        return session.get_one(Stay, stay_id)


def test_different_fields_of_two_people_are_brought_together(
    enter: Enter, database: Database, stay_id: int
) -> None:
    address = f"/stays/{stay_id}/discharge/correction"
    late = _page(enter, "discharge_nurse", stay_id).form(address)
    first = _page(enter, "ward_nurse", stay_id).form(address)
    first.fill(discharged_on="R8.11.19", contacted="unknown").submit()
    late.fill(destination="nursing_home", contacted="unknown").submit()
    stay = _stored(database, stay_id)
    assert (stay.discharged_on, stay.destination) == (
        NOW.date().replace(day=19),
        Destination.NURSING_HOME,
    )


def test_the_same_field_is_asked_with_both_values_and_the_chosen_one_is_saved(
    enter: Enter, database: Database, stay_id: int
) -> None:
    address = f"/stays/{stay_id}/discharge/correction"
    late = _page(enter, "discharge_nurse", stay_id).form(address)
    first = _page(enter, "ward_nurse", stay_id).form(address)
    first.fill(destination="group_home", discharged_time="11:30", contacted="unknown").submit()
    page = late.fill(destination="nursing_home", contacted="no").submit(409)
    assert "グループホーム（" in page.text
    assert "特別養護老人ホーム（あなたの入力）" in page.text
    assert "自宅（住宅型有料老人ホーム・サ高住を含む）（変更の前）" in page.text
    assert _stored(database, stay_id).destination is Destination.GROUP_HOME
    page = page.form(address).submit(409)
    page.form(address).fill(going="nursing_home/").submit()
    stay = _stored(database, stay_id)
    assert stay.destination is Destination.NURSING_HOME
    assert str(stay.discharged_time) == "11:30:00"


def test_a_change_of_something_else_meanwhile_asks_nothing(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    address = f"/stays/{stay_id}/discharge/correction"
    late = _page(enter, "discharge_nurse", stay_id).form(address)
    particulars = enter("ward_nurse").open(f"/stays/{stay_id}/particulars")
    form = particulars.form(f"/stays/{stay_id}/particulars")
    form.fill(contact_staff_id=str(cast.social_worker.staff_id)).submit()
    late.fill(discharged_on="R8.11.19", contacted="unknown").submit()
    assert _stored(database, stay_id).discharged_on == NOW.date().replace(day=19)


def test_two_first_discharges_are_shown_side_by_side(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    address = f"/stays/{stay_id}/discharge"
    late = enter("discharge_nurse").open(address).form(address)
    first = enter("ward_nurse").open(address).form(address)
    first.fill(destination="home", contacted="unknown").submit()
    page = late.fill(destination="health_facility", contacted="no").submit(409)
    assert "介護老人保健施設（あなたの入力）" in page.text
    again = page.form(f"{address}/correction")
    again.fill(going="health_facility/").submit()
    assert _stored(database, stay_id).destination is Destination.HEALTH_FACILITY


def test_what_was_typed_stays_where_somebody_undid_the_discharge(
    enter: Enter, database: Database, stay_id: int
) -> None:
    address = f"/stays/{stay_id}/discharge/correction"
    late = _page(enter, "discharge_nurse", stay_id).form(address)
    undo = _page(enter, "ward_nurse", stay_id).form(f"/stays/{stay_id}/discharge/undo")
    undo.submit()
    page = late.fill(destination="nursing_home", contacted="no").submit(409)
    assert "いまは入院中です" in page.text
    page.form(f"/stays/{stay_id}/discharge").submit()
    assert _stored(database, stay_id).destination is Destination.NURSING_HOME
