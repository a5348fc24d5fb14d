from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.database import Database
from handoffs.stays.patients import Patient, fold, folded_names, known_patient
from tests.conftest import MARK
from tests.people import NOW, Cast

BORN = date(1940, 5, 3)
KANA = st.text(alphabet="あいうえおかがきぎくアイウエオカガキギクヴゔー ", min_size=1, max_size=12)
ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("髙橋", "高橋"),
        ("廣田 惠子", "広田恵子"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("冨田", "富田"),
        ("﨑山", "崎山"),
        ("𠮷田", "吉田"),
        ("渡邉", "渡邊"),
        ("濵田", "浜田"),
        ("德永", "徳永"),
        ("葛󠄀城", "葛城"),
        ("辻󠄁", "辻"),
        ("祥\ufe00子", "祥子"),
        ("ﾀﾅｶ ﾊﾅｺ", "タナカハナコ"),
        ("ｶﾞｯｷ", "ガッキ"),
        ("たなか　はなこ", "タナカ ハナコ"),
        ("ゔぃくとる", "ヴィクトル"),
        ("ＳＭＩＴＨ", "smith"),
        ("神", "神"),
    ],
)
def test_the_same_name_written_otherwise_folds_to_the_same(typed: str, searched: str) -> None:
    assert fold(typed) == fold(searched)


@pytest.mark.parametrize(
    ("one", "other"),
    [("高橋", "高梁"), ("ハナコ", "ハナヨ"), ("バ", "ハ"), ("ッ", "ツ"), ("", "ア")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(KANA)
def test_folding_kana_twice_is_folding_it_once_and_hiragana_is_katakana(kana: str) -> None:
    assert fold(fold(kana)) == fold(kana)
    assert not any("ぁ" <= c <= "ゖ" or c.isspace() for c in fold(kana))


@given(ANY, ANY)
def test_the_folded_form_of_whatever_was_typed_fits_its_column(name: str, kana: str) -> None:
    assert len(folded_names(name, kana)) <= 130


def test_a_sign_that_folds_to_many_characters_is_stored_on_both_databases(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    long = "㍿" * 60
    with database.writing() as session:
        session.add(_patient(cast.hospital_id, name=long, kana="シメイヒ"))
    with database.reading() as session:
        assert known_patient(
            session,
            cast.hospital_id,
            hospital_number=None,
            kana="しめいひ",
            birth_on=BORN,
            name=long,
        )


def _patient(hospital_id: int, *, name: str, kana: str, number: str | None = None) -> Patient:
    return Patient(
        hospital_id=hospital_id,
        hospital_number=number,
        name=name,
        kana=kana,
        folded=folded_names(name, kana),
        birth_on=BORN,
        created_at=NOW,
    )


def test_a_person_is_known_by_number_or_by_kana_and_birth_date_in_their_own_hospital_only(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.add(
            _patient(cast.hospital_id, name=f"{MARK} 一", kana="シメイヒ ハジメ", number="0001")
        )
        session.add(_patient(cast.hospital_id, name=f"{MARK} 二", kana="シメイヒ ジロウ"))

    def known(hospital_id: int, number: str | None, kana: str, birth_on: date = BORN) -> bool:
        with database.reading() as session:
            found = known_patient(
                session,
                hospital_id,
                hospital_number=number,
                kana=kana,
                birth_on=birth_on,
                name=None,
            )
            return found is not None

    assert known(cast.hospital_id, None, "しめいひはじめ")
    assert known(cast.hospital_id, "0001", "別の読み")
    assert known(cast.hospital_id, "0002", "シメイヒ ジロウ")
    assert not known(cast.hospital_id, "0002", "シメイヒ ハジメ")
    assert not known(cast.hospital_id, None, "シメイヒ ハジメ", date(1940, 5, 4))
    assert not known(cast.hospital_id, None, "シメイヒ フタリ")
    assert not known(cast.other_hospital_id, None, "シメイヒ ハジメ")
    assert not known(cast.other_hospital_id, "0001", "シメイヒ ハジメ")
