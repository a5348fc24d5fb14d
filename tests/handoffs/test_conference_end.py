from datetime import date, time, timedelta

import pytest

from handoffs.conference import SlotEnd, SlotEntry, choose, propose, slots_of
from handoffs.conference_end import end_passed, has_passed_slots
from handoffs.database import Database
from handoffs.errors import Overtaken
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty
from rules import HandoffKind, Library
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast

EARLY, LATE = date(2026, 11, 21), date(2026, 11, 25)


def slot(day: date) -> SlotEntry:
    return SlotEntry(day=day, starts_at=time(10), ends_at=time(11))


def test_what_is_proposed_ends_with_an_earlier_discharge_and_an_agreed_time_with_leaving(
    database: Database, cast: Cast, library: Library
) -> None:
    by = cast.ward_nurse
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoffs = [
            make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE) for _ in range(2)
        ]
        for handoff in handoffs:
            propose(session, stay, handoff, [slot(EARLY), slot(LATE)], by=by, now=NOW)
        session.flush()
        agreed = slots_of(session, handoffs[1].id)[1]
        choose(session, stay, handoffs[1], agreed.id, by=cast.care_manager, now=NOW)
        session.flush()
        entry = PlannedDischargeEntry(
            planned_discharge_on=EARLY,
            planned_certainty=PlannedCertainty.FIXED,
            version=stay.version,
        )
        plan_discharge(session, stay, entry, library=library, by=by, now=NOW)
        assert [s.closed_why for s in slots_of(session, handoffs[0].id)] == [None, SlotEnd.MOVED]
        assert handoffs[0].choice_of is not None
        assert agreed.closed_at is None
        left = DischargeEntry(
            discharged_on=NOW.date(), destination=Destination.HOME, version=stay.version
        )
        discharge(session, stay, left, library=library, by=by, now=NOW)
        assert slots_of(session, handoffs[0].id)[0].closed_why is SlotEnd.LEFT
        session.flush()
        assert agreed.closed_why is SlotEnd.LEFT
        waiting = [handoff.choice_of for handoff in handoffs]
        assert waiting == [None, None]


def test_a_day_that_is_over_can_be_chosen_by_nobody_and_ends_by_itself(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    later = NOW + timedelta(days=2)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        propose(session, stay, handoff, [slot(EARLY)], by=cast.ward_nurse, now=NOW)
        session.flush()
        (offered,) = slots_of(session, handoff.id)
        with pytest.raises(Overtaken):
            choose(session, stay, handoff, offered.id, by=cast.care_manager, now=later)
        assert not has_passed_slots(session, NOW)
        assert has_passed_slots(session, later)
        assert end_passed(session, later) == 1
        assert (offered.closed_why, handoff.proposed_at) == (SlotEnd.PASSED, None)
