"""How often both records differ: for the two houses of a line alone, and for no one person."""

from datetime import date, datetime

import pytest

from handoffs.database import Database
from handoffs.parties import Role, Staff
from handoffs.rates.evidence.both_sides import BothSides, both_sides
from handoffs.rates.figures import Figure
from handoffs.rates.month_company import settle_companies
from handoffs.rates.office_lines import ALONE
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from tests.factories import make_statement, make_stay
from tests.people import NOW, REGION, Cast

SAID = (
    (Result.TALKED, Result.TALKED),
    (Result.TALKED, Result.NOTHING_HEARD),
    (Result.NOT_CONTACTED, Result.NOTHING_HEARD),
    (Result.TALKED, None),
    (None, None),
)
"""Agreed, contradicted, both without a contact; the last two are not of both sides."""


@pytest.fixture
def made(database: Database, cast: Cast) -> None:
    """The same five with the office, and the first two with another office."""
    _both_said(database, cast, cast.office_id, 5)
    _both_said(database, cast, cast.outsider_office_id, 2)
    with database.writing() as session:
        for month in range(5, 12):
            settle_companies(session, REGION, NOW.replace(month=month))


def _both_said(
    database: Database, cast: Cast, office: int, many: int, left: date = date(2026, 5, 20)
) -> None:
    with database.writing() as session:
        for results in SAID[:many]:
            stay = make_stay(
                session, cast, admitted_on=left.replace(day=1), discharged_on=left,
                destination=Destination.HOME, organization_id=office,
            )  # fmt: skip
            for side, result in zip(Side, results, strict=False):
                if result is not None:
                    make_statement(session, stay, side, result, on=left.replace(day=9))


def _somebody_more(database: Database, office_id: int) -> None:
    with database.writing() as session:
        session.add(
            Staff(
                sign_in_name=f"more-{office_id}", name="見本 職員", role=Role.CARE_MANAGER,
                organization_id=office_id, password_hash="x",
            )
        )  # fmt: skip


def _shown(database: Database, actor: object, year: int = 2026, now: datetime = NOW) -> BothSides:
    with database.reading() as session:
        return both_sides(session, actor, REGION, year, now=now)  # type: ignore[arg-type]


@pytest.mark.usefixtures("made")
def test_a_hospital_sees_each_office_and_those_of_one_person_as_one(
    database: Database, cast: Cast
) -> None:
    found = _shown(database, cast.social_worker)
    # The only office of one person: its line would be that person's, and so would the difference.
    assert {row.label: row.figure for row in found.rows} == {"見本ケアプランセンター": Figure(1, 3)}
    assert found.total == Figure(1, 3)
    _both_said(database, cast, cast.multifunctional_id, 2)
    found = _shown(database, cast.social_worker)
    assert {row.label: row.figure for row in found.rows} == {
        "見本ケアプランセンター": Figure(1, 3),
        ALONE: Figure(2, 4),
    }
    assert found.total == Figure(3, 7)
    # A month with one of them alone is left out: the year would grow by that person's figure.
    _both_said(database, cast, cast.multifunctional_id, 2, date(2026, 6, 20))
    assert _shown(database, cast.social_worker).total == Figure(3, 7)
    assert any("双方" in words for words in found.words)
    assert _shown(database, cast.social_worker, 2025).rows == ()


@pytest.mark.usefixtures("made")
def test_an_office_sees_its_hospitals_unless_it_is_one_person(
    database: Database, cast: Cast
) -> None:
    found = _shown(database, cast.care_manager)
    assert [(row.label, row.figure) for row in found.rows] == [("見本中央病院", Figure(1, 3))]
    assert _shown(database, cast.outsider).alone
    assert _shown(database, cast.outsider).rows == ()
    in_december, in_january = NOW.replace(month=12), NOW.replace(year=2027, month=1)
    # Whoever joins later changes nothing of a month that is over, and sees the next.
    _somebody_more(database, cast.outsider_office_id)
    assert _shown(database, cast.outsider).alone
    _both_said(database, cast, cast.outsider_office_id, 1, date(2026, 12, 10))
    with database.writing() as session:
        settle_companies(session, REGION, in_december)
        settle_companies(session, REGION, in_january)
    found = _shown(database, cast.outsider, now=in_january)
    assert (found.alone, found.total) == (False, Figure(0, 1))


@pytest.mark.usefixtures("made")
def test_nobody_else_is_shown_any_of_it(database: Database, cast: Cast) -> None:
    assert _shown(database, cast.health_officer).rows == ()
    assert _shown(database, cast.other_nurse).rows == ()
