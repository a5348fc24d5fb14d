"""A move to another ward or hospital tells the care manager by a handoff that is confirmed."""

from sqlmodel import Session, select

from handoffs.database import Database
from handoffs.handoff import Handoff, State, handoffs_of, state
from handoffs.notice import notices_of
from handoffs.parties import Staff
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.shown.worklist import worklist_of
from handoffs.statement import Means, statements_of
from handoffs.stays.amendment import amend, particulars_of
from handoffs.stays.discharge_undo import undo_discharge
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, leave, talked
from tests.people import NOW, Cast


def _moves(session: Session, library: Library, cast: Cast, stay: Stay, ward_id: int) -> None:
    entry = particulars_of(session, stay).model_copy(update={"ward_id": ward_id})
    amend(session, stay, entry, library=library, by=cast.discharge_nurse, now=NOW)
    session.flush()


def _told(session: Session, stay: Stay) -> list[Handoff]:
    kind = HandoffKind.WARD_MOVE_NOTICE
    return [h for h in handoffs_of(session, stay.id) if h.kind is kind and h.withdrawn_at is None]


def test_an_office_that_takes_part_has_it_on_its_list_and_confirms(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        _moves(session, library, cast, stay, cast.other_ward_id)
        (told,) = _told(session, stay)
        assert (told.sender, told.receiver) == (Party.HOSPITAL, Party.CARE_MANAGER)
        assert state(told, NOW) is State.SENT
        (said,) = [s for s in statements_of(session, stay.id) if s.handoff_id == told.id]
        assert said.means is Means.TSUNAGI
        work = worklist_of(session, cast.care_manager, library=library, now=NOW)
        tasks = [t for _, group in work.groups for one in group for t in one.tasks]
        assert told.id in {t.id for t in tasks if t.may_confirm}
        confirm(session, stay, told, received_on=day_of(NOW), by=cast.care_manager, now=NOW)
        assert state(told, NOW) is State.CONFIRMED
        assert notices_of(session, cast.care_manager) == ()


def test_an_office_where_nobody_signs_in_is_still_to_be_rung_up(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for one in session.exec(
            select(Staff).where(Staff.organization_id == cast.outsider_office_id)
        ):
            one.active = False
        plan = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.outsider_office_id)
        stay = admit_someone(session, library, cast, plan=plan)
        _moves(session, library, cast, stay, cast.other_ward_id)
        (told,) = _told(session, stay)
        assert state(told, NOW) is State.WAITING
        send(session, stay, told, talked(), by=cast.discharge_nurse, now=NOW)
        assert state(told, NOW) is State.SENT


def test_only_the_last_of_two_moves_waits_for_a_receipt(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        _moves(session, library, cast, stay, cast.other_ward_id)
        (first,) = _told(session, stay)
        _moves(session, library, cast, stay, cast.ward_id)
        (second,) = _told(session, stay)
        assert second.id != first.id
        assert first.withdrawn_at is not None


def test_whoever_wants_no_contact_and_whoever_has_no_office_are_told_of_to_nobody(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        unassigned = PlanEntry(status=PlanStatus.UNASSIGNED)
        for changes in ({"wants_no_contact": True}, {"plan": unassigned}):
            stay = admit_someone(session, library, cast, **changes)
            _moves(session, library, cast, stay, cast.other_ward_id)
            assert _told(session, stay) == []


def _transfers(session: Session, stay: Stay) -> list[Handoff]:
    kind = HandoffKind.TRANSFER_NOTICE
    return [h for h in handoffs_of(session, stay.id) if h.kind is kind and h.withdrawn_at is None]


def test_a_transfer_tells_the_care_manager_who_confirms(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW, destination=Destination.OTHER_HOSPITAL)
        (told,) = _transfers(session, stay)
        assert state(told, NOW) is State.SENT
        confirm(session, stay, told, received_on=day_of(NOW), by=cast.care_manager, now=NOW)
        assert state(told, NOW) is State.CONFIRMED


def test_a_transfer_that_was_none_is_news_no_more(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW, destination=Destination.OTHER_HOSPITAL)
        undo_discharge(
            session, stay, version=stay.version, library=library, by=cast.ward_nurse, now=NOW
        )
        assert _transfers(session, stay) == []
        leave(session, library, cast, stay, now=NOW, destination=Destination.HOME)
        assert _transfers(session, stay) == []
