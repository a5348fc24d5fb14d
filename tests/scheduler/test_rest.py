"""A region's rest moves what is due, though PostgreSQL shows nobody's row to whoever decided it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from handoffs.calendars import NO_REST, rest_by
from handoffs.database import open_database
from handoffs.long_work import LongWork, WorkKind
from handoffs.parties import Organization
from handoffs.region.policy import Policy, set_policy
from handoffs.region.rest import ask_for_recount
from handoffs.wall import Scope, show_rows_of
from rules import Library
from scheduler import rest
from scheduler.work import do_one
from tests.factories import admit_someone
from tests.people import NOW, settle
from tests.postgresql import Cluster


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    rest_by(NO_REST)
    show_rows_of(None)


@pytest.mark.postgresql
def test_what_an_officer_behind_the_wall_decides_is_counted_in_steps_for_everybody(
    postgresql_cluster: Cluster,
    migrated_template: str,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "STAYS_AT_A_TIME", 2)
    name = postgresql_cluster.create(template=migrated_template)
    owner = open_database(postgresql_cluster.url(name))
    web = open_database(postgresql_cluster.let_web_in(name))
    with owner.writing() as session:
        cast = settle(session)
        session.get_one(Organization, cast.hospital_id).hours = {}
        for _ in range(3):
            admit_someone(session, library, cast)
    officer = cast.health_officer
    show_rows_of(Scope(officer.organization_id, officer.staff_id, counts_region=officer.region))
    soon = [NOW.date() + timedelta(days=ahead) for ahead in range(1, 21)]
    words = " ".join(day.isoformat() for day in soon)
    with web.writing() as session:
        set_policy(session, Policy.CLOSED_DAYS, words, by=officer, now=NOW)
        ask_for_recount(session, by=officer, now=NOW)
    doing = {WorkKind.RECOUNT: partial(rest.recount_region, lambda: NOW)}
    for moved in (3, 0):
        show_rows_of(None)
        assert do_one(owner, lambda: NOW, doing)
        with owner.writing() as session:
            results = session.exec(select(LongWork.result).order_by(col(LongWork.id))).all()
            assert results[-1] == {"looked_at": 3, "moved": moved}
            ask_for_recount(session, by=officer, now=NOW)
    web.close()
    owner.close()
    postgresql_cluster.drop(name)
