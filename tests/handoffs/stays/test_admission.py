from datetime import date, datetime, time
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import SQLModel, col, func, select

from handoffs.database import Database
from handoffs.decision.assessment import assessment_of
from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import handoffs_of
from handoffs.history import Act, Event, events_of
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.admission import AdmissionEntry, admit, new_code
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    InsuredCategory,
    certification_of,
)
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.patients import Patient, Sex
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import TOKYO
from rules import Coordination, HandoffKind, Library, NoEdition
from tests.conftest import MARK
from tests.factories import ADMITTED, KANA, admission, admit_someone, leave
from tests.people import NOW, REGION, Cast

UNASSIGNED = PlanEntry(status=PlanStatus.UNASSIGNED)

HERE = {"ward_path": "one_ward", "ward_kind": "general", "hospital_area": "in_area"}
"""What the record knows of every stay, before anybody asks."""


def _counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.exec(select(func.count()).select_from(table)).one()
            for table in SQLModel.metadata.sorted_tables
        }


def test_one_screen_of_six_fields_is_an_admission(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = AdmissionEntry(
        name=f"{MARK} 花子",
        kana=KANA,
        birth_on=date(1940, 5, 3),
        admitted_on=ADMITTED,
        ward_id=cast.ward_id,
        care_level=CareNeedLevel.UNKNOWN,
    )
    with database.writing() as session:
        stay = admit(session, entry, library=library, by=cast.ward_nurse, now=NOW)
    assert stay.is_open
    assert (stay.hospital_id, stay.region, stay.version) == (cast.hospital_id, REGION, 1)
    assert stay.contact_staff_id == cast.ward_nurse.staff_id
    assert stay.registered_at == NOW
    with database.reading() as session:
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.coordination is Coordination.UNDETERMINED
        assert made.facts == {"insured_category": "first"} | HERE


def test_who_has_a_care_manager_is_not_left_waiting_for_the_assessment(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.coordination is Coordination.REQUIRED
        assert {h.kind for h in handoffs_of(session, stay.id)} == {
            HandoffKind.ADMISSION_NOTICE,
            HandoffKind.ADMISSION_INFORMATION,
            HandoffKind.DISCHARGE_NOTICE,
            HandoffKind.DISCHARGE_CONFERENCE,
            HandoffKind.DISCHARGE_INFORMATION,
        }
        session.flush()
        acts = {event.act for event in events_of(session, stay.id)}
        assert {Act.STAY_ADMIT, Act.STAY_ASSESS, Act.STAY_PLAN_OFFICE, Act.HANDOFF_OPEN} <= acts


def test_what_the_record_knows_reaches_the_decision(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            care_level=CareNeedLevel.SUPPORT_1,
            application=Application.CHANGE,
            insured_category=InsuredCategory.DEEMED_SECOND,
            plan=UNASSIGNED,
            consent=ConsentAnswer.GIVEN,
        )
        made = assessment_of(session, stay.id)
        assert made is not None
        assert (
            made.facts
            == {
                "care_level": "support_1",
                "application": "change",
                "insured_category": "deemed_second",
                "care_manager": "unassigned",
                "consent_to_contact": "given",
            }
            | HERE
        )


@pytest.mark.parametrize(
    ("born", "category"),
    [
        (date(1940, 5, 3), InsuredCategory.FIRST),
        (date(1970, 5, 3), InsuredCategory.UNKNOWN),
        (date(2000, 5, 3), InsuredCategory.UNDER_40),
    ],
)
def test_the_insured_category_follows_from_the_age_where_the_ward_left_it_open(
    database: Database, library: Library, cast: Cast, born: date, category: InsuredCategory
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, birth_on=born)
        kept = certification_of(session, stay.id)
        assert kept is not None
        assert kept.insured_category is category


def test_somebody_who_wants_no_contact_opens_no_handoff(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, wants_no_contact=True, consent=ConsentAnswer.GIVEN
        )
        assert handoffs_of(session, stay.id) == []
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["consent_to_contact"] == "withheld"


TODAY = ADMITTED
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"birth_on": date(2026, 11, 21)}, "birth_on", "今日より後"),
    ({"birth_on": date(1905, 12, 31)}, "birth_on", "120歳"),
    ({"birth_on": date(2026, 11, 20), "admitted_on": date(2026, 11, 19)}, "birth_on", "入院日より"),
    ({"admitted_on": date(2026, 11, 21)}, "admitted_on", "今日より後"),
    ({"admitted_on": date(2999, 1, 1)}, "admitted_on", "今日より後"),
    ({"planned_discharge_on": date(2026, 11, 30)}, "planned_discharge_on", "「およそ」か「決定」"),
    (
        {"planned_certainty": PlannedCertainty.FIXED},
        "planned_discharge_on",
        "「決定」のときは、退院予定日を入力",
    ),
    (
        {
            "planned_discharge_on": date(2026, 11, 19),
            "planned_certainty": PlannedCertainty.ABOUT,
        },
        "planned_discharge_on",
        "入院日より前",
    ),
    (
        {"planned_discharge_on": date.max, "planned_certainty": PlannedCertainty.ABOUT},
        "planned_discharge_on",
        "年を確かめて",
    ),
    ({"ward_id": 999_999}, "ward_id", "病棟"),
    ({"ward_id": "foreign"}, "ward_id", "病棟"),
    ({"center_id": 999_999}, "center_id", "地域包括"),
    ({"center_id": "office"}, "center_id", "地域包括"),
    ({"name": "山\x00田"}, "name", "文字"),
    ({"name": "山\ue000田"}, "name", "近い字かカナ"),
    ({"name": "山田😀"}, "name", "絵文字"),
    ({"name": "山\u202e田"}, "name", "文字"),
    ({"name": "\U000e0100"}, "name", "文字"),
    ({"kana": "ヤマ\x07ダ"}, "kana", "文字"),
]


