"""Who looks like somebody else: twins, namesakes, a number under another name."""

from datetime import timedelta

import pytest

from exchange.ward_doubts import doubts_of
from exchange.ward_import import take_in
from exchange.ward_list import read_ward_list
from handoffs.database import Database
from handoffs.parties import Actor
from rules import Library
from tests.conftest import MARK
from tests.exchange.hospital import GOOD, NOW, TODAY, WARDS, ward_list

HANAKO = {**GOOD, "氏名": f"{MARK} 花子", "カナ": "シメイ ハナコ"}
DAY_BEFORE = (TODAY - timedelta(days=30)).isoformat()


def there(database: Database, library: Library, nurse: Actor, *rows: dict[str, str]) -> None:
    listed = read_ward_list(ward_list(*rows), WARDS, TODAY)
    with database.writing() as session:
        account = take_in(session, listed, library=library, by=nurse, now=NOW, digest="d")
    assert not account.rejected


def doubts(database: Database, nurse: Actor, *rows: dict[str, str]) -> dict[int, tuple[str, ...]]:
    listed = read_ward_list(ward_list(*rows), WARDS, TODAY)
    assert not listed.rejected
    with database.reading() as session:
        return doubts_of(session, nurse.organization_id, listed.rows)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"患者番号": "2002"}, "患者番号の違う方"),
        ({"患者番号": "2002", "カナ": "シメイ ハルコ", "氏名": f"{MARK} 春子"}, "双子など"),
        ({"患者番号": "2002", "生年月日": "S13.3.4"}, "同姓同名"),
        ({"氏名": f"{MARK} 別子", "カナ": "ベツ ベツコ", "入院日": "2026-11-20"}, "氏名の違う方"),
    ],
)
def test_a_likeness_to_somebody_in_the_record_is_told(
    database: Database, library: Library, nurse: Actor, changes: dict[str, str], why: str
) -> None:
    there(database, library, nurse, HANAKO)
    found = doubts(database, nurse, {**HANAKO, **changes})
    assert list(found) == [2]
    assert why in found[2][0]
    assert MARK not in repr(found)


def test_two_rows_of_one_file_are_told_of_each_other(database: Database, nurse: Actor) -> None:
    twin = {**HANAKO, "患者番号": "2002", "カナ": "シメイ ハルコ", "氏名": f"{MARK} 春子"}
    found = doubts(database, nurse, HANAKO, twin)
    assert "3行目に" in found[2][0]
    assert "2行目に" in found[3][0]


def test_who_is_recognized_or_like_nobody_is_no_doubt(
    database: Database, library: Library, nurse: Actor
) -> None:
    there(database, library, nurse, HANAKO)
    other = {**HANAKO, "患者番号": "3", "カナ": "ベツ ベツコ", "氏名": f"別 {MARK}"}
    assert doubts(database, nurse, HANAKO, other) == {}
