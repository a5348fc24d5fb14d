"""With which characters a name can be written."""

import pytest

from handoffs.names import wrong_name

GOOD = [
    "山田 花子",
    "山田　花子",
    "髙橋﨑𠮷",
    "渡邉󠄀",
    "葛󠄁城",
    "佐々木",
    "林田〆子",
    "リー・メイ",
    "ヴィンセント ジョー",
    "Maria-José O'Neil Å.",
    "김철수",
    "Nguyễn Thị Hương",
    "〇〇㈱",
    "神\ufa19",
    "花" * 60,
]


@pytest.mark.parametrize("name", GOOD)
def test_every_script_and_shape_of_a_kanji_is_a_name(name: str) -> None:
    assert wrong_name(name) is None


@pytest.mark.parametrize("name", ["山田😀", "山田❤", "山田👩‍⚕️", "1️⃣子", "🇯🇵", "花✨"])
def test_pictures_are_none(name: str) -> None:
    assert "絵文字" in (wrong_name(name) or "")


@pytest.mark.parametrize("name", ["山\x00田", "山\t田", "山\u202e田", "山\u2028田", "山\u200b田"])
def test_what_nobody_sees_is_none(name: str) -> None:
    assert "入力し直してください" in (wrong_name(name) or "")


def test_a_private_character_is_told_apart_because_it_was_meant() -> None:
    assert "近い字" in (wrong_name("山\ue000田") or "")


@pytest.mark.parametrize("name", ["", "　", "\U000e0100"])
def test_nothing_is_no_name(name: str) -> None:
    assert wrong_name(name)
