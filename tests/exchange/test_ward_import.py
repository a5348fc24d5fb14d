"""A ward list in the record: new, matched, rejected, and nothing twice."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from exchange.ward_import import Account, Outcome, Taken, take_in
from exchange.ward_list import read_ward_list
from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.parties import Actor, Role, Staff, actor_of, check_digit
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.stays.discharge import DischargeEntry, discharge
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import Library
from tests.conftest import MARK
from tests.exchange.hospital import (
    GOOD,
    NOW,
    OFFICE_NUMBER,
    WARDS,
    open_hospital,
    person,
    ward_list,
)

LATER = NOW + timedelta(hours=2)
OFFICE = "計画作成担当の事業所番号"


def take(
    database: Database,
    library: Library,
    nurse: Actor,
    *rows: Mapping[str, str],
    now: datetime = NOW,
) -> Account:
    listed = read_ward_list(ward_list(*rows), WARDS, now.date())
    with database.writing() as session:
        return take_in(session, listed, library=library, by=nurse, now=now, digest="d" * 64)


def outcomes(account: Account) -> list[Outcome]:
    return [one.outcome for one in account.taken]


def count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def leave(database: Database, library: Library, nurse: Actor, on: date, now: datetime) -> None:
    with database.writing() as session:
        stay = find_stay(session, nurse, session.exec(select(Stay.id)).one())
        entry = DischargeEntry(discharged_on=on, destination=Destination.HOME, version=stay.version)
        discharge(session, stay, entry, library=library, by=nurse, now=now)


def test_a_new_row_is_an_admission_like_any_other(
    database: Database, library: Library, nurse: Actor
) -> None:
    account = take(
        database, library, nurse, {**GOOD, "退院予定日": "R8.12.20頃", OFFICE: OFFICE_NUMBER}
    )

    assert account.taken == (Taken(2, Outcome.NEW),)
    with database.reading() as session:
        patient = session.exec(select(Patient)).one()
        stay = session.exec(select(Stay)).one()
        plan = session.exec(select(PlanOffice)).one()
        assert count(session, Handoff) > 0
    assert (patient.hospital_number, patient.kana) == ("1001", "ミホン シメイヒ")
    assert stay.planned_discharge_on == date(2026, 12, 20)
    assert stay.planned_certainty is PlannedCertainty.ABOUT
    assert plan.status is PlanStatus.ASSIGNED
    assert plan.organization_id is not None


def test_importing_twice_adds_nothing(database: Database, library: Library, nurse: Actor) -> None:
    rows = [person(1), person(2, 患者番号=""), person(3, 退院予定日="R8.12.20")]
    take(database, library, nurse, *rows)
    with database.reading() as session:
        before = [count(session, table) for table in (Patient, Stay, Handoff, PlanOffice)]

    again = take(database, library, nurse, *rows, now=LATER)

    assert outcomes(again) == [Outcome.MATCHED] * 3
    with database.reading() as session:
        after = [count(session, table) for table in (Patient, Stay, Handoff, PlanOffice)]
        changes = session.exec(select(Event).where(Event.recorded_at == LATER)).all()
    assert after == before
    assert [event.act for event in changes] == [Act.IMPORT_WARD_LIST]


def test_another_planned_discharge_is_taken_over_and_the_old_one_stays_in_the_history(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.10"})

    account = take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.20"}, now=LATER)

    assert outcomes(account) == [Outcome.PLAN_CHANGED]
    with database.reading() as session:
        assert session.exec(select(Stay)).one().planned_discharge_on == date(2026, 12, 20)
        event = session.exec(select(Event).where(Event.act == Act.STAY_PLAN_DISCHARGE)).one()
    assert event.detail["from"] == "2026-12-10"
    assert event.staff_id == nurse.staff_id


def test_an_empty_planned_discharge_says_nothing_and_undecided_does(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.10"})

    assert outcomes(take(database, library, nurse, GOOD)) == [Outcome.MATCHED]
    undecided = take(database, library, nurse, {**GOOD, "退院予定日": "未定"})

    assert outcomes(undecided) == [Outcome.PLAN_CHANGED]
    with database.reading() as session:
        assert session.exec(select(Stay)).one().planned_discharge_on is None


def test_whoever_is_absent_from_the_list_stays_in_hospital(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, person(1), person(2))

    take(database, library, nurse, person(2), now=LATER)

    with database.reading() as session:
        assert [stay.is_open for stay in session.exec(select(Stay))] == [True, True]


def test_of_whoever_is_no_candidate_nothing_is_kept(
    database: Database, library: Library, nurse: Actor
) -> None:
    account = take(database, library, nurse, person(1), person(2, 対象=""), person(3, 対象="×"))

    assert account.dropped == 2
    with database.reading() as session:
        assert session.exec(select(Patient.hospital_number)).all() == ["1"]


def test_a_row_that_the_record_refuses_leaves_no_trace_and_stops_no_other(
    database: Database, library: Library, nurse: Actor
) -> None:
    refused = person(2, 生年月日="R8.11.20", 入院日="R8.11.19")

    account = take(database, library, nurse, person(1), refused, person(3))

    assert [one.line for one in account.taken] == [2, 4]
    (row,) = account.rejected
    assert row.line.number == 3
    assert row.reasons[0].startswith("生年月日: ")
    with database.reading() as session:
        assert count(session, Patient) == count(session, Stay) == 2


def test_a_list_of_last_week_adds_nothing_for_whoever_has_left_since(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, GOOD)
    leave(database, library, nurse, NOW.date(), LATER)

    assert outcomes(take(database, library, nurse, GOOD, now=LATER)) == [Outcome.LEFT]

    back = {**GOOD, "入院日": "2026-11-20"}
    assert outcomes(take(database, library, nurse, back, now=LATER)) == [Outcome.NEW]
    with database.reading() as session:
        assert (count(session, Patient), count(session, Stay)) == (1, 2)


@pytest.mark.parametrize("left", [True, False])
def test_an_admission_that_contradicts_the_record_is_rejected(
    database: Database, library: Library, nurse: Actor, *, left: bool
) -> None:
    take(database, library, nurse, {**GOOD, "入院日": "2026-11-10"})
    if left:
        leave(database, library, nurse, date(2026, 11, 18), LATER)

    account = take(database, library, nurse, {**GOOD, "入院日": "2026-11-15"}, now=LATER)

    (row,) = account.rejected
    assert row.reasons[0].startswith("入院日: ")
    assert not left or "管理番号" in row.reasons[0]


def test_a_number_of_somebody_else_is_rejected(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, person(1))

    account = take(database, library, nurse, person(1, 生年月日="S10.1.1"))

    (row,) = account.rejected
    assert row.reasons == ("患者番号: 生年月日の違う方の番号です。番号を確かめてください。",)


def test_somebody_registered_without_a_number_is_matched_by_a_list_that_knows_it(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, person(1, 患者番号=""))

    assert outcomes(take(database, library, nurse, person(1))) == [Outcome.MATCHED]
    leave(database, library, nurse, NOW.date(), LATER)
    back = person(1, 入院日="2026-11-20")
    assert outcomes(take(database, library, nurse, back, now=LATER)) == [Outcome.NEW]
    with database.reading() as session:
        assert count(session, Patient) == 1


@pytest.mark.parametrize(
    ("number", "status", "warnings"),
    [
        ("", PlanStatus.UNKNOWN, 0),
        ("なし", PlanStatus.UNASSIGNED, 0),
        (OFFICE_NUMBER, PlanStatus.ASSIGNED, 0),
        (f"137999999{check_digit('137999999')}", PlanStatus.UNKNOWN, 1),
        ("12", PlanStatus.UNKNOWN, 2),
    ],
)
def test_the_office_number_warns_and_never_blocks(
    database: Database,
    library: Library,
    nurse: Actor,
    number: str,
    status: PlanStatus,
    warnings: int,
) -> None:
    (taken,) = take(database, library, nurse, {**GOOD, OFFICE: number}).taken

    assert taken.outcome is Outcome.NEW
    assert len(taken.warnings) == warnings
    with database.reading() as session:
        assert session.exec(select(PlanOffice)).one().status is status


def test_another_ward_is_told_and_not_changed(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, GOOD)

    (taken,) = take(database, library, nurse, {**GOOD, "病棟": "3西"}).taken

    assert taken.outcome is Outcome.MATCHED
    assert taken.warnings[0].startswith("病棟: ")


def test_the_act_is_recorded_with_counts_and_the_digest_and_nobodys_name(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, person(1), person(2, 病棟="?"), person(3, 対象=""))

    with database.reading() as session:
        event = session.exec(select(Event).where(Event.act == Act.IMPORT_WARD_LIST)).one()
        admitted = session.exec(select(Stay.id)).one()
        everything = session.exec(select(col(Event.detail))).all()
    assert event.staff_id == nurse.staff_id
    assert event.detail == {
        "file": "d" * 64,
        "new": 1,
        "matched": 0,
        "plan_changed": 0,
        "rejected": 1,
        "dropped": 1,
        "stays": str(admitted),
    }
    assert MARK not in repr(everything)


def test_an_error_in_the_middle_imports_nothing(
    database: Database, library: Library, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_words: object) -> None:
        raise RuntimeError

    take(database, library, nurse, person(9))
    monkeypatch.setattr("exchange.ward_import.plan_discharge", broken)

    with pytest.raises(RuntimeError):
        take(database, library, nurse, person(1), person(9, 退院予定日="R8.12.1"))

    with database.reading() as session:
        assert count(session, Stay) == 1


def test_nobody_outside_a_hospital_imports(database: Database, library: Library) -> None:
    with database.writing() as session:
        open_hospital(session)
        staff = session.exec(select(Staff).where(Staff.role == Role.CARE_MANAGER)).one()
        manager = actor_of(session, staff.id)
    assert manager is not None

    with pytest.raises(NotPermitted):
        take(database, library, manager, GOOD)


@pytest.mark.parametrize("left", [True, False])
def test_another_name_with_the_same_kana_and_birth_date_is_nobody_who_is_there_already(
    database: Database, library: Library, nurse: Actor, *, left: bool
) -> None:
    take(database, library, nurse, {**GOOD, "患者番号": ""})
    if left:
        leave(database, library, nurse, NOW.date(), LATER)
    other = {**GOOD, "患者番号": "", "氏名": f"見本　{MARK}別"}

    account = take(database, library, nurse, other, now=LATER)

    (row,) = account.rejected
    assert row.reasons[0].startswith("氏名: 同じカナと生年月日の別の氏名の方")
    assert "患者番号を入れて" in row.reasons[0]
    assert MARK not in row.reasons[0]
    numbered = take(database, library, nurse, {**other, "患者番号": "2"}, now=LATER)
    assert outcomes(numbered) == [Outcome.NEW]
    with database.reading() as session:
        names = set(session.exec(select(Patient.name)))
    assert names == {f"見本　{MARK}", f"見本　{MARK}別"}


def test_a_name_written_with_other_spaces_is_the_same_person(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, {**GOOD, "患者番号": ""})

    again = {**GOOD, "患者番号": "", "氏名": f"見本{MARK}"}

    assert outcomes(take(database, library, nurse, again)) == [Outcome.MATCHED]


def test_unknown_in_the_planned_discharge_says_nothing(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.10"})

    unknown = take(database, library, nurse, {**GOOD, "退院予定日": "不明"})

    assert outcomes(unknown) == [Outcome.MATCHED]
    with database.reading() as session:
        assert session.exec(select(Stay)).one().planned_discharge_on == date(2026, 12, 10)


def test_a_day_that_became_certain_is_a_change(
    database: Database, library: Library, nurse: Actor
) -> None:
    take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.10頃"})

    certain = take(database, library, nurse, {**GOOD, "退院予定日": "R8.12.10"})

    assert outcomes(certain) == [Outcome.PLAN_CHANGED]
    with database.reading() as session:
        assert session.exec(select(Stay)).one().planned_certainty is PlannedCertainty.FIXED
