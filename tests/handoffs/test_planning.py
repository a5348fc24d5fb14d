import pytest
from sqlmodel import select

from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.handoff import handoffs_of
from handoffs.history import Act, events_of
from handoffs.passing import send
from handoffs.plan_office import PlanArrangement, PlanOffice, PlanStatus, plan_office_of
from handoffs.planning import PlanEntry, change_plan_office, set_plan_office, take_charge
from handoffs.stays.certification import CareNeedLevel, Certification
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, make_stay, talked
from tests.people import NOW, Cast

UNTAKEN = {"care_manager_name": ""}


def test_the_care_manager_who_is_named_has_the_client_at_once(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        assert plan.care_manager_id == cast.care_manager.staff_id
        assert plan.arrangement is PlanArrangement.OFFICE


def test_a_copy_for_the_centre_makes_it_a_delegation(
    database: Database, library: Library, cast: Cast
) -> None:
    plan = PlanEntry(
        status=PlanStatus.ASSIGNED, organization_id=cast.office_id, via_center_id=cast.center_id
    )
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=plan, care_level=CareNeedLevel.SUPPORT_1)
        row = plan_office_of(session, stay.id)
        assert row is not None
        assert row.arrangement is PlanArrangement.DELEGATED
        assert find_stay(session, cast.center_staff, stay.id) is stay


def test_what_the_hospital_says_of_the_arrangement_wins_over_the_guess(
    database: Database, library: Library, cast: Cast
) -> None:
    plan = PlanEntry(
        status=PlanStatus.ASSIGNED,
        organization_id=cast.office_id,
        arrangement=PlanArrangement.FACILITY,
    )
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=plan)
        row = plan_office_of(session, stay.id)
        assert row is not None
        assert row.arrangement is PlanArrangement.FACILITY


def test_an_office_that_does_not_take_part_can_still_be_the_one_that_plans(
    database: Database, library: Library, cast: Cast
) -> None:
    plan = PlanEntry(status=PlanStatus.ASSIGNED, care_manager_name="よその 方")
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=plan)
        row = plan_office_of(session, stay.id)
        assert row is not None
        assert (row.organization_id, row.care_manager_id) == (None, None)
        assert handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).receiver_id is None


WRONG = [
    ("unassigned", "office_id", None, "plan_organization_id"),
    ("unknown", "office_id", None, "plan_organization_id"),
    ("assigned", "hospital_id", None, "plan_organization_id"),
    ("assigned", "health_center_id", None, "plan_organization_id"),
    ("paused", "missing", None, "plan_organization_id"),
    ("assigned", "office_id", "outsider_office_id", "via_center_id"),
    ("assigned", "office_id", "hospital_id", "via_center_id"),
    ("assigned", None, "missing", "via_center_id"),
]


@pytest.mark.parametrize(("status", "organization", "via", "field"), WRONG)
def test_an_organization_that_cannot_be_what_it_is_named_as_is_refused_beside_its_field(
    database: Database, cast: Cast, status: str, organization: str, via: str | None, field: str
) -> None:
    entry = PlanEntry(
        status=PlanStatus(status),
        organization_id=getattr(cast, organization, 999_999) if organization else None,
        via_center_id=getattr(cast, via, 999_999) if via else None,
    )
    with database.writing() as session:
        stay = make_stay(session, cast)
        with pytest.raises(BadEntry) as refused:
            set_plan_office(
                session, stay, entry, level=CareNeedLevel.CARE_1, by=cast.ward_nurse, now=NOW
            )
        assert set(refused.value.fields) == {field}


def test_a_centre_gets_no_copy_about_somebody_for_whom_nobody_plans(
    database: Database, cast: Cast
) -> None:
    entry = PlanEntry(status=PlanStatus.UNASSIGNED, via_center_id=cast.center_id)
    with database.writing() as session:
        stay = make_stay(session, cast)
        row = set_plan_office(
            session, stay, entry, level=CareNeedLevel.SUPPORT_1, by=cast.ward_nurse, now=NOW
        )
        assert row.via_center_id is None
        session.flush()
        with pytest.raises(NotVisible):
            find_stay(session, cast.center_staff, stay.id)


