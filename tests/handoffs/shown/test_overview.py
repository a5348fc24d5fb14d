"""Everything that the page of a stay says."""

from dataclasses import FrozenInstanceError
from datetime import date, time

import pytest
from sqlmodel import select

from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion, assess
from handoffs.errors import NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanArrangement, PlanStatus
from handoffs.planning import PlanEntry
from handoffs.shown.account import CLOCK
from handoffs.shown.overview import Overview, overview_of
from handoffs.shown.worklist import Relation
from handoffs.statement import Result, Side, Topic, state_contact
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.consent import ConsentAnswer, ConsentGround
from handoffs.stays.contacts import ContactPerson, ContactRole
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.patients import Patient
from handoffs.stays.stay import PlannedCertainty
from handoffs.waiving import waive
from rules import Coordination, HandoffKind, Library, Party
from tests.factories import (
    admit_someone,
    handoff_of,
    make_handoff,
    make_statement,
    make_stay,
    talked,
)
from tests.people import NAMES, NOW, Cast


def overview(database: Database, library: Library, actor: Actor, stay_id: int) -> Overview:
    with database.reading() as session:
        return overview_of(session, actor, stay_id, library=library, now=NOW)


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody admitted today with everything that a registration can say."""
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            center_id=cast.center_id,
            consent=ConsentAnswer.GIVEN,
            consent_ground=ConsentGround.ORAL,
            plan=PlanEntry(
                status=PlanStatus.ASSIGNED,
                organization_id=cast.office_id,
                care_manager_name=NAMES["care_manager"],
                via_center_id=cast.center_id,
            ),
        )
        session.add(
            ContactPerson(
                stay_id=stay.id, role=ContactRole.KEY_PERSON, name="見本 長女", recorded_at=NOW
            )
        )
        return stay.id


def test_the_page_says_what_the_record_knows(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    seen = overview(database, library, cast.care_manager, stay_id)
    assert (seen.person.age, seen.hospital, seen.ward) == (86, "見本中央病院", "3階東")
    assert seen.certification.level is CareNeedLevel.CARE_2
    assert seen.certification.application is Application.NONE
    assert seen.consent is not None
    assert (seen.consent.answer, seen.consent.ground) == (ConsentAnswer.GIVEN, ConsentGround.ORAL)
    assert (seen.plan.office, seen.plan.care_manager) == (
        "見本ケアプランセンター",
        NAMES["care_manager"],
    )
    assert seen.plan.arrangement is PlanArrangement.DELEGATED
    assert seen.plan.via_center == seen.center == "見本市地域包括支援センター"
    assert seen.plan.is_taken
    assert seen.relation is Relation.OWN
    assert (seen.contact_staff, seen.contact_role) == (NAMES["ward_nurse"], "病棟看護師")
    assert [contact.name for contact in seen.contacts] == ["見本 長女"]
    assert {"care_level", "care_manager"} <= seen.recorded
    assert seen.is_open


def test_what_is_shown_cannot_be_changed(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    seen = overview(database, library, cast.ward_nurse, stay_id)
    with pytest.raises(FrozenInstanceError):
        seen.ward = "別の病棟"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["outsider", "other_nurse", "health_officer", "colleague"])
def test_nobody_else_sees_anything(
    database: Database, library: Library, cast: Cast, stay_id: int, name: str
) -> None:
    with pytest.raises(NotVisible):
        overview(database, library, cast.people[name], stay_id)


def test_a_bare_stay_is_shown_with_its_gaps(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, plan=PlanStatus.UNKNOWN)
    seen = overview(database, library, cast.ward_nurse, stay.id)
    assert (seen.decision, seen.consent, seen.center, seen.contact_staff) == (None, None, "", "")
    assert (seen.plan.office, seen.plan.status) == ("", PlanStatus.UNKNOWN)
    assert seen.answers == {}


def test_a_stay_without_any_row_beside_it_is_shown(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for table in ("certification", "plan_office"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - fixed names.
    seen = overview(database, library, cast.ward_nurse, stay.id)
    assert seen.certification.level is CareNeedLevel.UNKNOWN
    assert seen.plan.status is PlanStatus.UNKNOWN


def test_the_decision_is_shown_in_the_papers_own_words(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    decision = overview(database, library, cast.ward_nurse, stay_id).decision
    assert decision is not None
    assert decision.coordination is Coordination.REQUIRED
    assert [clause.source for clause in decision.because] == ["手引き(架空) 4頁 第2条(1)"]
    assert decision.edition == "見本医療圏 退院調整ルール(架空の見本)"
    assert decision.in_force == date(2024, 4, 1)
    assert (decision.occasion, decision.made_by) == (Occasion.ADMISSION, NAMES["ward_nurse"])
    assert decision.source_title


def test_a_decision_whose_edition_is_gone_reads_as_it_was_given(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    assert library.editions
    decision = overview(database, Library(()), cast.ward_nurse, stay_id).decision
    assert decision is not None
    assert decision.edition == "見本医療圏 退院調整ルール(架空の見本)"
    assert (decision.source_title, decision.partial) == ("", False)


def test_a_decision_without_words_shows_its_region(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        made = session.exec(select(Assessment)).one()
        session.add(Assessment(**made.model_dump(exclude={"id", "outcome", "judged_by"})))
    assert library.editions
    decision = overview(database, Library(()), cast.ward_nurse, stay_id).decision
    assert decision is not None
    assert (decision.edition, decision.made_by) == ("mihon", "")
    assert (decision.because, decision.missing) == ((), ())


def test_what_is_missing_is_named_by_its_label(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=PlanEntry())
        assess(session, stay, {"eating": "independent"}, library=library, by=None, now=NOW)
    seen = overview(database, library, cast.ward_nurse, stay.id)
    assert seen.decision is not None
    assert "立ち上がり・歩行" in seen.decision.missing
    assert "食事" not in seen.decision.missing
    assert seen.answers["eating"] == "independent"


def test_open_and_done_handoffs_stand_apart(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        confirm(session, stay, notice, received_on=stay.admitted_on, by=cast.care_manager, now=NOW)
        conference = handoff_of(session, stay, HandoffKind.DISCHARGE_CONFERENCE)
        waive(session, conference, reason="家族と相談済み", by=cast.ward_nurse, now=NOW)
    seen = overview(database, library, cast.ward_nurse, stay_id)
    assert {task.kind for task in seen.done_tasks} == {
        HandoffKind.ADMISSION_NOTICE,
        HandoffKind.DISCHARGE_CONFERENCE,
    }
    assert HandoffKind.ADMISSION_INFORMATION in {task.kind for task in seen.open_tasks}
    assert seen.task(notice.id).confirmed_at == NOW
    with pytest.raises(NotVisible):
        seen.task(999_999)


def test_the_history_of_the_planned_date_keeps_the_old_ones(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        for version, day in enumerate((date(2026, 12, 4), date(2026, 12, 11)), start=1):
            entry = PlannedDischargeEntry(
                planned_discharge_on=day, planned_certainty=PlannedCertainty.ABOUT, version=version
            )
            plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
    changes = overview(database, library, cast.ward_nurse, stay_id).planned_changes
    assert [(c.detail["from"], c.detail["to"]) for c in changes] == [
        (None, date(2026, 12, 4)),
        (date(2026, 12, 4), date(2026, 12, 11)),
    ]
    assert changes[1].detail["certainty"] is PlannedCertainty.ABOUT
    assert changes[1].by == NAMES["ward_nurse"]


def test_both_sides_words_are_kept_apart(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        make_statement(session, stay, Side.PLAN_OFFICE, Result.NOTHING_HEARD)
        make_statement(session, stay, Side.HOSPITAL, Result.TALKED)
    seen = overview(database, library, cast.ward_nurse, stay.id)
    assert [said.result for said in seen.said_by(Side.HOSPITAL)] == [Result.TALKED]
    assert [said.result for said in seen.said_by(Side.PLAN_OFFICE)] == [Result.NOTHING_HEARD]


def test_the_history_names_who_did_what_and_leaves_looking_out(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        record(session, cast.ward_nurse, Act.STAY_READ, now=NOW, stay_id=stay.id)
        record(session, cast.ward_nurse, Act.STAY_TAKE, now=NOW, stay_id=stay.id)
        record(
            session,
            None,
            Act.HANDOFF_OVERDUE,
            now=NOW,
            stay_id=stay.id,
            handoff_id=handoff.id,
            detail={"due": date(2026, 11, 19), "coordination": "of-another-time", "n": 3},
        )
    by_person, by_clock = overview(database, library, cast.ward_nurse, stay.id).events
    assert (by_person.by, by_person.organization) == (NAMES["ward_nurse"], "見本中央病院")
    assert (by_clock.by, by_clock.organization, by_clock.about) == (
        CLOCK,
        "",
        "退院調整開始の連絡",
    )
    assert by_clock.detail == {
        "due": date(2026, 11, 19),
        "coordination": "of-another-time",
        "n": 3,
    }


def test_a_statement_names_its_writer(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        confirm(session, stay, notice, received_on=stay.admitted_on, by=cast.care_manager, now=NOW)
    (said,) = overview(database, library, cast.ward_nurse, stay_id).statements
    assert (said.by, said.side) == (NAMES["care_manager"], Side.PLAN_OFFICE)


def test_hidden_whereabouts_are_told_to_the_hospital_alone(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        patient = session.exec(select(Patient)).one()
        patient.whereabouts_hidden, patient.in_region = True, True
        patient.municipality, patient.address = "ひみつ市", "ひみつ町1"
        patient.telephone = "00-0000-0000"

    def told(actor: Actor) -> set[object]:
        seen = overview(database, library, actor, stay_id)
        where = {seen.municipality, seen.address, seen.telephone, seen.in_region, seen.center}
        return where | set(seen.contacts)

    def receivers(actor: Actor) -> set[str]:
        return {task.receiver_name for task in overview(database, library, actor, stay_id).tasks}

    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        make_handoff(
            session,
            stay,
            receiver=Party.COMMUNITY_SUPPORT_CENTER,
            receiver_id=cast.center_id,
        )
    assert "見本市地域包括支援センター" in receivers(cast.ward_nurse)
    assert "見本市地域包括支援センター" not in receivers(cast.care_manager)
    assert told(cast.care_manager) == {"", None}
    assert {"ひみつ市", "ひみつ町1", "00-0000-0000", True} < told(cast.ward_nurse)
    assert len(told(cast.ward_nurse)) == 6


def test_the_evidence_of_a_fee_is_shown_to_the_office_alone_that_wrote_it(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        evidence = talked(happened_time=time(9, 30), content="伝えた内容", counterpart="受けた人")
        send(session, stay, information, evidence, by=cast.care_manager, now=NOW)
    (own,) = overview(database, library, cast.care_manager, stay_id).statements
    assert (own.happened_time, own.content, own.counterpart) == (
        time(9, 30),
        "伝えた内容",
        "受けた人",
    )
    for other in (cast.ward_nurse, cast.center_staff):
        (said,) = overview(database, library, other, stay_id).statements
        assert (said.happened_time, said.content, said.counterpart) == (None, "", "")
        assert (said.side, said.result, said.happened_on) == (
            own.side,
            own.result,
            own.happened_on,
        )


def test_what_the_hospital_sent_is_read_by_the_receiver_and_its_own_notes_are_not(
    database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        sent = talked(content="入院しました", counterpart="受けた人")
        send(session, stay, notice, sent, by=cast.ward_nurse, now=NOW)
        note = talked(content="病棟の覚え", counterpart="受けた人")
        state_contact(session, stay, note, topic=Topic.OTHER, by=cast.ward_nurse, now=NOW)

    def read_by(actor: Actor) -> list[tuple[str, str]]:
        said = overview(database, library, actor, stay_id).statements
        return [(one.content, one.counterpart) for one in said]

    assert read_by(cast.ward_nurse) == [("入院しました", "受けた人"), ("病棟の覚え", "受けた人")]
    assert read_by(cast.care_manager) == [("入院しました", ""), ("", "")]
    assert read_by(cast.center_staff) == [("", ""), ("", "")]
