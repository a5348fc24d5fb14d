import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from handoffs.database import Database
from handoffs.parties import Organization, OrganizationKind, Role, Staff
from handoffs.plan_office import (
    PlanArrangement,
    PlanOffice,
    PlanStatus,
    arrangement_for,
    care_manager_named,
    plan_office_of,
    replace_plan_office,
)
from rules import VOCABULARY
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast


def test_the_codes_of_the_status_are_those_of_the_fact() -> None:
    assert {status.value for status in PlanStatus} == set(VOCABULARY["care_manager"].values)


@pytest.mark.parametrize(
    ("kind", "support_level", "delegated", "arrangement"),
    [
        ("care_support_office", False, False, PlanArrangement.OFFICE),
        ("care_support_office", True, False, PlanArrangement.DESIGNATED),
        ("care_support_office", True, True, PlanArrangement.DELEGATED),
        ("community_support_center", True, False, PlanArrangement.CENTER),
        ("community_support_center", False, False, PlanArrangement.CENTER),
        ("small_multifunctional", True, True, PlanArrangement.SMALL_MULTIFUNCTIONAL),
    ],
)
def test_the_first_guess_of_the_arrangement(
    kind: str,
    support_level: bool,  # noqa: FBT001 - a cell of a table.
    delegated: bool,  # noqa: FBT001 - a cell of a table.
    arrangement: PlanArrangement,
) -> None:
    organization = Organization(kind=OrganizationKind(kind), region=REGION, name="見本")
    via = 7 if delegated else None
    guess = arrangement_for(organization, support_level=support_level, via_center_id=via)
    assert guess is arrangement


def test_only_the_latest_row_counts_and_the_earlier_ones_stay(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        replace_plan_office(
            session, PlanOffice(stay_id=stay.id, status=PlanStatus.UNASSIGNED, recorded_at=NOW)
        )
    with database.reading() as session:
        current = plan_office_of(session, stay.id)
        assert current is not None
        assert current.status is PlanStatus.UNASSIGNED
        rows = session.exec(select(PlanOffice).where(PlanOffice.stay_id == stay.id)).all()
        assert sorted(row.superseded for row in rows) == [False, True]
        assert plan_office_of(session, 999_999) is None


def test_two_current_plan_offices_are_refused_by_the_database(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(PlanOffice(stay_id=stay.id, status=PlanStatus.UNKNOWN, recorded_at=NOW))


@pytest.mark.parametrize("typed", ["計画 そうた", "計画そうた", " 計画　そうた "])
def test_a_care_manager_is_found_by_the_exact_name_spaces_aside(
    database: Database, cast: Cast, typed: str
) -> None:
    with database.reading() as session:
        found = care_manager_named(session, cast.office_id, typed)
        assert found == cast.care_manager.staff_id


@pytest.mark.parametrize("typed", ["", "  ", "計画", "計画 そう", "部外 てつや", "%"])
def test_a_part_of_a_name_or_a_name_of_another_office_finds_nobody(
    database: Database, cast: Cast, typed: str
) -> None:
    with database.reading() as session:
        assert care_manager_named(session, cast.office_id, typed) is None


def test_two_care_managers_of_the_same_name_are_not_guessed_between(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.add(
            Staff(
                organization_id=cast.office_id,
                role=Role.CARE_MANAGER,
                name=cast.care_manager.name,
                sign_in_name="namesake",
                password_hash="x",
            )
        )
    with database.reading() as session:
        assert care_manager_named(session, cast.office_id, cast.care_manager.name) is None


def test_a_care_manager_who_left_the_office_is_not_found(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.get_one(Staff, cast.care_manager.staff_id).active = False
    with database.reading() as session:
        assert care_manager_named(session, cast.office_id, cast.care_manager.name) is None
