"""Finding a person asks SQLite and PostgreSQL in different words and must find the same."""

from sqlmodel import Session

from handoffs.database import Database
from handoffs.finding.people import people_found
from handoffs.parties import Actor
from handoffs.stays.patients import Patient, folded_names
from tests.factories import ADMITTED, make_stay
from tests.people import Cast


def found(session: Session, actor: Actor, words: str) -> list[int]:
    return [stay.stay_id for stay in people_found(session, actor, words, today=ADMITTED).stays]


def test_both_databases_find_the_same_and_take_no_sign_for_a_pattern(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager)
        make_stay(session, cast, hospital_id=cast.other_hospital_id)
        patient = session.get_one(Patient, stay.patient_id)
        patient.hospital_number = "Ａ７"
        patient.folded = folded_names("髙﨑 花子", "タカサキ ハナコ")
    with database.reading() as session:
        for words in ("高崎", "たかさき", "ﾀｶｻｷ ﾊﾅ", "A7", stay.code.lower()):
            assert found(session, cast.ward_nurse, words) == [stay.id], words
            assert found(session, cast.other_nurse, words) == []
        for words in ("%", "_", "", "　"):
            assert found(session, cast.ward_nurse, words) == []
        assert found(session, cast.care_manager, "高崎") == [stay.id]
        assert found(session, cast.colleague, "高崎") == []
        assert found(session, cast.care_manager, "A7") == []
