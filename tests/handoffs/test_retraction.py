from datetime import date, timedelta

import pytest
from sqlmodel import select

from handoffs.claim import claim
from handoffs.database import Database
from handoffs.decline import DeclineEntry, DeclineReason, decline
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import Handoff, State, state
from handoffs.history import Act, events_of
from handoffs.missed import flag_overdue, flags_of
from handoffs.passing import confirm, note_delivered, send
from handoffs.rates.cases import discharged_cases
from handoffs.rates.coordination import Contact
from handoffs.retraction import retract, undecline, unwaive
from handoffs.shown.dossier import dossiers_of
from handoffs.statement import Result, Statement, Topic, statements_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import late_from
from handoffs.waiving import waive
from rules import HandoffKind, Library
from tests.factories import (
    ADMITTED,
    admit_someone,
    handoff_of,
    leave,
    make_handoff,
    make_stay,
    talked,
)
from tests.people import NOW, REGION, Cast

LATER = NOW + timedelta(hours=1)


def test_what_was_taken_back_stays_and_claims_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        said = claim(
            session,
            stay,
            talked(content="言い間違い"),
            topic=Topic.DISCHARGE,
            by=cast.ward_nurse,
            now=NOW,
        )
        session.flush()
        row = retract(session, stay, said.id, library=library, by=cast.discharge_nurse, now=LATER)
        session.flush()
        assert statements_of(session, stay.id) == []
        assert {s.id for s in session.exec(select(Statement))} == {said.id, row.id}
        assert (row.retracts_id, row.content, said.content) == (said.id, "", "言い間違い")
        acts = [event.act for event in events_of(session, stay.id)]
        assert acts == [Act.STATEMENT_MAKE, Act.STATEMENT_RETRACT]
        assert "間違い" not in str([e.detail for e in events_of(session, stay.id)])


def test_contact_and_rates_read_as_if_it_had_not_been_said(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        topic, by = Topic.DISCHARGE, cast.ward_nurse
        said = claim(session, stay, talked(), topic=topic, by=by, now=NOW)
        leave(session, library, cast, stay, now=NOW)
        session.flush()
        (before,) = discharged_cases(session, REGION, date(2026, 11, 1), NOW)
        retract(session, stay, said.id, library=library, by=by, now=LATER)
        session.flush()
        (after,) = discharged_cases(session, REGION, date(2026, 11, 1), NOW)
        (dossier,) = dossiers_of(session, [stay])
        assert before.contact is Contact.HOSPITAL_ONLY
        assert after.contact is Contact.UNKNOWN
        assert dossier.contact is Contact.UNKNOWN


def test_taking_back_twice_makes_one_row(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        by = cast.ward_nurse
        said = claim(session, stay, talked(), topic=Topic.OTHER, by=by, now=NOW)
        session.flush()
        first = retract(session, stay, said.id, library=library, by=by, now=LATER)
        assert retract(session, stay, said.id, library=library, by=by, now=LATER) is first
        with pytest.raises(NotVisible):
            retract(session, stay, first.id, library=library, by=by, now=LATER)


def test_nobody_takes_back_the_other_sides_word_or_that_of_another_stay(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay, other = make_stay(session, cast), make_stay(session, cast)
        said = claim(session, stay, talked(), topic=Topic.DISCHARGE, by=cast.ward_nurse, now=NOW)
        session.flush()
        for name in ("care_manager", "outsider", "other_nurse"):
            with pytest.raises(NotPermitted, match="記録した側"):
                retract(session, stay, said.id, library=library, by=cast.people[name], now=NOW)
        with pytest.raises(NotVisible):
            retract(session, other, said.id, library=library, by=cast.ward_nurse, now=NOW)
        assert len(statements_of(session, stay.id)) == 1


def test_a_sending_that_was_taken_back_is_work_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        said = send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        note_delivered(session, handoff, at=NOW, now=NOW)
        assert state(handoff, NOW) is State.DELIVERED
        session.flush()
        retract(session, stay, said.id, library=library, by=cast.ward_nurse, now=LATER)
        assert (handoff.sent_at, handoff.sent_by, handoff.delivered_at) == (None, None, None)
        assert (handoff.passed_on, state(handoff, NOW)) == (None, State.WAITING)


def test_another_sending_and_the_receipt_outlive_the_one_that_was_taken_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        first = send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        send(session, stay, handoff, talked(), by=cast.discharge_nurse, now=LATER)
        session.flush()
        retract(session, stay, first.id, library=library, by=cast.ward_nurse, now=LATER)
        assert (handoff.sent_at, handoff.sent_by) == (LATER, cast.discharge_nurse.staff_id)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=LATER)
        session.flush()
        (receipt,) = (s for s in statements_of(session, stay.id) if s.result is Result.RECEIVED)
        retract(session, stay, receipt.id, library=library, by=cast.colleague, now=LATER)
        assert (handoff.sent_at, handoff.confirmed_at) == (LATER, None)
        assert state(handoff, NOW) is State.SENT


def test_a_flag_that_the_mistake_had_closed_stands_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        assert handoff.due_on is not None
        stay_id, handoff_id, late = stay.id, handoff.id, late_from(handoff.due_on)
    assert flag_overdue(database.writing, late) == 1
    with database.writing() as session:
        stay, handoff = session.get_one(Stay, stay_id), session.get_one(Handoff, handoff_id)
        said = send(session, stay, handoff, talked(), by=cast.ward_nurse, now=late)
        session.flush()
        assert [f.closed_at for f in flags_of(session, stay_id)] == [late]
        retract(session, stay, said.id, library=library, by=cast.ward_nurse, now=late)
        assert [f.closed_at for f in flags_of(session, stay_id)] == [None]
        assert state(handoff, late) is State.MISSED


def test_the_notice_that_was_taken_back_leaves_the_office_before_notice_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        assert state(information, NOW) is State.BEFORE_NOTICE
        said = send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        session.flush()
        assert state(information, NOW) is State.WAITING
        retract(session, stay, said.id, library=library, by=cast.ward_nurse, now=LATER)
        assert state(information, NOW) is State.BEFORE_NOTICE


def test_what_is_needed_after_all_is_open_again_and_keeps_its_history(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        nurse = cast.ward_nurse
        waive(session, handoff, reason="家族が届けた", by=nurse, now=NOW)
        with pytest.raises(NotPermitted):
            unwaive(session, stay, handoff, library=library, by=cast.care_manager, now=LATER)
        for _ in range(2):
            unwaive(session, stay, handoff, library=library, by=nurse, now=LATER)
        session.flush()
        assert state(handoff, NOW) is State.WAITING
        acts = [event.act for event in events_of(session, stay.id)]
        assert acts == [Act.HANDOFF_WAIVE, Act.HANDOFF_UNDO]


def test_an_answer_is_taken_back_by_whoever_gave_it(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = DeclineEntry(reason=DeclineReason.NOT_A_CLIENT)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        decline(session, stay, handoff, entry, by=cast.care_manager, now=NOW)
        session.flush()
        assert state(handoff, NOW) is State.DECLINED
        with pytest.raises(NotPermitted):
            undecline(session, stay, handoff, by=cast.ward_nurse, now=NOW)
        for _ in range(2):
            undecline(session, stay, handoff, by=cast.colleague, now=NOW)
        assert state(handoff, NOW) is State.SENT
        session.flush()
        undone = [e for e in events_of(session, stay.id) if e.act is Act.HANDOFF_UNDO]
        assert len(undone) == 1
