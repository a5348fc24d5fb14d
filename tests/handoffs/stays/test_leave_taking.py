from datetime import date, timedelta

import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import State, state
from handoffs.history import Act, events_of
from handoffs.missed import flag_overdue, flags_of
from handoffs.passing import send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.stays.leave import LeaveKind, leave_of
from handoffs.stays.leave_taking import (
    LeaveEntry,
    ReturnEntry,
    come_back,
    go_on_leave,
    take_back_leave,
)
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, leave, talked
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def _away(stay: Stay, *, on: date | None = None, back: date | None = None) -> LeaveEntry:
    return LeaveEntry(
        kind=LeaveKind.OVERNIGHT,
        left_on=on or day_of(NOW),
        back_planned_on=back,
        version=stay.version,
    )


def _return(stay: Stay, on: date) -> ReturnEntry:
    return ReturnEntry(returned_on=on, version=stay.version)


def test_nothing_is_late_or_flagged_while_somebody_is_away(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        later = notice.due_at + DAY
        assert state(notice, later) is State.PAUSED
        stay_id = stay.id
    flag_overdue(database.writing, later)
    with database.reading() as session:
        assert flags_of(session, stay_id) == []


def test_what_came_due_while_somebody_was_away_is_work_for_at_once_and_no_miss(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        later = notice.due_at + DAY
        entry = _return(stay, day_of(later))
        come_back(session, stay, entry, library=library, by=cast.ward_nurse, now=later)
        assert state(notice, later) is State.AT_ONCE
        assert leave_of(session, stay) is None
        session.flush()
        resumed = [e for e in events_of(session, stay.id) if e.act is Act.HANDOFF_RESUME]
        assert any(e.detail["short_notice"] for e in resumed)
    assert flag_overdue(database.writing, later + 30 * DAY) >= 0
    with database.reading() as session:
        assert notice.id not in {flag.handoff_id for flag in flags_of(session, stay.id)}


def test_what_is_not_yet_due_on_the_return_is_as_it_was(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, planned_discharge_on=None)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        before = (notice.due_on, notice.short_notice, state(notice, NOW))
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        entry = _return(stay, day_of(NOW))
        come_back(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        assert (notice.due_on, notice.short_notice, state(notice, NOW)) == before


def test_a_leave_that_is_written_down_late_takes_back_the_flag_that_fell_into_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        due_on, later = notice.due_on, notice.due_at + DAY
    flag_overdue(database.writing, later)
    with database.writing() as session:
        stay = session.get_one(Stay, stay.id)
        (flag,) = [f for f in flags_of(session, stay.id) if f.handoff_id == notice.id]
        assert flag.closed_at is None
        go_on_leave(session, stay, _away(stay, on=due_on), by=cast.ward_nurse, now=later)
        assert flag.closed_at == later
        take_back_leave(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=later
        )
        assert flag.closed_at is None
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert state(notice, later) is State.MISSED


def test_what_was_late_before_the_leave_is_late_after_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        later = notice.due_at + DAY
        go_on_leave(session, stay, _away(stay, on=day_of(later)), by=cast.ward_nurse, now=later)
        back = later + DAY
        come_back(
            session,
            stay,
            _return(stay, day_of(back)),
            library=library,
            by=cast.ward_nurse,
            now=back,
        )
        assert state(notice, back) is State.MISSED


def test_what_is_passed_on_during_a_leave_counts(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        assert state(notice, NOW) is State.SENT


def test_whoever_leaves_for_good_from_a_leave_is_no_longer_away(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        leave(session, library, cast, stay, now=NOW + DAY)
        information = handoff_of(session, stay, HandoffKind.DISCHARGE_INFORMATION)
        assert information.paused_at is None
        assert leave_of(session, stay) is None


@pytest.mark.parametrize(
    ("on", "back", "field"),
    [
        (date(2026, 11, 19), None, "left_on"),
        (date(2026, 11, 21), None, "left_on"),
        (date(2026, 11, 20), date(2026, 11, 19), "back_planned_on"),
    ],
)
def test_an_impossible_leave_is_refused_beside_its_field(
    database: Database, library: Library, cast: Cast, on: date, back: date | None, field: str
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(BadEntry) as refused:
            go_on_leave(session, stay, _away(stay, on=on, back=back), by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("on", [date(2026, 11, 19), date(2026, 11, 21)])
def test_an_impossible_return_is_refused(
    database: Database, library: Library, cast: Cast, on: date
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        entry = _return(stay, on)
        with pytest.raises(BadEntry) as refused:
            come_back(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {"returned_on"}


def test_nobody_is_away_twice_comes_back_unasked_or_leaves_after_the_discharge(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _return(stay, day_of(NOW))
        with pytest.raises(NotPermitted):
            come_back(session, stay, entry, library=library, by=nurse, now=NOW)
        go_on_leave(session, stay, _away(stay), by=nurse, now=NOW)
        with pytest.raises(NotPermitted):
            go_on_leave(session, stay, _away(stay), by=nurse, now=NOW)
        with pytest.raises(Overtaken):
            take_back_leave(session, stay, version=1, library=library, by=nurse, now=NOW)
        leave(session, library, cast, stay, now=NOW)
        with pytest.raises(NotPermitted):
            go_on_leave(session, stay, _away(stay), by=nurse, now=NOW)
        with pytest.raises(NotPermitted):
            go_on_leave(session, stay, _away(stay), by=cast.care_manager, now=NOW)


def test_a_duty_that_arises_during_a_leave_rests_too(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=PlanEntry(status=PlanStatus.UNASSIGNED))
        go_on_leave(session, stay, _away(stay), by=cast.ward_nurse, now=NOW)
        change_plan_office(
            session,
            stay,
            PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.office_id),
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.paused_at == NOW