@pytest.mark.parametrize(("changes", "field", "message"), WRONG)
def test_each_bad_field_is_named_in_plain_japanese_and_nothing_is_saved(
    database: Database,
    library: Library,
    cast: Cast,
    changes: dict[str, Any],
    field: str,
    message: str,
) -> None:
    places = {"foreign": cast.foreign_ward_id, "office": cast.office_id}
    entry = admission(
        cast,
        **{
            name: places.get(value, value) if isinstance(value, str) else value
            for name, value in changes.items()
        },
    )
    before = _counts(database)
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit(session, entry, library=library, by=cast.ward_nurse, now=NOW)
    assert message in refused.value.fields[field]
    assert refused.value.message
    assert _counts(database) == before


def test_several_bad_fields_are_named_at_once(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = admission(cast, birth_on=date(2030, 1, 1), ward_id=0, admitted_on=date(2030, 1, 2))
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit(session, entry, library=library, by=cast.ward_nurse, now=NOW)
    assert set(refused.value.fields) == {"birth_on", "ward_id", "admitted_on"}


def test_a_bad_plan_office_takes_back_the_whole_admission(
    database: Database, library: Library, cast: Cast
) -> None:
    plan = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.hospital_id)
    before = _counts(database)
    with pytest.raises(BadEntry), database.writing() as session:
        admit_someone(session, library, cast, plan=plan)
    assert _counts(database) == before


def test_a_day_on_which_no_agreement_was_in_force_is_said_and_saves_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    before = _counts(database)
    with pytest.raises(NoEdition), database.writing() as session:
        admit_someone(session, library, cast, admitted_on=date(2020, 1, 1))
    assert _counts(database) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("kana", "ア" * 61),
        ("care_level", "care_9"),
        ("hospital_number", "1" * 21),
        ("is_admin", True),
        ("id", 7),
        ("name", "\ud800"),
    ],
)
def test_what_no_column_could_hold_is_refused_before_the_verb(
    cast: Cast, field: str, value: object
) -> None:
    with pytest.raises(ValidationError):
        admission(cast, **{field: value})


@pytest.mark.parametrize("who", ["care_manager", "center_staff", "health_officer", "outsider"])
def test_only_a_hospital_admits(database: Database, library: Library, cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted), database.writing() as session:
        admit_someone(session, library, cast, by=getattr(cast, who))


def test_a_second_open_stay_of_the_same_person_is_refused_and_changes_no_name(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana=KANA)
    before = _counts(database)
    with pytest.raises(BadEntry, match="確かめて") as refused, database.writing() as session:
        admit_someone(session, library, cast, kana="しめいひ はなこ", name=f"{MARK} 別の字")
    assert "すでに入院中" in refused.value.fields["name"]
    assert _counts(database) == before
    with database.reading() as session:
        assert session.exec(select(Patient.name)).one() == f"{MARK} 花子"


@pytest.mark.parametrize("on", [date(2026, 11, 2), date(2026, 11, 9)])
def test_an_admission_during_an_earlier_stay_is_refused_with_its_code_and_days(
    database: Database, library: Library, cast: Cast, on: date
) -> None:
    code = _stayed(database, library, cast)
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, admitted_on=on)
    told = refused.value.fields["admitted_on"]
    assert f"管理番号 {code}、2026年11月2日から2026年11月10日まで" in told
    assert "転院" in told


def test_an_admission_before_an_earlier_stay_is_refused_too(
    database: Database, library: Library, cast: Cast
) -> None:
    _stayed(database, library, cast)
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, admitted_on=date(2026, 10, 1))
    assert set(refused.value.fields) == {"admitted_on"}


