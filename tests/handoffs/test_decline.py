from datetime import timedelta

import pytest

from handoffs.access import visible_stays
from handoffs.by_hand import ByHandEntry, open_by_hand
from handoffs.database import Database
from handoffs.decline import (
    TOLD_FOR,
    DeclineEntry,
    DeclineReason,
    decline,
    decline_of,
    sent_elsewhere,
)
from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import Handoff, State, handoffs_of, state
from handoffs.history import Act, events_of
from handoffs.passing import confirm, send
from handoffs.plan_office import plan_office_of
from handoffs.rerouting import receivers_for, reroute
from rules import HandoffKind, Library, Party
from tests.factories import ADMITTED, admit_someone, handoff_of, make_handoff, make_stay, talked
from tests.people import NOW, Cast

NOT_OURS = DeclineEntry(reason=DeclineReason.CHANGED_OFFICE, words="先月から隣の事業所です")


def test_what_was_declined_is_the_senders_work_and_says_why(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        decline(session, stay, handoff, NOT_OURS, by=cast.care_manager, now=NOW)
        session.flush()
        answer = decline_of(session, handoff.id)
        assert state(handoff, NOW) is State.DECLINED
        assert not State.DECLINED.is_done
        assert answer is not None
        assert (answer.reason, answer.words) == (NOT_OURS.reason, NOT_OURS.words)
        assert NOT_OURS.words not in str([e.detail for e in events_of(session, stay.id)])


def test_only_the_receiving_side_declines_and_only_before_it_confirmed(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        for name in ("ward_nurse", "outsider", "other_nurse"):
            with pytest.raises(NotPermitted):
                decline(session, stay, handoff, NOT_OURS, by=cast.people[name], now=NOW)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        with pytest.raises(NotPermitted, match="すでに返事"):
            decline(session, stay, handoff, NOT_OURS, by=cast.care_manager, now=NOW)


@pytest.mark.parametrize("suggested", ["own", "hospital"])
def test_a_suggestion_must_be_somebody_else_who_plans(
    database: Database, cast: Cast, suggested: str
) -> None:
    wrong = {"own": cast.office_id, "hospital": cast.hospital_id}[suggested]
    entry = NOT_OURS.model_copy(update={"suggested_id": wrong})
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        with pytest.raises(BadEntry) as refused:
            decline(session, stay, handoff, entry, by=cast.care_manager, now=NOW)
        assert set(refused.value.fields) == {"suggested"}
        assert handoff.declined_at is None


def test_another_reason_needs_a_word(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        entry = DeclineEntry(reason=DeclineReason.OTHER)
        with pytest.raises(BadEntry):
            decline(session, stay, handoff, entry, by=cast.care_manager, now=NOW)


def test_sent_elsewhere_the_new_office_is_told_and_the_old_one_reads_a_code(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        decline(session, stay, notice, NOT_OURS, by=cast.care_manager, now=NOW)
        session.flush()
        new = cast.outsider_office_id
        nurse = cast.ward_nurse
        reroute(session, stay, notice, new, library=library, by=nurse, now=NOW)
        session.flush()
        again = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        assert (plan.organization_id, again.receiver_id) == (new, new)
        assert (again.id != notice.id, again.sent_at, notice.withdrawn_at) == (True, None, NOW)
        assert session.exec(visible_stays(cast.care_manager)).all() == []
        assert session.exec(visible_stays(cast.outsider)).all() == [stay]
        (told,) = sent_elsewhere(session, cast.care_manager, NOW)
        assert (told.code, told.kind) == (stay.code, HandoffKind.ADMISSION_NOTICE)
        later = NOW + TOLD_FOR + timedelta(seconds=1)
        assert sent_elsewhere(session, cast.care_manager, later) == ()
        assert sent_elsewhere(session, cast.outsider, NOW) == ()
        assert Act.HANDOFF_REROUTE in {e.act for e in events_of(session, stay.id)}


def test_a_centre_that_declined_is_replaced_by_another_centre(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, center_id=cast.center_id)
        handoff = make_handoff(
            session,
            stay,
            rule_id="by-hand-1",
            kind=HandoffKind.REFERRAL,
            receiver=Party.COMMUNITY_SUPPORT_CENTER,
            receiver_id=cast.center_id,
        )
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        decline(session, stay, handoff, NOT_OURS, by=cast.center_staff, now=NOW)
        session.flush()
        known = {o.id for o in receivers_for(session, stay, handoff, cast.ward_nurse)}
        assert known == {cast.other_center_id}
        nurse, new = cast.ward_nurse, cast.other_center_id
        with pytest.raises(BadEntry):
            reroute(session, stay, handoff, cast.office_id, library=library, by=nurse, now=NOW)
        reroute(session, stay, handoff, new, library=library, by=nurse, now=NOW)
        session.flush()
        (carried,) = _standing(handoffs_of(session, stay.id), HandoffKind.REFERRAL)
        assert (stay.center_id, carried.receiver_id, carried.sent_at) == (new, new, None)


def _standing(handoffs: list[Handoff], kind: HandoffKind) -> list[Handoff]:
    return [h for h in handoffs if h.kind is kind and h.withdrawn_at is None and h.is_by_hand]


def test_what_was_opened_by_hand_goes_along_to_the_new_office(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = ByHandEntry(
        kind=HandoffKind.DISCHARGE_INFORMATION, receiver=Party.CARE_MANAGER, reason="早めに相談"
    )
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        nurse = cast.ward_nurse
        handoff = open_by_hand(session, stay, entry, by=nurse, now=NOW)
        send(session, stay, handoff, talked(), by=nurse, now=NOW)
        decline(session, stay, handoff, NOT_OURS, by=cast.care_manager, now=NOW)
        session.flush()
        new = cast.outsider_office_id
        reroute(session, stay, handoff, new, library=library, by=nurse, now=NOW)
        session.flush()
        (carried,) = _standing(handoffs_of(session, stay.id), entry.kind)
        assert (carried.receiver_id, carried.text, carried.sent_at) == (new, entry.reason, None)


def test_nothing_is_rerouted_without_an_answer(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        new = cast.outsider_office_id
        with pytest.raises(NotPermitted):
            reroute(session, stay, handoff, new, library=library, by=cast.ward_nurse, now=NOW)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        decline(session, stay, handoff, NOT_OURS, by=cast.care_manager, now=NOW)
        with pytest.raises(NotPermitted):
            reroute(session, stay, handoff, new, library=library, by=cast.care_manager, now=NOW)
