from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion, assessment_of
from handoffs.errors import BadEntry, NotPermitted, NotVisible, Overtaken
from handoffs.handoff import handoffs_of
from handoffs.history import Act, Event, events_of
from handoffs.parties import Actor, Staff
from handoffs.passing import send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.admission import AdmissionEntry
from handoffs.stays.amendment import AmendmentEntry, amend, looks_wrong, particulars_of
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
    certification_of,
)
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround, consent_of
from handoffs.stays.patients import Patient
from handoffs.stays.residence import ResidenceEntry
from handoffs.stays.stay import Destination, Stay
from rules import Coordination, HandoffKind, Library, Party
from tests.conftest import MARK
from tests.factories import ADMITTED, admit_someone, handoff_of, leave, make_stay, talked
from tests.people import NOW, Cast

LATER = NOW + timedelta(days=3)
UNASSIGNED = PlanEntry(status=PlanStatus.UNASSIGNED)


class Room:
    """A session with somebody to change a stay in it."""

    def __init__(self, session: Session, library: Library, cast: Cast) -> None:
        self.session, self.library, self.cast = session, library, cast

    def change(self, stay: Stay, by: Actor | None = None, **changes: Any) -> tuple[Act, ...]:  # noqa: ANN401
        """Amend a stay in these fields and in no other."""
        now_so = particulars_of(self.session, stay)
        entry = AmendmentEntry(**(now_so.model_dump() | {"contact_staff_id": None} | changes))
        return amend(
            self.session,
            stay,
            entry,
            library=self.library,
            by=by or self.cast.discharge_nurse,
            now=LATER,
        )


def rows(session: Session, table: type[Certification] | type[Consent] | type[Assessment]) -> int:
    session.flush()
    return len(session.exec(select(table)).all())


def acts(session: Session, stay: Stay) -> list[Act]:
    session.flush()
    return [event.act for event in events_of(session, stay.id)]


def test_the_present_particulars_change_nothing_and_ask_no_rule(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, consent=ConsentAnswer.GIVEN)
        before = acts(session, stay)
        assert Room(session, library, cast).change(stay) == ()
        assert acts(session, stay) == before
        assert stay.version == 1
        assert rows(session, Certification) == rows(session, Consent) == 1


def test_a_level_that_becomes_known_decides_what_was_open(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            care_level=CareNeedLevel.UNKNOWN,
            application=Application.UNKNOWN,
            plan=PlanEntry(),
        )
        first = assessment_of(session, stay.id)
        assert first is not None
        assert first.coordination is Coordination.UNDETERMINED
        changed = Room(session, library, cast).change(
            stay,
            care_level=CareNeedLevel.CARE_1,
            application=Application.NONE,
            valid_until=date(2027, 3, 31),
            insured_number="0000000018",
        )
        assert changed == (Act.STAY_CERTIFY,)
        session.flush()
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.id > first.id
        assert made.occasion is Occasion.CHANGE
        assert made.facts["care_level"] == "care_1"
        assert made.facts["application"] == "none"
        kept = certification_of(session, stay.id)
        assert kept is not None
        assert (kept.valid_until, kept.insured_number) == (date(2027, 3, 31), "0000000018")
        assert (kept.recorded_at, kept.recorded_by) == (LATER, cast.discharge_nurse.staff_id)
        assert rows(session, Certification) == 2
        assert stay.version == 2


