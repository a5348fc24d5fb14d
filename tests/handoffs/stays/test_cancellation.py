from datetime import date, timedelta

import pytest

from handoffs.access import find_stay
from handoffs.backtest.past_stays import past_stays
from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible, Overtaken
from handoffs.history import Act, events_of, record
from handoffs.missed import flag_overdue
from handoffs.notice import NoticeKind, acknowledge, notices_of
from handoffs.passing import send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.stays.cancellation import (
    CancelReason,
    cancel,
    cancelled_of,
    find_cancelled,
    reinstate,
)
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of, first_of_month
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, leave, talked
from tests.handoffs.looks import dues, lists, open_flags, rates
from tests.people import NOW, REGION, Cast

DAY = timedelta(days=1)
MONTH = first_of_month(day_of(NOW))


@pytest.mark.parametrize("left", [False, True])
def test_lists_and_rates_are_as_if_the_stay_had_never_been_registered(
    database: Database, library: Library, cast: Cast, *, left: bool
) -> None:
    later = NOW + 3 * DAY
    with database.writing() as session:
        other = admit_someone(session, library, cast)
        leave(session, library, cast, other, now=later, contacted=True)
        before = (lists(session, cast, library, later), rates(session, MONTH, later))
        stay = admit_someone(session, library, cast)
        if left:
            leave(session, library, cast, stay, now=later, contacted=False)
        assert (lists(session, cast, library, later), rates(session, MONTH, later)) != before
        cancel(
            session,
            stay,
            CancelReason.NO_STAY,
            version=stay.version,
            by=cast.ward_nurse,
            now=later,
        )
        assert (lists(session, cast, library, later), rates(session, MONTH, later)) == before
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert len(past_stays(database.reading, REGION, first, last)) == 1


def test_nobody_opens_it_and_nothing_of_it_is_ever_flagged(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        cancel(session, stay, CancelReason.TWICE, version=1, by=cast.ward_nurse, now=NOW)
        session.flush()
        for actor in (cast.ward_nurse, cast.care_manager):
            with pytest.raises(NotVisible):
                find_stay(session, actor, stay.id)
    assert flag_overdue(database.writing, NOW + 60 * DAY) == 0


def test_the_person_can_be_registered_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana="シメイヒ マタ")
        cancel(session, stay, CancelReason.OTHER, version=1, by=cast.ward_nurse, now=NOW)
        session.flush()
        again = admit_someone(session, library, cast, kana="シメイヒ マタ")
        assert again.patient_id == stay.patient_id
        session.flush()
        with pytest.raises(NotPermitted, match="もう登録"):
            reinstate(session, stay, version=2, library=library, by=cast.ward_nurse, now=NOW)


def test_both_sides_who_saw_it_are_told_once_and_nobody_else(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        record(session, cast.social_worker, Act.STAY_READ, now=NOW, stay_id=stay.id)
        record(session, cast.care_manager, Act.STAY_READ, now=NOW, stay_id=stay.id)
        session.flush()
        cancel(session, stay, CancelReason.WRONG_PERSON, version=1, by=cast.ward_nurse, now=NOW)
        session.flush()
        told = {
            name: [n.kind for n in notices_of(session, actor)]
            for name, actor in cast.people.items()
        }
        assert {name for name, kinds in told.items() if kinds} == {
            "social_worker",
            "care_manager",
        }
        (line,) = notices_of(session, cast.care_manager)
        with pytest.raises(NotVisible):
            acknowledge(session, line.id, by=cast.outsider, now=NOW)
        acknowledge(session, line.id, by=cast.care_manager, now=NOW)
        session.flush()
        assert notices_of(session, cast.care_manager) == ()


def test_a_name_is_not_told_where_the_person_wants_no_contact(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        record(session, cast.care_manager, Act.STAY_READ, now=NOW, stay_id=stay.id)
        stay.wants_no_contact = True
        session.flush()
        cancel(session, stay, CancelReason.NO_STAY, version=1, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert [(n.name, n.code) for n in notices_of(session, cast.care_manager)] == [
            ("", stay.code)
        ]


def test_a_cancellation_that_was_a_mistake_is_undone_with_everything(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
    late = NOW + 5 * DAY
    flag_overdue(database.writing, late)
    with database.writing() as session:
        stay = session.get_one(Stay, stay.id)
        before = (
            lists(session, cast, library, late),
            dues(session, stay, late),
            open_flags(session, stay),
            rates(session, MONTH, late),
        )
        by = cast.ward_nurse
        version = stay.version
        cancel(session, stay, CancelReason.TWICE, version=version, by=by, now=late)
        assert open_flags(session, stay) == []
        session.flush()
        (line,) = cancelled_of(session, by)
        assert (line.stay_id, line.reason, line.by) == (stay.id, CancelReason.TWICE, by.name)
        assert cancelled_of(session, cast.other_nurse) == ()
        found = find_cancelled(session, by, stay.id)
        with pytest.raises(Overtaken):
            reinstate(session, found, version=1, library=library, by=by, now=late)
        version = found.version
        reinstate(session, found, version=version, library=library, by=by, now=late)
        session.flush()
        assert before == (
            lists(session, cast, library, late),
            dues(session, stay, late),
            open_flags(session, stay),
            rates(session, MONTH, late),
        )
        told = [n.kind for n in notices_of(session, cast.care_manager)]
        assert told == [NoticeKind.REINSTATED]
        acts = [e.act for e in events_of(session, stay.id)]
        assert {Act.STAY_CANCEL, Act.STAY_REINSTATE} <= set(acts)


def test_only_the_hospital_itself_cancels_and_looks_up_what_it_cancelled(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(NotPermitted):
            cancel(session, stay, CancelReason.TWICE, version=1, by=cast.care_manager, now=NOW)
        with pytest.raises(Overtaken):
            cancel(session, stay, CancelReason.TWICE, version=9, by=cast.ward_nurse, now=NOW)
        with pytest.raises(NotVisible):
            find_cancelled(session, cast.ward_nurse, stay.id)
        cancel(session, stay, CancelReason.TWICE, version=1, by=cast.ward_nurse, now=NOW)
        session.flush()
        with pytest.raises(NotVisible):
            find_cancelled(session, cast.other_nurse, stay.id)
        with pytest.raises(NotPermitted):
            cancelled_of(session, cast.care_manager)


def test_what_was_withdrawn_before_the_cancellation_stays_withdrawn_after_it_was_undone(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse, later = cast.ward_nurse, NOW + 9 * DAY
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        entry = PlanEntry(status=PlanStatus.UNASSIGNED)
        change_plan_office(session, stay, entry, library=library, by=nurse, now=NOW)
        assert notice.withdrawn_at == NOW
        version = stay.version
        cancel(session, stay, CancelReason.TWICE, version=version, by=nurse, now=NOW)
        version = stay.version
        reinstate(session, stay, version=version, library=library, by=nurse, now=later)
        session.flush()
        acts = [e.act for e in events_of(session, stay.id) if e.handoff_id == notice.id]
        assert notice.withdrawn_at == NOW
        assert Act.HANDOFF_RESTORE not in acts
