from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from handoffs.database import Database
from handoffs.decision.assessment import assess, assessment_of
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import State, state
from handoffs.history import Act, events_of
from handoffs.missed import flag_overdue
from handoffs.notice import NoticeKind, notices_of
from handoffs.passing import send
from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.statement import statements_of
from handoffs.stays.discharge import DischargeEntry, discharge
from handoffs.stays.discharge_undo import correct_discharge, undo_discharge
from handoffs.stays.leave import LeaveKind, leave_of
from handoffs.stays.leave_taking import LeaveEntry, go_on_leave
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import day_of, first_of_month
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, leave, talked
from tests.handoffs.looks import contacts, dues, lists, open_flags, rates
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def _planned(on: date | None) -> dict[str, Any]:
    certainty = PlannedCertainty.ABOUT if on else PlannedCertainty.UNDECIDED
    return {"planned_discharge_on": on, "planned_certainty": certainty}


@dataclass(frozen=True)
class _Course:
    """What happened to a stay before the discharge, and how that was typed."""

    planned: int | None
    after: int
    destination: Destination
    contacted: bool | None
    sent: bool
    swept: bool
    away: bool


_COURSES = st.builds(
    _Course,
    planned=st.none() | st.integers(0, 20),
    after=st.integers(0, 12),
    destination=st.sampled_from(Destination),
    contacted=st.none() | st.booleans(),
    sent=st.booleans(),
    swept=st.booleans(),
    away=st.booleans(),
)


def test_a_discharge_that_was_undone_leaves_lists_dues_flags_and_rates_as_they_were(
    database: Database, library: Library, cast: Cast
) -> None:
    @settings(max_examples=12, phases=(Phase.explicit, Phase.generate))
    @given(course=_COURSES)
    def undone_is_as_before(course: _Course) -> None:
        before, after = _discharged_and_undone(database, library, cast, course)
        assert after == before

    undone_is_as_before()


def _discharged_and_undone(
    database: Database, library: Library, cast: Cast, course: _Course
) -> tuple[list[Any], list[Any]]:
    nurse, now = cast.ward_nurse, NOW + course.after * DAY
    month = first_of_month(day_of(now))
    on = None if course.planned is None else day_of(NOW) + course.planned * DAY
    with database.writing() as session:
        stay = admit_someone(session, library, cast, **_planned(on))
        if course.sent:
            notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
            send(session, stay, notice, talked(), by=nurse, now=NOW)
        if course.away:
            entry = LeaveEntry(kind=LeaveKind.OVERNIGHT, left_on=day_of(NOW), version=stay.version)
            go_on_leave(session, stay, entry, by=nurse, now=NOW)
    if course.swept:
        flag_overdue(database.writing, now)
    with database.writing() as session:
        stay = session.get_one(Stay, stay.id)
        before = _looks(session, cast, library, stay, month, now)
        entry_left = DischargeEntry(
            discharged_on=day_of(now),
            destination=course.destination,
            contacted=course.contacted,
            version=stay.version,
        )
        discharge(session, stay, entry_left, library=library, by=nurse, now=now)
        undo_discharge(session, stay, version=stay.version, library=library, by=nurse, now=now)
        return before, _looks(session, cast, library, stay, month, now)


def _looks(
    session: Session, cast: Cast, library: Library, stay: Stay, month: date, now: datetime
) -> list[Any]:
    return [
        [{**h, "paused_at": h["paused_at"] is not None} for h in dues(session, stay, now)],
        open_flags(session, stay),
        lists(session, cast, library, now),
        contacts(session),
        rates(session, month, now),
    ]


def _left(stay: Stay, **changes: Any) -> DischargeEntry:  # noqa: ANN401 - fields of an entry.
    given_: dict[str, Any] = {
        "discharged_on": day_of(NOW),
        "destination": Destination.HOME,
        "version": stay.version,
    }
    return DischargeEntry(**(given_ | changes))


def test_what_became_late_while_the_stay_was_wrongly_closed_is_work_for_at_once(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        later = notice.due_at + DAY
        leave(session, library, cast, stay, now=NOW, destination=Destination.DEATH)
        undo_discharge(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=later
        )
        assert notice.withdrawn_at is None
        assert state(notice, later) is State.AT_ONCE
    flag_overdue(database.writing, later)
    with database.reading() as session:
        assert open_flags(session, stay) == []


def test_what_was_late_before_is_late_again_with_its_flag(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        late = notice.due_at + DAY
    flag_overdue(database.writing, late)
    with database.writing() as session:
        stay = session.get_one(Stay, stay.id)
        flags = open_flags(session, stay)
        assert flags
        leave(session, library, cast, stay, now=late, destination=Destination.DEATH)
        undo_discharge(
            session,
            stay,
            version=stay.version,
            library=library,
            by=cast.ward_nurse,
            now=late + DAY,
        )
        assert open_flags(session, stay) == flags
        again = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert state(again, late + DAY) is State.MISSED


def test_what_was_sent_since_stays_sent(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW)
        information = handoff_of(session, stay, HandoffKind.DISCHARGE_INFORMATION)
        send(session, stay, information, talked(), by=cast.ward_nurse, now=NOW)
        undo_discharge(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=NOW
        )
        assert information.sent_at == NOW
        assert stay.is_open


def test_the_undoing_is_an_event_and_the_answer_about_a_contact_goes_with_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW, contacted=True)
        assert contact_about_discharge(stay, statements_of(session, stay.id)).took_place
        undo_discharge(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=NOW
        )
        assert contact_about_discharge(stay, statements_of(session, stay.id)) is Contact.UNKNOWN
        session.flush()
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.STAY_DISCHARGE) == acts.count(Act.STAY_DISCHARGE_UNDO) == 1
        (undone,) = [e for e in events_of(session, stay.id) if e.act is Act.STAY_DISCHARGE_UNDO]
        assert undone.detail == {"on": day_of(NOW).isoformat(), "destination": "home"}


