from datetime import date, timedelta

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.plan_office import PlanOffice, PlanStatus, replace_plan_office
from handoffs.shown.moved_dates import moved_dates_of
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty, Stay
from rules import Library
from tests.factories import make_stay
from tests.people import NOW, Cast

A, B, C = date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4)


@pytest.mark.parametrize(
    ("days", "before"),
    [((A,), None), ((A, B), A), ((A, B, A), None), ((A, B, C), A), ((A, None), A)],
)
def test_a_change_is_another_day_than_the_reader_knew_of(
    database: Database,
    cast: Cast,
    library: Library,
    days: tuple[date | None, ...],
    before: date | None,
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager)
        for day in days:
            move(session, stay, day, library, cast)
        session.flush()
        found = moved_dates_of(session, cast.care_manager, NOW)
    assert [one.before for one in found] == ([before] if before else [])


def test_what_moved_before_the_office_planned_is_no_news_to_it(
    database: Database, cast: Cast, library: Library
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager)
        move(session, stay, A, library, cast)
        move(session, stay, B, library, cast)
        row = PlanOffice(
            stay_id=stay.id,
            status=PlanStatus.ASSIGNED,
            organization_id=cast.outsider_office_id,
            care_manager_id=cast.outsider.staff_id,
            recorded_at=NOW + timedelta(hours=1),
        )
        replace_plan_office(session, row)
        session.flush()
        assert moved_dates_of(session, cast.outsider, NOW) == ()


def move(session: Session, stay: Stay, day: date | None, library: Library, cast: Cast) -> None:
    certainty = PlannedCertainty.FIXED if day else PlannedCertainty.UNDECIDED
    entry = PlannedDischargeEntry(
        planned_discharge_on=day, planned_certainty=certainty, version=stay.version
    )
    plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
