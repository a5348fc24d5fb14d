"""The rows of a preview on their way through the browser and back."""

import pytest

from exchange.carried_rows import carried_lines, carried_text
from exchange.csv_file import FileRefused
from exchange.ward_list import WardList, read_ward_list, ward_list_of
from tests.exchange.hospital import GOOD, TODAY, WARDS, person, ward_list

PRIVATE = "この列は病名"


def read(*rows: dict[str, str]) -> WardList:
    return read_ward_list(ward_list(*rows), WARDS, TODAY)


def test_the_rows_come_back_as_they_were_with_their_lines() -> None:
    there = read(
        person(1, 氏名="髙橋\n花子"), person(2, 対象=""), person(3, 退院予定日="およそR8.12.1")
    )
    back = ward_list_of(carried_lines(carried_text(there)), WARDS, TODAY)
    assert [row.line.number for row in back.rows] == [row.line.number for row in there.rows]
    facts = [
        [(r.number, r.name, r.kana, r.birth_on, r.plan) for r in one.rows] for one in (there, back)
    ]
    assert facts[0] == facts[1]
    assert back.dropped == 0


def test_nothing_goes_along_but_the_candidates_and_the_columns_that_are_used() -> None:
    rows = (
        person(1, 備考=PRIVATE),
        person(2, 氏名="だれか", 対象="", 備考=""),
        person(3, 氏名="よめない", 病棟="?", 備考=""),
    )
    text = carried_text(read(*rows))
    assert all(word not in text for word in (PRIVATE, "備考", "だれか", "よめない"))


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[1]", '[["1",["a"]]]', "[[1,[2]]]", "[[1]]", "[" * 100_000, "[]"]
)
def test_a_text_that_was_never_made_here_is_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        ward_list_of(carried_lines(text), WARDS, TODAY)
    assert "取り込んでいません" in refused.value.message or "見出し" in refused.value.message


def test_the_text_says_what_the_heading_calls_the_columns() -> None:
    text = carried_text(
        read({("患者ID" if key == "患者番号" else key): cell for key, cell in GOOD.items()})
    )
    assert '"患者番号"' in text
