"""Which offices have a line of their own is kept with the month: nobody who joins changes it."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from handoffs.accounts.account import account_of
from handoffs.accounts.password import UNUSABLE
from handoffs.database import Database
from handoffs.parties import Organization, Role, Staff
from handoffs.rates import of_month
from handoffs.rates.cuts import CUTS
from handoffs.rates.figures import Cut
from handoffs.rates.month_company import MonthCompany, companies_of, settle_companies
from handoffs.rates.office_lines import NOT_SETTLED, OTHERS
from handoffs.stays.stay import Destination
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
IN_DECEMBER = datetime(2026, 12, 1, 0, 1, tzinfo=NOW.tzinfo)


def _join(session: Session, office_id: int, word: str = "x", *, active: bool = True) -> Staff:
    """Somebody more works in an office."""
    one = Staff(
        sign_in_name=f"more-{office_id}-{word}", name="見本 職員", role=Role.CARE_MANAGER,
        organization_id=office_id, password_hash=word, active=active,
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def _settle(database: Database, now: datetime = NOW) -> tuple[date, ...]:
    with database.writing() as session:
        return settle_companies(session, REGION, now)


def _all_of_october(database: Database) -> tuple[date, ...]:
    """The clock looked while October ran, and in November."""
    _settle(database, NOW.replace(month=10))
    return _settle(database)


def _by_office(database: Database, month: date, now: datetime) -> Cut:
    with database.reading() as session:
        shown = of_month(
            session, REGION, month, region_name="", hospital_names=True, now=now,
            by=(CUTS["office"],),
        )  # fmt: skip
    return shown.measures[0].cuts[0]


@pytest.fixture
def stays(database: Database, cast: Cast) -> None:
    """Two of a large office and one of each small office left in October and in November."""
    with database.writing() as session:
        for month in (OCTOBER, NOVEMBER):
            for office in (
                cast.office_id, cast.office_id, cast.outsider_office_id, cast.multifunctional_id,
            ):  # fmt: skip
                make_stay(
                    session, cast, admitted_on=month, discharged_on=month + timedelta(days=9),
                    destination=Destination.HOME, organization_id=office,
                )  # fmt: skip


@pytest.mark.usefixtures("stays")
def test_a_month_has_no_lines_of_offices_before_it_is_settled(database: Database) -> None:
    cut = _by_office(database, OCTOBER, NOW)
    assert (cut.rows, cut.note) == ((), NOT_SETTLED)
    assert _all_of_october(database) == (OCTOBER, NOVEMBER)
    assert _settle(database) == ()
    assert [row.figure.of for row in _by_office(database, OCTOBER, NOW).rows] == [2, 2]
    with database.reading() as session:
        assert list(companies_of(session, REGION, [OCTOBER, NOVEMBER])) == [OCTOBER]


@pytest.mark.usefixtures("stays")
def test_who_joins_an_office_changes_no_line_of_a_month_that_is_over(
    database: Database, cast: Cast
) -> None:
    _all_of_october(database)
    before = _by_office(database, OCTOBER, NOW)
    with database.writing() as session:
        _join(session, cast.outsider_office_id)
    _settle(database)
    _settle(database, IN_DECEMBER)
    # The old line of the small offices less the new line of one would be the other's.
    assert _by_office(database, OCTOBER, IN_DECEMBER) == before
    # All through November it was not of two people.
    assert _by_office(database, NOVEMBER, IN_DECEMBER).rows == before.rows


def test_a_month_at_which_nobody_looked_while_it_ran_never_has_lines_of_offices(
    database: Database,
) -> None:
    assert _settle(database) == (NOVEMBER,)
    assert _settle(database, IN_DECEMBER) == (NOVEMBER, date(2026, 12, 1))
    assert _by_office(database, OCTOBER, IN_DECEMBER).note == NOT_SETTLED


@pytest.mark.usefixtures("stays")
def test_an_office_has_its_line_again_from_the_month_that_begins_with_two(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        _join(session, cast.outsider_office_id)
    _settle(database)
    with database.writing() as session:
        for one in session.exec(
            select(Staff).where(Staff.organization_id == cast.office_id).offset(1)
        ):
            one.active = False
    _settle(database)
    with database.writing() as session:
        for one in session.exec(select(Staff).where(Staff.organization_id == cast.office_id)):
            one.active = True
    _settle(database, IN_DECEMBER)
    rows = _by_office(database, NOVEMBER, IN_DECEMBER).rows
    # Who was one person for an hour has no line of its own in that month.
    assert [(row.label, row.figure.of) for row in rows] == [("事業所B", 1), (OTHERS, 3)]
    with database.reading() as session:
        row = session.get_one(MonthCompany, (REGION, date(2026, 12, 1)))
        assert {cast.office_id, cast.outsider_office_id} <= set(row.several)


def test_who_was_only_invited_and_who_has_an_emergency_account_are_not_counted(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        _join(session, cast.outsider_office_id, UNUSABLE)
        stranger = _join(session, cast.outsider_office_id)
        account_of(session, stranger.id).ends_at = NOW
        _join(session, cast.multifunctional_id, active=False)
    _settle(database)
    with database.reading() as session:
        small = {cast.outsider_office_id, cast.multifunctional_id}
        row = session.get_one(MonthCompany, (REGION, NOVEMBER))
        names = session.exec(
            select(Organization.name).where(col(Organization.id).in_(set(row.several) & small))
        ).all()
    assert names == []
