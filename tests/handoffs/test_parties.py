from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.database import Database
from handoffs.parties import (
    HOSPITAL_ROLES,
    PLANNING_KINDS,
    PLANNING_ROLES,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    WardKind,
    actor_of,
    as_choices,
    centers,
    check_digit,
    closed_dates,
    number_looks_wrong,
    organizations_by_id,
    planning_organizations,
    staff_of,
    ward_or_none,
    wards_of,
)
from tests.people import REGION, Cast

DIGITS = st.text(alphabet="0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("011011371", 9),
        ("3312001", 5),
        ("000000000", 0),
        # A is 10 and doubled gives 20, whose digits add up to 2.
        ("A", 8),
        # H is 17, J is 18: I is left out.
        ("H", 3),
        ("J", 1),
        ("JA", 9),
    ],
)
def test_check_digits_follow_the_published_method(body: str, digit: int) -> None:
    assert check_digit(body) == digit


@given(DIGITS, st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(body: str, place: int, by: int) -> None:
    right = body + str(check_digit(body))
    wrong = f"{body[:place]}{(int(body[place]) + by) % 10}{body[place + 1 :]}{right[-1]}"
    assert not number_looks_wrong(right)
    assert number_looks_wrong(wrong)


@pytest.mark.parametrize(
    "number", ["", "1", "0110113710", "011011371", "01101137199", "I110113719", "011011371X"]
)
def test_a_number_that_cannot_be_right_looks_wrong_and_raises_nothing(number: str) -> None:
    assert number_looks_wrong(number)


def test_every_closed_list_has_a_japanese_word_for_every_code() -> None:
    for member in (*OrganizationKind, *WardKind, *Role):
        assert member.label
        assert not member.label.isascii()


def test_each_role_is_a_hospitals_or_an_offices_or_the_health_centres() -> None:
    assert {*HOSPITAL_ROLES, *PLANNING_ROLES, Role.HEALTH_OFFICER} == set(Role)
    assert {kind for kind in OrganizationKind if kind.plans_care} == set(PLANNING_KINDS)


def test_an_actor_knows_the_house_but_not_the_password(cast: Cast) -> None:
    nurse = cast.ward_nurse
    assert (nurse.organization, nurse.region, nurse.ward_id) == (
        "見本中央病院",
        REGION,
        cast.ward_id,
    )
    assert nurse.is_hospital
    assert not nurse.plans_care
    assert cast.center_staff.plans_care
    assert not cast.health_officer.plans_care
    assert not hasattr(nurse, "password_hash")


def test_an_account_that_ended_or_never_was_is_no_actor(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.get_one(Staff, cast.colleague.staff_id).active = False
    with database.reading() as session:
        assert actor_of(session, cast.colleague.person_id) is None
        assert actor_of(session, 999_999) is None
        again = actor_of(session, cast.care_manager.person_id, with_colleagues=True)
        assert again is not None
        assert again.with_colleagues


def test_lists_of_offices_stand_in_kana_order_and_hold_planners_only(
    database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        planners = planning_organizations(session, REGION)
        assert [o.kana for o in planners] == sorted(o.kana for o in planners)
        assert {o.kind for o in planners} == set(PLANNING_KINDS)
        assert [o.id for o in centers(session, REGION)] == [
            o.id for o in planners if o.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER
        ]
        assert planning_organizations(session, "elsewhere") == []
        assert (
            cast.multifunctional_id,
            "小規模多機能みほん（小規模多機能型居宅介護）",
        ) in as_choices(planners)


def test_organizations_are_looked_up_by_id(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        assert organizations_by_id(session, set()) == {}
        found = organizations_by_id(session, {cast.office_id, cast.center_id, 999_999})
        assert set(found) == {cast.office_id, cast.center_id}


def test_a_hospital_reaches_its_own_wards_only(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        assert [w.id for w in wards_of(session, cast.hospital_id)] == [
            cast.ward_id,
            cast.other_ward_id,
        ]
        found = ward_or_none(session, cast.hospital_id, cast.other_ward_id)
        assert found is not None
        assert found.name == "4階西"
        assert ward_or_none(session, cast.hospital_id, cast.foreign_ward_id) is None
        assert ward_or_none(session, cast.hospital_id, 999_999) is None


def test_only_who_works_there_now_is_among_the_staff(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.get_one(Staff, cast.colleague.staff_id).active = False
    with database.reading() as session:
        assert [one.id for one in staff_of(session, cast.office_id)] == [cast.care_manager.staff_id]


def test_own_closed_days_are_days() -> None:
    closed = Organization(
        kind=OrganizationKind.HOSPITAL, region=REGION, name="x", closed_days=["2026-12-29"]
    )
    assert closed_dates(closed) == {date(2026, 12, 29)}


@pytest.mark.parametrize("of", [check_digit])
def test_a_letter_that_no_number_has_is_not_counted_as_something(of: Callable[[str], int]) -> None:
    for letter in "IOQ":
        with pytest.raises(ValueError, match="invalid literal"):
            of(letter)
