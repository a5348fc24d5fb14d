from sqlmodel import Session

from handoffs.by_hand import ByHandEntry, open_by_hand
from handoffs.database import Database
from handoffs.handoff import Handoff, State, handoffs_of, state
from handoffs.passing import send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.retraction import unwaive
from handoffs.shown.former import former_lines
from handoffs.stays.stay import Stay
from handoffs.waiving import waive
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, handoff_of, talked
from tests.people import NOW, Cast

REASON = "電話ですべて伝えた"


def _plans_now(
    session: Session, library: Library, cast: Cast, stay: Stay, office_id: int | None
) -> None:
    status = PlanStatus.UNASSIGNED if office_id is None else PlanStatus.ASSIGNED
    entry = PlanEntry(status=status, organization_id=office_id)
    change_plan_office(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
    session.flush()


def _standing(session: Session, stay: Stay, rule_id: str) -> Handoff | None:
    found = [h for h in handoffs_of(session, stay.id) if h.rule_id == rule_id]
    return next((h for h in found if h.withdrawn_at is None), None)


def test_what_was_not_needed_for_one_office_is_asked_again_for_the_next_with_the_reason_kept(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.DISCHARGE_NOTICE)
        asked = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        waive(session, notice, reason=REASON, by=nurse, now=NOW)
        waive(session, asked, reason=REASON, by=cast.care_manager, now=NOW)
        _plans_now(session, library, cast, stay, cast.outsider_office_id)
        for before in (notice, asked):
            anew = _standing(session, stay, before.rule_id)
            assert anew is not None
            assert (anew.id != before.id, anew.waived_at) == (True, None)
            assert not state(anew, NOW).is_done
        lines = former_lines(session, nurse, stay)
        assert [(line.words, line.stands) for line in lines] == [(REASON, False)] * 2
        unwaive(session, stay, notice, library=library, by=nurse, now=NOW)
        assert state(notice, NOW) is State.WITHDRAWN


def test_while_nobody_is_known_to_plan_and_for_the_same_office_a_reason_stands(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        asked = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        waive(session, asked, reason=REASON, by=cast.care_manager, now=NOW)
        for office_id in (cast.office_id, None, cast.office_id):
            _plans_now(session, library, cast, stay, office_id)
            assert _standing(session, stay, asked.rule_id) is asked
            assert state(asked, NOW) is State.WAIVED


def test_what_an_office_wanted_to_tell_itself_and_then_did_not_is_not_the_next_ones(
    database: Database, library: Library, cast: Cast
) -> None:
    kind = HandoffKind.CARE_PLAN_COPY
    entry = ByHandEntry(kind=kind, receiver=Party.HOSPITAL, reason="新しい計画を渡したい")
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        own, wished = (
            open_by_hand(session, stay, entry, by=by, now=NOW)
            for by in (cast.care_manager, cast.ward_nurse)
        )
        for handoff in (own, wished):
            waive(session, handoff, reason=REASON, by=cast.care_manager, now=NOW)
        _plans_now(session, library, cast, stay, cast.outsider_office_id)
        assert _standing(session, stay, own.rule_id) is own
        anew = _standing(session, stay, wished.rule_id)
        assert anew is not None
        assert (anew.id != wished.id, anew.text) == (True, entry.reason)


def test_what_the_earlier_office_sent_is_not_asked_for_a_second_time(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        given = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        send(session, stay, given, talked(), by=cast.care_manager, now=NOW)
        waive(session, given, reason=REASON, by=cast.care_manager, now=NOW)
        _plans_now(session, library, cast, stay, cast.outsider_office_id)
        assert _standing(session, stay, given.rule_id) is given