@pytest.mark.parametrize(
    "change",
    [
        {"care_level": CareNeedLevel.CARE_3},
        {"application": Application.CHANGE},
        {"insured_category": InsuredCategory.UNKNOWN},
        {"valid_until": date(2027, 3, 31)},
        {"insured_number": "H000000018"},
    ],
)
def test_each_part_of_a_certification_is_a_new_row_and_one_decision(
    database: Database, library: Library, cast: Cast, change: dict[str, Any]
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assert Room(session, library, cast).change(stay, **change) == (Act.STAY_CERTIFY,)
        assert rows(session, Certification) == rows(session, Assessment) == 2
        assert acts(session, stay).count(Act.STAY_CERTIFY) == 1


def test_several_changes_at_once_are_one_event_each_and_one_decision(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        changed = Room(session, library, cast).change(
            stay,
            care_level=CareNeedLevel.CARE_4,
            consent=ConsentAnswer.GIVEN,
            consent_ground=ConsentGround.WRITTEN,
            residence=ResidenceEntry(
                municipality=f"{MARK}市", center_id=cast.center_id, in_region=True
            ),
            ward_id=cast.other_ward_id,
        )
        assert set(changed) == {
            Act.STAY_CERTIFY,
            Act.STAY_CONSENT,
            Act.STAY_RESIDENCE,
            Act.STAY_WARD,
            Act.STAY_CONTACT,
        }
        made = acts(session, stay)
        assert [made.count(act) for act in changed] == [1] * 5
        assert made.count(Act.STAY_ASSESS) == 2
        assert stay.version == 2
        assert MARK not in str([event.detail for event in session.exec(select(Event))])


def test_the_beginning_of_a_certification_is_kept_while_the_level_is_the_same(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        kept = certification_of(session, stay.id)
        assert kept is not None
        kept.valid_from, kept.insurer_number = date(2026, 4, 1), "180000"
        room = Room(session, library, cast)
        with pytest.raises(BadEntry) as refused:
            room.change(stay, valid_until=date(2026, 3, 31))
        assert set(refused.value.fields) == {"valid_until"}
        room.change(stay, valid_until=date(2027, 3, 31))
        kept = certification_of(session, stay.id)
        assert kept is not None
        assert (kept.valid_from, kept.insurer_number) == (date(2026, 4, 1), "180000")
        room.change(stay, care_level=CareNeedLevel.CARE_3)
        kept = certification_of(session, stay.id)
        assert kept is not None
        assert (kept.valid_from, kept.insurer_number) == (None, "180000")


def test_a_stay_of_which_no_certification_was_written_down_gets_its_first(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for row in session.exec(select(Certification)):
            session.delete(row)
        session.flush()
        room = Room(session, library, cast)
        assert room.change(stay) == ()
        assert room.change(stay, care_level=CareNeedLevel.CARE_1) == (Act.STAY_CERTIFY,)


def test_the_answer_counts_from_the_day_on_which_it_was_given(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        room = Room(session, library, cast)
        room.change(stay, consent=ConsentAnswer.GIVEN, consent_on=ADMITTED)
        answer = consent_of(session, stay.id)
        assert answer is not None
        assert answer.answered_on == ADMITTED
        room.change(stay, consent=ConsentAnswer.WITHHELD)
        answer = consent_of(session, stay.id)
        assert answer is not None
        assert (answer.answer, answer.answered_on) == (ConsentAnswer.WITHHELD, date(2026, 11, 23))
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["consent_to_contact"] == "withheld"
        assert rows(session, Consent) == 2
        assert acts(session, stay).count(Act.STAY_CONSENT) == 2


def test_another_ground_is_another_answer_but_a_refusal_needs_none(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, consent=ConsentAnswer.GIVEN)
        room = Room(session, library, cast)
        assert room.change(stay, consent_ground=ConsentGround.WRITTEN) == (Act.STAY_CONSENT,)
        room.change(stay, consent=ConsentAnswer.WITHHELD, consent_ground=ConsentGround.FAMILY)
        assert room.change(stay, consent_ground=ConsentGround.ORAL) == ()


def test_who_wants_no_contact_any_more_is_hidden_from_every_office_and_can_come_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        room = Room(session, library, cast)
        assert room.change(stay, wants_no_contact=True) == (Act.STAY_NO_CONTACT,)
        session.flush()
        with pytest.raises(NotVisible):
            find_stay(session, cast.care_manager, stay.id)
        assert [h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None] == [notice]
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["consent_to_contact"] == "withheld"
        assert room.change(stay, wants_no_contact=None) == ()
        assert room.change(stay, wants_no_contact=False) == (Act.STAY_NO_CONTACT,)
        session.flush()
        assert find_stay(session, cast.care_manager, stay.id) is stay
        assert handoff_of(session, stay, HandoffKind.DISCHARGE_NOTICE).sent_at is None


def test_a_wish_that_stands_is_no_new_answer(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, wants_no_contact=True, consent=ConsentAnswer.GIVEN
        )
        room = Room(session, library, cast)
        assert room.change(stay, consent=ConsentAnswer.WITHHELD) == ()
        answer: dict[str, Any] = {"consent": ConsentAnswer.WITHHELD, "wants_no_contact": False}
        assert set(room.change(stay, **answer)) == {Act.STAY_CONSENT, Act.STAY_NO_CONTACT}


def test_the_centre_in_charge_receives_what_is_still_open(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, care_level=CareNeedLevel.SUPPORT_1, plan=UNASSIGNED
        )
        to_centre = [
            h for h in handoffs_of(session, stay.id) if h.receiver is Party.COMMUNITY_SUPPORT_CENTER
        ]
        assert {h.receiver_id for h in to_centre} == {None}
        home = ResidenceEntry(municipality="見本市", center_id=cast.center_id, in_region=True)
        assert Room(session, library, cast).change(stay, residence=home) == (Act.STAY_RESIDENCE,)
        assert {h.receiver_id for h in to_centre} == {cast.center_id}
        patient = session.get_one(Patient, stay.patient_id)
        assert (patient.municipality, patient.in_region) == ("見本市", True)


def test_a_move_to_another_ward_is_the_same_stay_with_whoever_moved_as_contact(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        due = {h.id: h.due_on for h in handoffs_of(session, stay.id)}
        changed = Room(session, library, cast).change(stay, ward_id=cast.other_ward_id)
        assert set(changed) == {Act.STAY_WARD, Act.STAY_CONTACT}
        assert (stay.ward_id, stay.admitted_on, stay.is_open) == (
            cast.other_ward_id,
            ADMITTED,
            True,
        )
        assert stay.contact_staff_id == cast.discharge_nurse.staff_id
        by_rule = [h for h in handoffs_of(session, stay.id) if not h.is_by_hand]
        assert {h.id: h.due_on for h in by_rule} == due
        session.flush()
        (event,) = session.exec(select(Event).where(Event.act == Act.STAY_WARD))
        assert event.detail == {"ward": cast.other_ward_id, "left_ward": cast.ward_id}


def test_who_is_named_as_contact_is_the_contact_with_or_without_a_move(
    database: Database, library: Library, cast: Cast
) -> None:
    worker = cast.social_worker.staff_id
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        room = Room(session, library, cast)
        room.change(stay, ward_id=cast.other_ward_id, contact_staff_id=worker)
        assert stay.contact_staff_id == worker
        nurse = cast.ward_nurse.staff_id
        assert room.change(stay, contact_staff_id=nurse) == (Act.STAY_CONTACT,)
        assert stay.contact_staff_id == nurse


PLACES = ["center_id", "office_id", "hospital_id", "foreign_ward_id", "other_nurse", "outsider"]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ward_id": "foreign_ward_id"}, "ward_id"),
    ({"ward_id": 999_999}, "ward_id"),
    ({"contact_staff_id": "other_nurse"}, "contact_staff_id"),
    ({"contact_staff_id": "outsider"}, "contact_staff_id"),
    ({"contact_staff_id": 999_999}, "contact_staff_id"),
    ({"residence": "office_id"}, "center_id"),
    ({"residence": "hospital_id"}, "center_id"),
    ({"residence": 999_999}, "center_id"),
    ({"valid_until": date(2036, 12, 1)}, "valid_until"),
    ({"valid_until": date.max}, "valid_until"),
    ({"valid_until": date(2027, 3, 31), "care_level": CareNeedLevel.NONE}, "valid_until"),
    ({"insured_number": "123"}, "insured_number"),
    ({"insured_number": "123456789あ"}, "insured_number"),
    ({"consent": ConsentAnswer.GIVEN, "consent_on": date(2026, 11, 24)}, "consent_on"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_saved(
    database: Database, library: Library, cast: Cast, change: dict[str, Any], field: str
) -> None:
    def place(value: object) -> object:
        if value not in PLACES:
            return value
        found = getattr(cast, str(value))
        return found.staff_id if isinstance(found, Actor) else found

    change = {key: place(value) for key, value in change.items()}
    if "residence" in change:
        change["residence"] = ResidenceEntry(center_id=change["residence"])
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        before = acts(session, stay)
        with pytest.raises(BadEntry) as refused:
            Room(session, library, cast).change(stay, **change)
        assert set(refused.value.fields) == {field}
        assert acts(session, stay) == before
        assert stay.version == 1


def test_a_centre_of_another_region_or_a_contact_who_has_left_is_refused(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        room = Room(session, library, cast)
        session.get_one(Staff, cast.social_worker.staff_id).active = False
        with pytest.raises(BadEntry, match="確かめて"):
            room.change(stay, contact_staff_id=cast.social_worker.staff_id)
        stay.region = "yoso"
        with pytest.raises(BadEntry) as refused:
            room.change(stay, residence=ResidenceEntry(center_id=cast.center_id))
        assert set(refused.value.fields) == {"center_id"}


def test_what_was_registered_otherwise_does_not_stand_in_the_way_of_the_rest(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, insured_number="12", valid_until=date(2060, 1, 1)
        )
        assert Room(session, library, cast).change(stay, care_level=CareNeedLevel.CARE_3)


def test_a_screen_that_was_overtaken_changes_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(Overtaken):
            Room(session, library, cast).change(stay, version=7, care_level=CareNeedLevel.CARE_5)
        assert rows(session, Certification) == 1


@pytest.mark.parametrize("who", ["care_manager", "center_staff", "health_officer"])
def test_only_a_hospital_puts_particulars_right(
    database: Database, library: Library, cast: Cast, who: str
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(NotPermitted):
            Room(session, library, cast).change(
                stay, by=getattr(cast, who), care_level=CareNeedLevel.CARE_5
            )
        assert rows(session, Certification) == 1


def test_after_the_discharge_the_record_is_put_right_but_nobody_moves(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, care_level=CareNeedLevel.UNKNOWN)
        leave(session, library, cast, stay, now=NOW)
        room = Room(session, library, cast)
        with pytest.raises(BadEntry) as refused:
            room.change(stay, ward_id=cast.other_ward_id)
        assert set(refused.value.fields) == {"ward_id"}
        changed = room.change(
            stay, care_level=CareNeedLevel.CARE_1, consent=ConsentAnswer.GIVEN, consent_on=ADMITTED
        )
        assert set(changed) == {Act.STAY_CERTIFY, Act.STAY_CONSENT}
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["care_level"] == "care_1"


def test_after_a_death_nothing_opens_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, care_level=CareNeedLevel.UNKNOWN)
        leave(session, library, cast, stay, now=NOW, destination=Destination.DEATH)
        Room(session, library, cast).change(stay, care_level=CareNeedLevel.CARE_5)
        assert [h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None] == []


DOUBTS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, False),
    ({}, {"valid_until": date(2026, 11, 20)}, False),
    ({}, {"valid_until": date(2026, 11, 19)}, True),
    ({}, {"valid_until": date(2026, 11, 19), "application": Application.RENEWAL}, False),
    ({}, {"insured_category": InsuredCategory.SECOND}, True),
    ({}, {"insured_category": InsuredCategory.UNKNOWN}, False),
    ({"birth_on": date(1970, 5, 3)}, {"insured_category": InsuredCategory.DEEMED_SECOND}, False),
    ({"birth_on": date(2000, 5, 3)}, {"insured_category": InsuredCategory.FIRST}, True),
]


@pytest.mark.parametrize(("admitted", "change", "doubtful"), DOUBTS)
def test_what_contradicts_admission_or_age_is_noticed_and_still_taken(
    database: Database,
    library: Library,
    cast: Cast,
    admitted: dict[str, Any],
    change: dict[str, Any],
    doubtful: bool,  # noqa: FBT001
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, **admitted)
        entry = particulars_of(session, stay).model_copy(update=change)
        assert looks_wrong(session, stay, entry) is doubtful
        Room(session, library, cast).change(stay, **change)


@pytest.mark.parametrize(
    ("field", "value"),
    [("care_level", "care_9"), ("insured_number", "1" * 11), ("discharged_on", "2026-11-20")],
)
def test_what_is_no_particular_is_refused_before_the_verb(
    database: Database, library: Library, cast: Cast, field: str, value: object
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(ValidationError):
            AmendmentEntry(**(particulars_of(session, stay).model_dump() | {field: value}))


def test_everything_that_a_screen_of_admission_may_leave_open_can_be_put_right_later() -> None:
    elsewhere = {"plan", "planned_discharge_on", "planned_certainty"}  # Pages of their own.
    who_it_is = {"name", "kana", "birth_on", "sex", "hospital_number", "same_person"}
    when = {"admitted_on", "admitted_time"}
    here = set(AmendmentEntry.model_fields) | set(ResidenceEntry.model_fields)
    assert set(AdmissionEntry.model_fields) - elsewhere - who_it_is - when <= here


def test_decisions_stand_in_the_order_in_which_they_were_made(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, care_level=CareNeedLevel.UNKNOWN)
        Room(session, library, cast).change(stay, care_level=CareNeedLevel.CARE_1)
    with database.reading() as session:
        made = session.exec(select(Assessment).order_by(col(Assessment.id))).all()
        assert [row.facts.get("care_level") for row in made] == [None, "care_1"]
