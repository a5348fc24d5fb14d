"""Same kana, same birth date: one person, two people, or a name that changed."""

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.history import Act, Event
from handoffs.stays.admission import AdmissionEntry
from handoffs.stays.patients import Patient
from rules import Library
from tests.conftest import MARK
from tests.factories import KANA, admission, admit_someone, leave
from tests.people import NOW, Cast

OLD, NEW = f"{MARK} 花子", f"{MARK} 華子"


@pytest.fixture
def gone(database: Database, library: Library, cast: Cast) -> int:
    """Somebody who was in hospital without a number and has left; the id of their record."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana=KANA, name=OLD)
        leave(session, library, cast, stay, now=NOW)
        return stay.patient_id


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Patient.name)))


def test_another_name_is_asked_back_and_overwrites_nothing(
    database: Database, library: Library, cast: Cast, gone: int
) -> None:
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, name=NEW)
    message = refused.value.fields["same_person"]
    assert "患者番号" in message
    assert "同じ方" in message
    assert MARK not in message
    with database.reading() as session:
        assert session.get_one(Patient, gone).name == OLD


def test_a_number_says_that_it_is_somebody_else(
    database: Database, library: Library, cast: Cast, gone: int
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana=KANA, name=NEW, hospital_number="2")
        assert stay.patient_id != gone
    assert names(database) == sorted([OLD, NEW])


@pytest.mark.parametrize("number", [None, "2"])
def test_the_ward_says_that_the_name_changed_and_that_is_recorded(
    database: Database, library: Library, cast: Cast, gone: int, number: str | None
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, kana=KANA, name=NEW, hospital_number=number, same_person=True
        )
        assert stay.patient_id == gone
    assert names(database) == [NEW]
    with database.reading() as session:
        admitted = session.exec(
            select(Event).where(Event.act == Act.STAY_ADMIT).order_by(col(Event.id).desc())
        ).all()
    assert [event.detail.get("renamed") for event in admitted] == [True, None]


def test_the_same_name_is_found_among_namesakes(
    database: Database, library: Library, cast: Cast, gone: int
) -> None:
    with database.writing() as session:
        other = admit_someone(session, library, cast, kana=KANA, name=NEW, hospital_number="2")
        leave(session, library, cast, other, now=NOW)
        back = admit_someone(session, library, cast, kana=KANA, name=NEW)
        assert back.patient_id == other.patient_id != gone


def test_of_several_namesakes_none_is_taken_without_a_number(
    database: Database, library: Library, cast: Cast, gone: int
) -> None:
    with database.writing() as session:
        other = admit_someone(session, library, cast, kana=KANA, name=NEW, hospital_number="2")
        leave(session, library, cast, other, now=NOW)
    with pytest.raises(BadEntry) as refused, database.writing() as session:
        admit_someone(session, library, cast, kana=KANA, name=f"{MARK} 三", same_person=True)
    assert "複数" in refused.value.fields["hospital_number"]
    with database.reading() as session:
        assert session.get_one(Patient, gone).name == OLD


@pytest.mark.parametrize("word", ["yes", 1])
def test_the_wards_word_is_a_plain_yes_or_no(cast: Cast, word: object) -> None:
    with pytest.raises(ValidationError):
        AdmissionEntry(**(admission(cast).model_dump() | {"same_person": word}))
