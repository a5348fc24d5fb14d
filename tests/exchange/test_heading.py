"""Which column stands where, whatever it is called and wherever it stands."""

import pytest

from exchange.csv_file import FileRefused, Line
from exchange.heading import Column, Heading, heading_of

COLUMNS = (
    Column("氏名", ("患者氏名",), mandatory=True),
    Column("カナ", ("氏名(カナ)",), mandatory=True),
    Column("備考"),
)


def heading(*rows: tuple[str, ...]) -> Heading:
    lines = (Line(number, cells) for number, cells in enumerate(rows, start=1))
    return heading_of(lines, COLUMNS)


def refusal(*rows: tuple[str, ...]) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        heading(*rows)
    return refused.value


def test_width_spaces_order_and_other_names_make_no_difference() -> None:
    found = heading(("氏名(ｶﾅ)", " 患 者　氏名 ", "血液型"))

    assert found.places == {"カナ": 0, "氏名": 1}
    assert found.unused == 1


def test_a_title_above_the_heading_is_passed_over() -> None:
    assert heading(("病棟一覧",), ("氏名", "カナ")).line == 2


def test_every_missing_column_is_named() -> None:
    refused = refusal(("氏名", "備考"))

    assert refused.line == 1
    assert "カナ" in refused.message
    assert "氏名" not in refused.message


def test_a_column_that_stands_twice_is_named() -> None:
    refused = refusal(("氏名", "カナ", "患者氏名"))

    assert "「氏名」の列が二つ" in refused.message


def test_a_file_without_heading_is_told_one_and_nothing_of_it_is_repeated() -> None:
    refused = refusal(("見本 花子", "ミホン ハナコ"), ("見本 太郎", "ミホン タロウ"))

    assert "見出しの行が見つかりません" in refused.message
    assert "花子" not in refused.message
    assert "氏名、カナ" in refused.message


def test_the_reason_of_a_rejected_row_is_no_column() -> None:
    found = heading(("理由", "氏名", "カナ"))

    assert found.cells == ("氏名", "カナ")
    assert found.own(("2行目 …", "'=A1", "''quoted")) == ("=A1", "'quoted")


def test_without_a_reason_apostrophes_are_the_hospitals_own() -> None:
    assert heading(("氏名", "カナ")).own(("'=A1", "x")) == ("'=A1", "x")
