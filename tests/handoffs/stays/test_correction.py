from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from handoffs.database import Database
from handoffs.decision.assessment import assessment_of
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import State, handoffs_of, state
from handoffs.history import Act, events_of
from handoffs.missed import flag_overdue, flags_of
from handoffs.stays.certification import InsuredCategory, certification_of
from handoffs.stays.correction import (
    Corrected,
    Correction,
    CorrectionEntry,
    correct,
    corrections_of,
    registered_with,
)
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.patients import Patient, Sex
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import ADMITTED, admit_someone, handoff_of, leave
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def _corrected(session: Any, stay: Stay, **changes: Any) -> CorrectionEntry:  # noqa: ANN401
    return registered_with(session, stay).model_copy(update=changes)


def test_the_old_words_are_kept_beside_the_history_and_never_in_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        was = session.get_one(Patient, stay.patient_id).name
        entry = _corrected(session, stay, name=f"{MARK} 訂正", sex=Sex.FEMALE)
        changed = correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        assert changed == (Corrected.NAME, Corrected.SEX)
        session.flush()
        kept = [(c.field, c.old_text, c.new_text) for c in corrections_of(session, stay.id)]
        assert kept == [
            (Corrected.NAME, was, f"{MARK} 訂正"),
            (Corrected.SEX, "unknown", "female"),
        ]
        (event,) = [e for e in events_of(session, stay.id) if e.act is Act.STAY_CORRECT]
        assert event.detail == {"fields": "name sex"}
        assert "訂正" in session.get_one(Patient, stay.patient_id).folded


def test_correcting_with_the_same_changes_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = registered_with(session, stay)
        assert correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW) == ()
        assert stay.version == 1


def test_the_words_of_a_correction_can_be_emptied_and_nothing_else(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _corrected(session, stay, name=f"{MARK} 訂正")
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
    for change in (
        "DELETE FROM correction",
        "UPDATE correction SET stay_id = stay_id",
        "UPDATE correction SET old_text = 'x'",
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.connection().exec_driver_sql(change)
    with database.writing() as session:
        session.execute(sa.update(Correction).values(old_text="", new_text=""))


def test_a_later_admission_day_moves_the_dues_and_closes_the_flag_of_the_wrong_day(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert notice.due_at is not None
        late = notice.due_at
    flag_overdue(database.writing, late)
    with database.writing() as session:
        stay = session.get_one(Stay, stay.id)
        was = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).due_on
        entry = _corrected(session, stay, admitted_on=day_of(late))
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=late)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert was is not None
        assert notice.due_on is not None
        assert notice.due_on > was
        assert state(notice, late) in {State.DUE_SOON, State.WAITING}
        assert all(flag.closed_at for flag in flags_of(session, stay.id))


def test_an_earlier_admission_day_makes_what_is_over_work_for_at_once_and_no_miss(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _corrected(session, stay, admitted_on=ADMITTED - 20 * DAY)
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        assert state(notice, NOW) is State.AT_ONCE
    assert flag_overdue(database.writing, NOW) == 0


def test_the_edition_of_the_new_day_decides(
    database: Database, library: Library, cast: Cast
) -> None:
    later = NOW.replace(year=2027, month=4, day=20)
    with database.writing() as session:
        stay = admit_someone(session, library, cast, admitted_on=date(2027, 4, 2), now=later)
        entry = _corrected(session, stay, admitted_on=date(2027, 3, 30))
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=later)
        session.flush()
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.edition_in_force == "2024-04-01"
        standing = _standing(session, stay)
        assert len({h.kind for h in standing}) == len(standing)


def _standing(session: Any, stay: Stay) -> list[Any]:  # noqa: ANN401
    return [h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None]


def test_another_birth_date_moves_the_insured_category_that_the_age_had_given(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _corrected(session, stay, birth_on=date(1990, 5, 3))
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        session.flush()
        seen = certification_of(session, stay.id)
        assert seen is not None
        assert seen.insured_category is InsuredCategory.UNDER_40


def test_a_category_that_somebody_chose_stays(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, insured_category=InsuredCategory.DEEMED_SECOND)
        entry = _corrected(session, stay, birth_on=date(1970, 5, 3))
        correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        seen = certification_of(session, stay.id)
        assert seen is not None
        assert seen.insured_category is InsuredCategory.DEEMED_SECOND


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "\u200b"}, "name"),
    ({"birth_on": date(2026, 12, 1)}, "birth_on"),
    ({"admitted_on": date(2026, 11, 21)}, "admitted_on"),
]


@pytest.mark.parametrize(("changes", "field"), WRONG)
def test_what_cannot_be_is_refused_beside_its_field(
    database: Database, library: Library, cast: Cast, changes: dict[str, Any], field: str
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _corrected(session, stay, **changes)
        with pytest.raises(BadEntry) as refused:
            correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {field}
        assert stay.version == 1


def test_the_admission_lies_before_the_discharge_and_the_planned_day_and_outside_other_stays(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse, later = cast.ward_nurse, NOW + 10 * DAY
    with database.writing() as session:
        first = admit_someone(session, library, cast, kana="シメイヒ ニド", now=later)
        leave(session, library, cast, first, now=NOW + 2 * DAY, discharged_time=time(10))
        second = admit_someone(
            session,
            library,
            cast,
            kana="シメイヒ ニド",
            admitted_on=day_of(NOW + 4 * DAY),
            now=later,
        )
        plan_discharge(
            session,
            second,
            PlannedDischargeEntry(
                planned_discharge_on=day_of(NOW + 6 * DAY),
                planned_certainty=PlannedCertainty.ABOUT,
                version=second.version,
            ),
            library=library,
            by=nurse,
            now=later,
        )
        for stay, changes, field in (
            (first, {"admitted_on": day_of(NOW + 3 * DAY)}, "admitted_on"),
            (
                first,
                {"admitted_on": day_of(NOW + 2 * DAY), "admitted_time": time(11)},
                "admitted_time",
            ),
            (second, {"admitted_on": day_of(NOW + DAY)}, "admitted_on"),
            (second, {"admitted_on": day_of(NOW + 7 * DAY)}, "admitted_on"),
        ):
            entry = _corrected(session, stay, **changes)
            with pytest.raises(BadEntry) as refused:
                correct(session, stay, entry, library=library, by=nurse, now=later)
            assert set(refused.value.fields) == {field}
        entry = _corrected(session, second, admitted_on=day_of(NOW + 2 * DAY))
        correct(session, second, entry, library=library, by=nurse, now=later)
        assert second.admitted_on == day_of(NOW + 2 * DAY)


def test_nobody_becomes_somebody_who_is_in_hospital_already_or_takes_their_number(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        there = admit_someone(session, library, cast, kana="シメイヒ サキ", hospital_number="7001")
        stay = admit_someone(session, library, cast, kana="シメイヒ アト")
        assert there.id != stay.id
        for changes, field in (
            ({"kana": "シメイヒ サキ"}, "kana"),
            ({"hospital_number": "7001"}, "hospital_number"),
        ):
            entry = _corrected(session, stay, **changes)
            with pytest.raises(BadEntry) as refused:
                correct(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
            assert set(refused.value.fields) == {field}


def test_only_the_hospital_corrects_and_only_what_it_saw(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = _corrected(session, stay, sex=Sex.MALE)
        with pytest.raises(NotPermitted):
            correct(session, stay, entry, library=library, by=cast.care_manager, now=NOW)
        stale = entry.model_copy(update={"version": 9})
        with pytest.raises(Overtaken):
            correct(session, stay, stale, library=library, by=cast.ward_nurse, now=NOW)
