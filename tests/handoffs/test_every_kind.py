"""Every kind of handoff: opened, seen by both sides, late, passed on, confirmed, late but done."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from handoffs.by_hand import ROUTES, ByHandEntry, open_by_hand
from handoffs.database import Database
from handoffs.handoff import Handoff, State, state
from handoffs.missed import flag_overdue, flags_of
from handoffs.parties import Actor
from handoffs.passing import confirm, send
from handoffs.shown.overview import overview_of
from handoffs.shown.worklist import worklist_of
from handoffs.statement import Result
from handoffs.stays.consent import ConsentAnswer, ConsentGround
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, leave, talked
from tests.people import NOW, Cast

DAY = timedelta(days=1)
LATE = NOW + 3 * DAY
AFTER_LEAVING = {HandoffKind.AFTER_DISCHARGE_INFORMATION, HandoffKind.OUTCOME}
CASES = [(kind, receiver) for kind, (_, receivers) in ROUTES.items() for receiver in receivers]


def _side(cast: Cast, party: Party) -> Actor:
    return {
        Party.HOSPITAL: cast.discharge_nurse,
        Party.CARE_MANAGER: cast.care_manager,
        Party.COMMUNITY_SUPPORT_CENTER: cast.center_staff,
    }[party]


def _opened(
    session: Session, library: Library, cast: Cast, kind: HandoffKind, receiver: Party
) -> tuple[Stay, Handoff]:
    stay = admit_someone(
        session,
        library,
        cast,
        center_id=cast.center_id,
        consent=ConsentAnswer.GIVEN,
        consent_ground=ConsentGround.ORAL,
    )
    if kind in AFTER_LEAVING:
        leave(session, library, cast, stay, now=NOW)
    entry = ByHandEntry(
        kind=kind, receiver=receiver, reason="早めに知りたい", wanted_on=day_of(NOW) + DAY
    )
    handoff = open_by_hand(session, stay, entry, by=_side(cast, ROUTES[kind][0]), now=NOW)
    session.flush()
    return stay, handoff


def test_every_kind_of_the_glossary_can_be_opened() -> None:
    assert {kind for kind, _ in CASES} == set(HandoffKind)


@pytest.mark.parametrize(("kind", "receiver"), CASES)
def test_it_is_seen_by_both_sides_missed_passed_on_late_and_confirmed(
    database: Database, library: Library, cast: Cast, kind: HandoffKind, receiver: Party
) -> None:
    with database.writing() as session:
        stay, handoff = _opened(session, library, cast, kind, receiver)
        sender = _side(cast, handoff.sender)
        mine = overview_of(session, sender, stay.id, library=library, now=NOW)
        assert mine.task(handoff.id).may_send
    flag_overdue(database.writing, LATE)
    with database.writing() as session:
        handoff, stay = session.get_one(Handoff, handoff.id), session.get_one(Stay, stay.id)
        assert state(handoff, LATE) is State.MISSED
        assert handoff.id in {flag.handoff_id for flag in flags_of(session, stay.id)}
        work = worklist_of(session, sender, library=library, now=LATE)
        listed = {t.id for _, group in work.groups for one in group for t in one.tasks}
        assert handoff.id in listed
        result = Result.ADVISED if receiver is Party.PERSON_OR_FAMILY else Result.SENT
        send(session, stay, handoff, talked(day_of(LATE), result=result), by=sender, now=LATE)
        session.flush()
        assert handoff.is_done_late
        if receiver is Party.PERSON_OR_FAMILY:
            assert state(handoff, LATE) is State.CONFIRMED
            return
        other = _side(cast, receiver)
        theirs = overview_of(session, other, stay.id, library=library, now=LATE)
        assert theirs.task(handoff.id).may_confirm
        work = worklist_of(session, other, library=library, now=LATE)
        asked = {t.id for _, group in work.groups for one in group for t in one.tasks}
        gone = kind in {HandoffKind.ADMISSION_NOTICE, HandoffKind.ADMISSION_INFORMATION}
        assert handoff.id in asked or (gone and not stay.is_open)
        confirm(session, stay, handoff, received_on=day_of(LATE), by=other, now=LATE)
        session.flush()
        assert state(handoff, LATE) is State.CONFIRMED
        for actor in (sender, other):
            seen = overview_of(session, actor, stay.id, library=library, now=LATE)
            assert handoff.id in {task.id for task in seen.done_tasks}