def test_a_death_tells_the_plan_office_once_and_its_undoing_takes_the_line_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW, destination=Destination.DEATH)
        session.flush()
        told = [n.kind for n in notices_of(session, cast.care_manager)]
        assert told == [NoticeKind.DEATH]
        assert notices_of(session, cast.outsider) == ()
        undo_discharge(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=NOW
        )
        session.flush()
        told = [n.kind for n in notices_of(session, cast.care_manager)]
        assert told == [NoticeKind.DISCHARGE_UNDONE]


def test_a_corrected_discharge_is_as_if_the_wrong_one_had_never_been(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse, later = cast.ward_nurse, NOW + 2 * DAY
    with database.writing() as session:
        wrong = admit_someone(session, library, cast)
        right = admit_someone(session, library, cast)
        leave(session, library, cast, wrong, now=later, contacted=True)
        entry = _left(wrong, destination=Destination.DEATH)
        correct_discharge(session, wrong, entry, library=library, by=nurse, now=later)
        discharge(
            session,
            right,
            _left(right, destination=Destination.DEATH),
            library=library,
            by=nurse,
            now=later,
        )
        assert (wrong.discharged_on, wrong.destination) == (day_of(NOW), Destination.DEATH)
        assert dues(session, wrong, later) == dues(session, right, later)
        assert statements_of(session, wrong.id) == []


def test_a_corrected_day_tells_the_plan_office(
    database: Database, library: Library, cast: Cast
) -> None:
    later = NOW + 2 * DAY
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=later)
        correct_discharge(
            session, stay, _left(stay), library=library, by=cast.ward_nurse, now=later
        )
        session.flush()
        told = [n.kind for n in notices_of(session, cast.care_manager)]
        assert told == [NoticeKind.DISCHARGE_CORRECTED]


def test_somebody_who_was_away_is_away_again(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = LeaveEntry(kind=LeaveKind.OVERNIGHT, left_on=day_of(NOW), version=stay.version)
        go_on_leave(session, stay, entry, by=nurse, now=NOW)
        leave(session, library, cast, stay, now=NOW)
        undo_discharge(session, stay, version=stay.version, library=library, by=nurse, now=NOW)
        assert leave_of(session, stay) is not None
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert state(notice, NOW) is State.PAUSED


def test_a_discharge_before_a_later_stay_cannot_be_undone_but_its_day_can_be_corrected(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse, later = cast.ward_nurse, NOW + 3 * DAY
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana="シメイヒ カサナリ")
        leave(session, library, cast, stay, now=NOW + DAY)
        admit_someone(
            session,
            library,
            cast,
            kana="シメイヒ カサナリ",
            admitted_on=day_of(NOW + 2 * DAY),
            now=later,
        )
        with pytest.raises(NotPermitted, match="この後の入院"):
            undo_discharge(
                session, stay, version=stay.version, library=library, by=nurse, now=later
            )
        entry = _left(stay, discharged_on=day_of(later))
        with pytest.raises(BadEntry) as refused:
            correct_discharge(session, stay, entry, library=library, by=nurse, now=later)
        assert set(refused.value.fields) == {"discharged_on"}
        entry = _left(stay, discharged_on=day_of(NOW + 2 * DAY))
        correct_discharge(session, stay, entry, library=library, by=nurse, now=later)
        assert stay.discharged_on == day_of(NOW + 2 * DAY)


def test_nobody_undoes_what_is_not_there_what_they_did_not_see_or_as_an_office(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(NotPermitted):
            undo_discharge(
                session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=NOW
            )
        leave(session, library, cast, stay, now=NOW)
        with pytest.raises(Overtaken):
            undo_discharge(session, stay, version=1, library=library, by=cast.ward_nurse, now=NOW)
        with pytest.raises(NotPermitted):
            undo_discharge(session, stay, version=2, library=library, by=cast.care_manager, now=NOW)


def test_where_somebody_was_to_go_before_is_known_again(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assess(session, stay, {"destination": "facility"}, library=library, by=nurse, now=NOW)
        leave(session, library, cast, stay, now=NOW)
        undo_discharge(session, stay, version=stay.version, library=library, by=nurse, now=NOW)
        session.flush()
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["destination"] == "facility"
