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
        # 濁点 and 半濁点 make no difference where nobody is found otherwise, and are asked for.
        loose = ("たがさぎ", "ﾀｶｻﾞｷ", "タカサキ　バナゴ")
        for words in (
            "高崎",
            "髙﨑",
            "高",
            "髙",
            "崎",
            "﨑",
            "タカサキ",
            "たかさき",
            "ﾀｶｻｷ ﾊﾅ",
            *loose,
        ):
            assert found(session, cast.ward_nurse, words) == [stay.id], words
        for words in ("A7", "Ａ７", stay.code.lower()):
            assert found(session, cast.ward_nurse, words) == [stay.id], words
            assert found(session, cast.other_nurse, words) == []
        for words in ("%", "_", "", "　", "カ*", "カ?", "[カ]", "カ.", "(カ", "カ\\"):
            assert found(session, cast.ward_nurse, words) == [], words
        assert found(session, cast.care_manager, "高崎") == [stay.id]
        assert found(session, cast.colleague, "高崎") == []
        assert found(session, cast.care_manager, "A7") == []


def test_both_twins_of_a_voiced_letter_are_found_when_that_is_asked_for(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    kanas = ("タカハシ ハナ", "タガハシ ハナ")
    with database.writing() as session:
        stays = [make_stay(session, cast) for _ in kanas]
        for stay, kana in zip(stays, kanas, strict=True):
            session.get_one(Patient, stay.patient_id).folded = folded_names("見本", kana)
    with database.reading() as session:
        strict = people_found(session, cast.ward_nurse, "たかはし", today=ADMITTED)
        loose = people_found(session, cast.ward_nurse, "たかはし", today=ADMITTED, loosely=True)
        nearly = people_found(session, cast.ward_nurse, "だかばし", today=ADMITTED)
    assert [one.stay_id for one in strict.stays] == [stays[0].id]
    assert {one.stay_id for one in loose.stays} == {stay.id for stay in stays}
    assert {one.stay_id for one in nearly.stays} == {stay.id for stay in stays}
    assert (strict.loosely, loose.loosely, nearly.loosely) == (False, False, True)
