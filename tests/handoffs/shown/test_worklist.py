"""Whose turn it is, in which group and in which order."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from handoffs.conference import SlotEntry, choose, propose
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.rates.coordination import Contact
from handoffs.shown.worklist import Relation, Worklist, worklist_of
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import HandoffKind, Library, Party
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)
FROM_OFFICE = {"sender": Party.CARE_MANAGER, "receiver": Party.HOSPITAL}


def work(database: Database, library: Library, actor: Actor) -> Worklist:
    with database.reading() as session:
        return worklist_of(session, actor, library=library, now=NOW)


def groups(found: Worklist) -> dict[Relation, list[int]]:
    return {
        relation: [client.person.stay_id for client in clients]
        for relation, clients in found.groups
    }


def test_clients_stand_in_groups_sorted_by_the_clock(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        later = make_stay(session, cast, care_manager=cast.care_manager)
        sooner = make_stay(session, cast, care_manager=cast.care_manager)
        untaken = make_stay(session, cast)
        theirs = make_stay(session, cast, care_manager=cast.colleague)
        for stay, days in ((later, 3), (sooner, 1), (theirs, 2)):
            make_handoff(session, stay, due_on=TODAY + timedelta(days=days), **FROM_OFFICE)
    assert groups(work(database, library, cast.care_manager)) == {
        Relation.OWN: [sooner.id, later.id],
        Relation.UNTAKEN: [untaken.id],
    }
    whole = replace(cast.care_manager, with_colleagues=True)
    found = work(database, library, whole)
    assert groups(found)[Relation.COLLEAGUE] == [theirs.id]
    assert found.count == 3


def test_a_centre_confirms_what_it_was_told(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, plan=PlanStatus.UNASSIGNED, center_id=cast.center_id)
        make_handoff(
            session,
            stay,
            kind=HandoffKind.REFERRAL,
            receiver=Party.COMMUNITY_SUPPORT_CENTER,
            receiver_id=cast.center_id,
            sent_at=NOW,
        )
    assert groups(work(database, library, cast.center_staff)) == {Relation.TOLD: [stay.id]}
    assert groups(work(database, library, cast.other_center_staff)) == {}


def test_a_hospital_has_its_own_ward_first(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        own = make_stay(session, cast)
        other = make_stay(session, cast, ward_id=cast.other_ward_id)
        idle = make_stay(session, cast)
        make_handoff(session, own)
        make_handoff(session, other)
    found = groups(work(database, library, cast.ward_nurse))
    assert found == {Relation.OWN_WARD: [own.id], Relation.OTHER_WARD: [other.id]}
    assert idle.id not in found[Relation.OWN_WARD]


def test_after_the_discharge_only_news_of_the_discharge_counts(
    database: Database, library: Library, cast: Cast
) -> None:
    left: dict[str, Any] = {"discharged_on": TODAY, "destination": Destination.HOME}
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager, **left)
        make_handoff(session, stay, kind=HandoffKind.ADMISSION_INFORMATION, **FROM_OFFICE)
        make_handoff(session, stay, kind=HandoffKind.DISCHARGE_INFORMATION, sent_at=NOW)
        make_stay(session, cast, **left)
    ((relation, (client,)),) = work(database, library, cast.care_manager).groups
    assert relation is Relation.OWN
    assert [task.kind for task in client.tasks] == [HandoffKind.DISCHARGE_INFORMATION]


def test_after_the_discharge_no_conference_is_asked_for_and_after_a_death_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for destination in (Destination.HOME, Destination.DEATH):
            stay = make_stay(session, cast, discharged_on=TODAY, destination=destination)
            make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
            make_handoff(session, stay, kind=HandoffKind.DISCHARGE_INFORMATION, rule_id="other")
            if destination is Destination.HOME:
                home = stay.id
    found = work(database, library, cast.ward_nurse)
    tasks = [
        (client.person.stay_id, task.kind)
        for _, clients in found.groups
        for client in clients
        for task in client.tasks
    ]
    assert tasks == [(home, HandoffKind.DISCHARGE_INFORMATION)]


def test_whoever_left_long_ago_is_on_no_list(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(
            session,
            cast,
            care_manager=cast.care_manager,
            admitted_on=TODAY - timedelta(days=50),
            discharged_on=TODAY - timedelta(days=32),
            destination=Destination.HOME,
        )
        make_handoff(session, stay, sent_at=NOW)
    assert work(database, library, cast.care_manager).groups == ()


def test_the_health_centre_has_nothing_to_do(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        make_handoff(session, make_stay(session, cast))
    assert work(database, library, cast.health_officer).groups == ()


def test_a_long_list_comes_in_pages_and_counts_as_a_whole(
    database: Database, library: Library, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoffs.shown.worklist.PAGE_CLIENTS", 2)
    with database.writing() as session:
        stays = [make_stay(session, cast, care_manager=cast.care_manager) for _ in range(3)]
        for days, stay in enumerate(stays, start=1):
            make_handoff(session, stay, due_on=TODAY + timedelta(days=days), **FROM_OFFICE)
    with database.reading() as session:
        found = [
            worklist_of(session, cast.care_manager, library=library, now=NOW, page=page)
            for page in (1, 2, 99)
        ]
    shown = [groups(one)[Relation.OWN] for one in found]
    assert shown == [[stays[0].id, stays[1].id], [stays[2].id], [stays[2].id]]
    assert {(one.count, one.pages) for one in found} == {(3, 2)}
    assert found[2].page == 2


def test_a_hospital_narrows_its_list_down_to_a_ward(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        here = make_stay(session, cast)
        there = make_stay(session, cast, ward_id=cast.other_ward_id)
        for stay in (here, there):
            make_handoff(session, stay, due_on=TODAY + timedelta(days=1))
    with database.reading() as session:
        found = worklist_of(
            session,
            cast.discharge_nurse,
            library=library,
            now=NOW,
            ward_id=cast.other_ward_id,
        )
    assert list(groups(found).values()) == [[there.id]]


def test_both_sides_see_on_the_list_what_they_say_of_a_contact_and_clear_up_what_differs(
    database: Database, library: Library, cast: Cast
) -> None:
    heard, talked = (Side.PLAN_OFFICE, Result.NOTHING_HEARD), (Side.HOSPITAL, Result.TALKED)
    said: tuple[tuple[Contact | None, tuple[tuple[Side, Result], ...]], ...] = (
        (None, ()),
        (Contact.HOSPITAL_ONLY, (talked,)),
        (Contact.THROUGH_FAMILY, ((Side.PLAN_OFFICE, Result.THROUGH_FAMILY),)),
        (Contact.CONTRADICTED, (talked, heard)),
    )
    planned: dict[str, Any] = {
        "planned_discharge_on": TODAY,
        "planned_certainty": PlannedCertainty.FIXED,
    }
    expected: dict[int, Contact | None] = {}
    with database.writing() as session:
        for contact, claims in said:
            stay = make_stay(session, cast, care_manager=cast.care_manager)
            expected[stay.id] = contact
            for side, result in claims:
                make_statement(session, stay, side, result)
            if contact is not Contact.CONTRADICTED:
                make_handoff(session, stay, **FROM_OFFICE)
        leaving = make_stay(session, cast, care_manager=cast.care_manager, **planned)
        make_handoff(session, leaving, **FROM_OFFICE)
        expected[leaving.id] = Contact.UNKNOWN
        dead = make_stay(session, cast, discharged_on=TODAY, destination=Destination.DEATH)
        for side, result in (talked, heard):
            make_statement(session, dead, side, result)

    def both(actor: Actor) -> dict[int, Contact | None]:
        found = work(database, library, actor).groups
        return {one.person.stay_id: one.both for _, ones in found for one in ones}

    assert both(cast.care_manager) == expected
    differing = {id_: one for id_, one in expected.items() if one is Contact.CONTRADICTED}
    assert both(cast.ward_nurse) == differing, "nothing else is the ward's turn"


def test_times_that_the_other_side_proposes_stand_on_its_list_until_one_is_chosen(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = SlotEntry(day=TODAY + timedelta(days=2), starts_at=time(10), ends_at=time(11))
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager, center_id=cast.center_id)
        handoff = make_handoff(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        (slot,) = propose(session, stay, handoff, [entry], by=cast.ward_nurse, now=NOW)
        session.flush()
        slot_id, stay_id, handoff_id = slot.id, stay.id, handoff.id
    ((_, (client,)),) = work(database, library, cast.care_manager).groups
    assert [(task.id, task.is_choice, task.clock) for task in client.tasks] == [
        (handoff_id, True, (1, entry.day))
    ]
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        handoff = session.get_one(Handoff, handoff_id)
        choose(session, stay, handoff, slot_id, by=cast.care_manager, now=NOW)
    assert work(database, library, cast.care_manager).groups == ()
