"""A region's rest moves what is due, also for an officer to whom PostgreSQL shows nobody's row."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from handoffs.calendars import NO_REST, Rest, rest_by
from handoffs.database import open_database
from handoffs.parties import Organization
from handoffs.region.policy import Policy, set_policy
from handoffs.region.rest import recount_region
from handoffs.wall import Scope, show_rows_of
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, REGION, settle
from tests.postgresql import Cluster


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    rest_by(NO_REST)
    show_rows_of(None)


def test_a_turn_of_the_year_closes_its_days_in_every_year_and_no_other() -> None:
    rest = Rest(REGION, ((12, 29), (1, 3)), frozenset({date(2027, 8, 13)}))
    days = rest.between(2026, 2027)
    assert {date(2026, 1, 3), date(2026, 12, 29), date(2027, 1, 1), date(2027, 8, 13)} <= days
    assert not {date(2026, 12, 28), date(2027, 1, 4), date(2026, 8, 13)} & days
    assert Rest().between(2026, 2027) == frozenset()


@pytest.mark.postgresql
def test_an_officer_behind_the_wall_moves_days_and_still_sees_nobody(
    postgresql_cluster: Cluster, migrated_template: str, library: Library
) -> None:
    name = postgresql_cluster.create(template=migrated_template)
    owner = open_database(postgresql_cluster.url(name))
    web = open_database(postgresql_cluster.let_web_in(name))
    with owner.writing() as session:
        cast = settle(session)
        session.get_one(Organization, cast.hospital_id).hours = {}
        admit_someone(session, library, cast)
    officer = cast.health_officer
    show_rows_of(Scope(officer.organization_id, officer.staff_id, counts_region=officer.region))
    soon = [NOW.date() + timedelta(days=ahead) for ahead in range(1, 21)]
    words = " ".join(day.isoformat() for day in soon)
    with web.writing() as session:
        set_policy(session, Policy.CLOSED_DAYS, words, by=officer, now=NOW)
        assert recount_region(session, REGION, library=library, now=NOW) == 1
    web.close()
    owner.close()
    postgresql_cluster.drop(name)
