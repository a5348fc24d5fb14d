import pytest

from handoffs.accounts import password
from handoffs.accounts.password import (
    LONGEST,
    UNUSABLE,
    complaints,
    hash_password,
    password_fits,
)
from tests.people import PASSWORD, password_hash

OWN = ["山田 花子", "yamada-k7f", "見本中央病院", "ミホンチュウオウビョウイン", "0770000001"]


def test_a_password_is_kept_as_argon2id_and_fits_only_itself() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert kept != hash_password(PASSWORD)
    assert len(kept) <= 200
    assert password_fits(kept, PASSWORD)
    assert not password_fits(kept, f"{PASSWORD} ")
    assert not password_fits(kept, "")


def test_nobody_and_a_broken_hash_fit_no_password() -> None:
    assert not password_fits(None, PASSWORD)
    assert not password_fits("not a hash", PASSWORD)
    assert not password_fits(UNUSABLE, UNUSABLE)


def test_a_name_that_nobody_has_is_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = password._HASHER.verify

    class Watching:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return bool(verify(kept, password))

    password_fits(None, PASSWORD)
    monkeypatch.setattr(password, "_HASHER", Watching())
    assert not password_fits(None, PASSWORD)
    assert len(verified) == 1
    assert verified[0].split("$")[1:4] == password_hash().split("$")[1:4]


@pytest.mark.parametrize(
    "chosen",
    [
        "umi-to-yama-2026",
        "correct horse battery staple 9",
        "international-banana-river-1",
        "あおいそらにとぶとり12!",
        "Xk2!" * 3 + "p9-Lw4_Rt",
        "7 no kaze ga fuku." + "q" * 150,
    ],
)
def test_a_long_password_that_nobody_guesses_is_taken(chosen: str) -> None:
    assert complaints(chosen, OWN) == []


@pytest.mark.parametrize(
    "chosen",
    [
        "Password2026!!",
        "p@ssw0rd-2026-1",
        "qwertyuiop123!!",
        "1q2w3e4r5t6y7u8i!",
        "aaaaaaaaaaaaa1-",
        "Abc-1Abc-1Abc-1Abc-1",
        "abcdefghijklm-1",
        "tsunagi-hospital1",
        "yamada-1985.04.12",
        "yamada-k7f-0770000001",
        "山田花子です-19850412",
        "見本中央病院-2026!a",
        "ＰＡＳＳＷＯＲＤ－２０２６！！",
        "S60.4.12-1985-04-12-a",
    ],
)
def test_words_names_dates_and_runs_are_worth_little_whatever_is_around_them(chosen: str) -> None:
    (said,) = complaints(chosen, OWN)
    assert "推測されやすい" in said
    assert chosen not in said


def test_thirteen_characters_are_asked_for_and_two_hundred_allowed() -> None:
    assert complaints("umi-to-yama-1") == []
    assert complaints("umi-to-yama1") == ["13文字以上にしてください。"]
    assert complaints("umi-to-yama-1" + "x9-" * 70)[0].startswith(f"{LONGEST}文字以内")


def test_mixed_characters_are_asked_for_unless_the_house_does_not() -> None:
    for lacking in ("umitoyamatokaze", "umitoyamatokaze26", "umi-to-yama-kaze"):
        (said,) = complaints(lacking)
        assert "どれも一つ以上" in said
        assert complaints(lacking, mixed=False) == []


def test_full_width_letters_are_the_same_password() -> None:
    assert password_fits(password_hash(), "ｕｍｉ－ｔｏ－ｙａｍａ－２０２６")


def test_what_is_longer_than_any_password_is_not_cut_to_fit() -> None:
    longest = "umi-to-yama-1" + "x" * (LONGEST - 13)
    kept = hash_password(longest)
    assert password_fits(kept, longest)
    assert not password_fits(kept, longest + "x")
