from datetime import date, time, timedelta

import pytest

from handoffs.conference import (
    SlotEnd,
    SlotEntry,
    choose,
    none_fits,
    open_slots,
    propose,
    slots_of,
)
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act, events_of
from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.shown.meeting import meeting_of
from handoffs.statement import statements_of
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast

DAY = date(2026, 11, 25)


def slot(hour: int, day: date = DAY, place: str = "3階東") -> SlotEntry:
    return SlotEntry(day=day, starts_at=time(hour), ends_at=time(hour, 30), place=place)


def test_one_side_offers_the_other_chooses_and_both_see_the_appointment(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        nurse, manager = cast.ward_nurse, cast.care_manager
        offered = propose(session, stay, handoff, [slot(10), slot(14), slot(16)], by=nurse, now=NOW)
        session.flush()
        assert (handoff.proposed_at, handoff.choice_of) == (NOW, Party.CARE_MANAGER)
        with pytest.raises(NotPermitted, match="相手の側"):
            choose(session, stay, handoff, offered[1].id, by=cast.social_worker, now=NOW)
        for _ in range(2):
            choose(session, stay, handoff, offered[1].id, by=manager, now=NOW)
        slots = slots_of(session, handoff.id)
        assert [s.closed_why for s in slots] == [SlotEnd.NOT_CHOSEN, None, SlotEnd.NOT_CHOSEN]
        for actor in (nurse, manager):
            meeting = meeting_of(handoff, slots, stay, actor)
            assert meeting is not None
            assert meeting.appointment is not None
            assert (meeting.appointment.starts_at, meeting.may_choose) == (time(14), False)
        session.flush()
        chosen = [e for e in events_of(session, stay.id) if e.act is Act.CONFERENCE_CHOOSE]
        assert len(chosen) == 1
        assert (handoff.proposed_at, handoff.choice_of) == (None, None)
        # Nobody has met yet: an appointment is no contact.
        said = statements_of(session, stay.id)
        assert contact_about_discharge(stay, said) is Contact.UNKNOWN
        assert handoff.sent_at is None


def test_new_slots_close_the_old_ones_and_an_old_tab_chooses_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        nurse, manager = cast.ward_nurse, cast.care_manager
        (old,) = propose(session, stay, handoff, [slot(10)], by=nurse, now=NOW)
        session.flush()
        choose(session, stay, handoff, old.id, by=manager, now=NOW)
        (new,) = propose(session, stay, handoff, [slot(15)], by=manager, now=NOW)
        session.flush()
        assert handoff.choice_of is Party.HOSPITAL
        with pytest.raises(Overtaken):
            choose(session, stay, handoff, old.id, by=nurse, now=NOW)
        choose(session, stay, handoff, new.id, by=nurse, now=NOW)
        assert [s.id for s in open_slots(slots_of(session, handoff.id))] == [new.id]
        assert old.closed_why is SlotEnd.REPLACED


def test_whom_none_fits_says_so_with_words_that_the_other_side_reads(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        nurse, manager = cast.ward_nurse, cast.care_manager
        propose(session, stay, handoff, [slot(10), slot(11)], by=nurse, now=NOW)
        session.flush()
        with pytest.raises(Overtaken):
            none_fits(session, stay, handoff, "", by=nurse, now=NOW)
        none_fits(session, stay, handoff, "27日の午後なら", by=manager, now=NOW)
        assert handoff.choice_of is None
        meeting = meeting_of(handoff, slots_of(session, handoff.id), stay, nurse)
        assert meeting is not None
        assert (meeting.offered, meeting.no_fit) == ((), "27日の午後なら")
        with pytest.raises(Overtaken):
            none_fits(session, stay, handoff, "", by=manager, now=NOW)


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ([], "day-1"),
        ([slot(10), slot(11), slot(12), slot(13)], "day-1"),
        ([slot(10), slot(10, DAY - timedelta(days=9))], "day-2"),
        ([SlotEntry(day=DAY, starts_at=time(10), ends_at=time(10))], "ends_at-1"),
    ],
)
def test_slots_that_nobody_could_keep_are_refused(
    database: Database, cast: Cast, entries: list[SlotEntry], field: str
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        with pytest.raises(BadEntry) as refused:
            propose(session, stay, handoff, entries, by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {field}
        assert slots_of(session, handoff.id) == []


def test_only_the_two_sides_of_a_conference_agree_on_its_time(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        conference = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        other = make_handoff(session, stay)
        with pytest.raises(NotPermitted):
            propose(session, stay, conference, [slot(10)], by=cast.outsider, now=NOW)
        with pytest.raises(NotPermitted):
            propose(session, stay, other, [slot(10)], by=cast.ward_nurse, now=NOW)
