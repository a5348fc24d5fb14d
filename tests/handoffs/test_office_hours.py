from datetime import date, time
from typing import Any

import pytest
from sqlmodel import Session, select

from handoffs.database import Database
from handoffs.decision.assessment import Assessment
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act, Event, events_of
from handoffs.office_hours import HoursEntry, hours_shown, set_hours
from handoffs.parties import Actor, Organization
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty, Stay
from rules import HandoffKind, Library
from tests.factories import ADMITTED, admit_someone, handoff_of
from tests.people import NOW, Cast

WEEK = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WEEK, "sat", "sun")
IN_HOURS = (time(8, 30), time(17, 30))


def entry(session: Session, by: Actor, **changes: Any) -> HoursEntry:  # noqa: ANN401
    given: dict[str, Any] = {
        "spans": dict.fromkeys(WEEK, IN_HOURS),
        "closed": frozenset({date(2026, 12, 30)}),
        "open_on_public_holidays": False,
        "seen": hours_shown(session, by).seen,
    }
    return HoursEntry(**(given | changes))


def planned(
    session: Session, library: Library, cast: Cast, on: date, admitted_on: date = ADMITTED
) -> Stay:
    stay = admit_someone(session, library, cast, admitted_on=admitted_on)
    plan = PlannedDischargeEntry(
        planned_discharge_on=on, planned_certainty=PlannedCertainty.FIXED, version=stay.version
    )
    plan_discharge(session, stay, plan, library=library, by=cast.ward_nurse, now=NOW)
    return stay


def test_what_an_organization_writes_down_is_shown_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).hours = {}
        session.flush()
        assert hours_shown(session, cast.care_manager).is_missing
        given = entry(session, cast.care_manager, spans={"sat": (time(9), time(12))})
        set_hours(session, given, library=library, by=cast.care_manager, now=NOW)
        shown = hours_shown(session, cast.colleague)
        assert shown.spans == {"sat": ("09:00", "12:00")}
        assert shown.closed == (date(2026, 12, 30),)
        assert not shown.is_missing
        assert hours_shown(session, cast.outsider).spans != shown.spans
        (event,) = session.exec(select(Event).where(Event.act == Act.ORGANIZATION_HOURS))
        told = {"recounted": 0, "organization": cast.office_id}
        assert (event.staff_id, event.detail) == (cast.care_manager.staff_id, told)


def test_what_is_due_on_open_days_moves_and_the_history_says_why(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        # Seven days before is Sunday, 13 December: the last open day before it is due.
        stay = planned(session, library, cast, date(2026, 12, 20))
        # Admitted on a Monday, and seven days before is a Friday: no day of it is a closed one.
        other = planned(session, library, cast, date(2026, 12, 18), date(2026, 11, 16))
        notice = handoff_of(session, stay, HandoffKind.DISCHARGE_NOTICE)
        assert notice.due_on == date(2026, 12, 11)
        before = len(events_of(session, other.id))
        given = entry(session, cast.ward_nurse, spans=dict.fromkeys(EVERY_DAY, IN_HOURS))
        moved = set_hours(session, given, library=library, by=cast.ward_nurse, now=NOW)
        assert moved == 1
        assert notice.due_on == date(2026, 12, 13)
        session.flush()
        (event,) = [e for e in events_of(session, stay.id) if e.handoff_id == notice.id][-1:]
        assert (event.act, event.detail["because"]) == (Act.HANDOFF_MOVE, "calendar")
        assert event.staff_id is None
        assert len(events_of(session, other.id)) == before, "nothing of it moved"


def test_hours_that_are_the_same_change_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for _ in range(2):
            given = entry(session, cast.care_manager)
            set_hours(session, given, library=library, by=cast.care_manager, now=NOW)
        assert len(session.exec(select(Event)).all()) == 1
        assert not session.exec(select(Assessment)).all()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"spans": {}}, "mon_opens"),
        ({"spans": {"tue": (time(17), time(9))}}, "tue_closes"),
        ({"spans": {"tue": (time(9), time(9))}}, "tue_closes"),
        ({"closed": frozenset({date(2062, 1, 1)})}, "closed"),
    ],
)
def test_what_nobody_can_be_open_by_is_refused(
    database: Database, library: Library, cast: Cast, changes: dict[str, Any], field: str
) -> None:
    with database.writing() as session:
        given = entry(session, cast.care_manager, **changes)
        with pytest.raises(BadEntry) as refused:
            set_hours(session, given, library=library, by=cast.care_manager, now=NOW)
        assert set(refused.value.fields) == {field}
        assert hours_shown(session, cast.care_manager).seen == given.seen


def test_a_colleague_who_was_faster_is_not_overwritten(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        mine = entry(session, cast.care_manager, spans={"mon": IN_HOURS})
        theirs = entry(session, cast.colleague)
        set_hours(session, theirs, library=library, by=cast.colleague, now=NOW)
        with pytest.raises(Overtaken):
            set_hours(session, mine, library=library, by=cast.care_manager, now=NOW)


def test_a_health_centre_counts_nothing_by_its_hours(database: Database, cast: Cast) -> None:
    with database.reading() as session, pytest.raises(NotPermitted):
        hours_shown(session, cast.health_officer)
