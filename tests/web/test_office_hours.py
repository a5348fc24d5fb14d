"""The page on which an organization writes down when it is open."""

from collections.abc import Callable

import pytest

from handoffs.database import Database
from handoffs.parties import Organization
from tests.people import Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
PAGE = "/office-hours"


@pytest.mark.parametrize("name", ["ward_nurse", "care_manager", "center_staff"])
def test_staff_reach_the_hours_of_their_own_organization(enter: Enter, name: str) -> None:
    visitor = enter(name)
    page = visitor.open("/worklist")
    assert page.links["営業日・営業時間"] == PAGE
    form = visitor.open(PAGE).form(PAGE)
    assert (form.value("mon_opens"), form.value("sat_opens")) == ("08:30", "")
    assert form.value("public_holidays") == "closed"


def test_a_health_centre_has_no_such_page(enter: Enter) -> None:
    enter("health_officer").open(PAGE, 403)


def test_what_is_written_down_stands_there_next_time(
    enter: Enter, database: Database, cast: Cast
) -> None:
    visitor = enter("care_manager")
    page = (
        visitor.open(PAGE)
        .form(PAGE)
        .fill(
            sat_opens="9:00",
            sat_closes="1200",
            public_holidays="open",
            closed="R8.12.29〜R9.1.3\n2027-05-01\n",
        )
        .submit()
    )
    assert "営業日・営業時間を登録しました" in page.text
    form = page.form(PAGE)
    assert (form.value("sat_opens"), form.value("sat_closes")) == ("09:00", "12:00")
    assert form.value("closed").split() == ["R8.12.29〜R9.1.3", "R9.5.1"]
    with database.reading() as session:
        office = session.get_one(Organization, cast.office_id)
        assert office.hours["sat"] == "09:00-12:00"
        assert office.open_on_public_holidays
        assert len(office.closed_days) == 7


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mon_closes", "8:00", "閉まる時刻を"),
        ("mon_closes", "", "両方を入力"),
        ("mon_opens", "朝", "時刻として読めません"),
        ("closed", "R8.12.29〜R8.12.1", "1行目"),
        ("closed", "年末", "1行目"),
        ("closed", "R8.12.29\n32日", "2行目"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    enter: Enter, field: str, value: str, words: str
) -> None:
    form = enter("care_manager").open(PAGE).form(PAGE).fill(**{field: value})
    page = form.submit(422)
    assert words in page.errors[field]
    assert page.form(PAGE).value(field).split() == value.split()


def test_a_colleague_who_was_faster_is_shown_and_the_second_click_counts(enter: Enter) -> None:
    slow = enter("colleague").open(PAGE).form(PAGE)
    enter("care_manager").open(PAGE).form(PAGE).fill(sat_opens="9:00", sat_closes="12:00").submit()
    page = slow.fill(sun_opens="9:00", sun_closes="12:00").submit(409)
    assert "先にこの記録を変更しました" in page.errors["seen"]
    assert page.form(PAGE).value("sun_opens") == "9:00"
    page = page.form(PAGE).submit()
    assert page.form(PAGE).value("sun_closes") == "12:00"


def test_an_organization_without_hours_is_told_how_days_are_counted(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).hours = {}
    page = enter("care_manager").open(PAGE)
    assert "まだ入力されていません" in page.text
    assert "祝日でない月曜から金曜まで" in page.text