@pytest.mark.parametrize("on", [date(2026, 11, 10), date(2026, 11, 11)])
def test_whoever_comes_back_on_the_day_of_discharge_or_later_is_admitted(
    database: Database, library: Library, cast: Cast, on: date
) -> None:
    _stayed(database, library, cast)
    with database.writing() as session:
        assert admit_someone(session, library, cast, kana=KANA, admitted_on=on).is_open


def _stayed(database: Database, library: Library, cast: Cast) -> str:
    """Somebody who was in hospital from the 2nd to the 10th of November; the stay's code."""
    then = datetime(2026, 11, 10, 12, tzinfo=TOKYO)
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, kana=KANA, admitted_on=date(2026, 11, 2), now=then
        )
        leave(session, library, cast, stay, now=then)
        return stay.code


def test_another_person_with_the_same_kana_and_birth_date_comes_in_by_number(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, hospital_number="0001")
        admit_someone(session, library, cast, kana=KANA, hospital_number="0002")
    assert _counts(database)["patient"] == 2


def test_a_number_typed_beside_a_namesake_in_hospital_without_one_is_somebody_else(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        first = admit_someone(session, library, cast, kana=KANA, name=f"{MARK} 花子")
        second = admit_someone(
            session, library, cast, kana=KANA, name=f"{MARK} 華子", hospital_number="0002"
        )
        assert second.patient_id != first.patient_id
        unnumbered = session.get_one(Patient, first.patient_id)
        assert (unnumbered.hospital_number, unnumbered.name) == (None, f"{MARK} 花子")
        assert session.get_one(Patient, second.patient_id).hospital_number == "0002"
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, hospital_number="0002")
    assert "すでに入院中" in refused.value.fields["name"]


def test_a_number_that_becomes_known_later_is_the_same_persons(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        first = admit_someone(session, library, cast, kana=KANA)
        leave(session, library, cast, first, now=NOW)
        second = admit_someone(session, library, cast, kana=KANA, hospital_number="0002")
        assert second.patient_id == first.patient_id
        assert session.get_one(Patient, first.patient_id).hospital_number == "0002"


def test_a_number_that_belongs_to_somebody_with_another_birth_date_is_refused(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, hospital_number="0001")
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, hospital_number="0001", birth_on=date(1940, 5, 4))
    assert "生年月日の違う方" in refused.value.fields["hospital_number"]


def test_two_hospitals_may_use_the_same_patient_number(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, hospital_number="0001")
        admit_someone(
            session,
            library,
            cast,
            kana=KANA,
            hospital_number="0001",
            by=cast.other_nurse,
            ward_id=cast.foreign_ward_id,
        )
    assert _counts(database)["patient"] == 2


def test_who_comes_back_is_the_same_person_with_what_is_known_now(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        first = admit_someone(
            session,
            library,
            cast,
            kana=KANA,
            sex=Sex.FEMALE,
            municipality="見本市",
            in_region=True,
        )
        leave(session, library, cast, first, now=NOW, destination=Destination.HOME)
    with database.writing() as session:
        second = admit_someone(
            session, library, cast, kana=KANA, name=f"{MARK} 華子", same_person=True
        )
        patient = session.get_one(Patient, second.patient_id)
    assert second.patient_id == first.patient_id
    assert patient.name == f"{MARK} 華子"
    assert (patient.sex, patient.municipality, patient.in_region) == (Sex.FEMALE, "見本市", True)
    assert "華子" in patient.folded


def test_a_time_may_be_unknown_and_midnight_is_a_time(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        assert admit_someone(session, library, cast).admitted_time is None
        midnight = admit_someone(session, library, cast, admitted_time=time(0, 0))
        assert midnight.admitted_time == time(0, 0)


def test_a_case_code_has_no_letters_that_look_alike(database: Database) -> None:
    with database.reading() as session:
        codes = {new_code(session) for _ in range(300)}
    assert len(codes) == 300
    assert not set("".join(codes)) & set("01OIL")
    assert {len(code) for code in codes} == {6}


def test_a_code_that_is_taken_is_drawn_again(
    database: Database, library: Library, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = iter("AAAAAABBBBBB")
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        stay.code = "AAAAAA"
        session.flush()
        monkeypatch.setattr("handoffs.stays.admission.secrets.choice", lambda _: next(letters))
        assert new_code(session) == "BBBBBB"


def test_the_events_of_an_admission_name_nobody(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, municipality=f"{MARK}市")
    with database.reading() as session:
        details = [e.detail for e in session.exec(select(Event).order_by(col(Event.id)))]
        assert details
        assert MARK not in str(details)
        assert session.exec(select(func.count()).select_from(Stay)).one() == 1