def test_when_the_office_changes_the_new_one_sees_the_stay_and_the_earlier_one_no_longer_does(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        version = stay.version
        change_plan_office(
            session,
            stay,
            PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.outsider_office_id),
            library=library,
            by=cast.discharge_nurse,
            now=NOW,
        )
        assert stay.version == version + 1
        assert find_stay(session, cast.outsider, stay.id) is stay
        with pytest.raises(NotVisible):
            find_stay(session, cast.care_manager, stay.id)
        assert {
            h.receiver_id for h in handoffs_of(session, stay.id) if h.receiver == "care_manager"
        } == {cast.outsider_office_id}
        acts = [event.act for event in events_of(session, stay.id)]
        assert acts.count(Act.STAY_PLAN_OFFICE) == 2


def test_what_was_sent_to_the_earlier_office_stays_as_it_was_sent(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        change_plan_office(
            session,
            stay,
            PlanEntry(status=PlanStatus.UNASSIGNED),
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        assert notice.withdrawn_at is None
        assert notice.receiver_id == cast.office_id
        kinds = {h.kind for h in handoffs_of(session, stay.id) if h.withdrawn_at is None}
        assert HandoffKind.ADMISSION_INFORMATION not in kinds
        assert HandoffKind.REFERRAL in kinds


def test_a_plan_office_can_be_named_where_no_certification_was_ever_written_down(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for certification in session.exec(select(Certification)):
            session.delete(certification)
        session.flush()
        row = change_plan_office(
            session,
            stay,
            PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.office_id),
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        assert row.arrangement is PlanArrangement.OFFICE


def test_an_office_cannot_say_who_plans(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        with pytest.raises(NotPermitted):
            change_plan_office(
                session, stay, PlanEntry(), library=library, by=cast.care_manager, now=NOW
            )


def test_a_client_whom_nobody_has_taken_is_taken_once(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        take_charge(session, stay, by=cast.colleague, now=NOW)
        take_charge(session, stay, by=cast.colleague, now=NOW)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        assert plan.care_manager_id == cast.colleague.staff_id
        assert plan.care_manager_name == cast.colleague.name
        session.flush()
        assert [e.act for e in events_of(session, stay.id)] == [Act.STAY_TAKE]
        with pytest.raises(NotPermitted, match="同じ事業所"):
            take_charge(session, stay, by=cast.care_manager, now=NOW)
        assert plan.care_manager_id == cast.colleague.staff_id


def test_nobody_takes_a_client_of_another_office_or_without_being_a_planner(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for stranger in (cast.outsider, cast.center_staff):
            with pytest.raises(NotPermitted, match="あなたの事業所ではありません"):
                take_charge(session, stay, by=stranger, now=NOW)
        with pytest.raises(NotPermitted, match="職種"):
            take_charge(session, stay, by=cast.ward_nurse, now=NOW)
        for row in session.exec(select(PlanOffice)):
            session.delete(row)
        session.flush()
        with pytest.raises(NotPermitted):
            take_charge(session, stay, by=cast.care_manager, now=NOW)


def test_a_new_office_is_told_although_the_earlier_one_was(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        first = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, first, talked(), by=cast.ward_nurse, now=NOW)
        entry = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.outsider_office_id)
        change_plan_office(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        session.flush()
        notices = [
            h for h in handoffs_of(session, stay.id) if h.kind is HandoffKind.ADMISSION_NOTICE
        ]
        assert [(h.receiver_id, h.withdrawn_at is None, h.sent_at is None) for h in notices] == [
            (cast.office_id, False, False),
            (cast.outsider_office_id, True, True),
        ]
