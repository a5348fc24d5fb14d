"""A ward list is read row by row: candidates, rejected rows with their reasons, and a count."""

import re
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.csv_file import FileRefused
from exchange.rejected_file import text_of
from exchange.ward_list import MOST_ROWS, RejectedRow, WardList, WardRow, read_ward_list
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.stay import PlannedCertainty
from tests.conftest import MARK
from tests.exchange.hospital import GOOD, TODAY, WARDS, person, ward_list


def read(content: bytes) -> WardList:
    return read_ward_list(content, WARDS, TODAY)


def only(**cells: str) -> WardRow:
    listed = read(ward_list({**GOOD, **cells}))
    assert [row.reasons for row in listed.rejected] == []
    (row,) = listed.rows
    return row


def rejected(**cells: str) -> RejectedRow:
    listed = read(ward_list({**GOOD, **cells}))
    assert listed.rows == ()
    (row,) = listed.rejected
    return row


def test_a_row_becomes_checked_values() -> None:
    row = only(退院予定日="R8.12.10", 計画作成担当の事業所番号="１３７０００００１Ａ")

    assert (row.number, row.kana) == ("1001", "ミホン シメイヒ")
    assert row.birth_on == date(1937, 3, 4)
    assert (row.admitted_on, row.admitted_time) == (date(2026, 11, 19), time(10, 30))
    assert (row.ward_id, row.level) == (WARDS["3東"], CareNeedLevel.CARE_2)
    assert row.application is Application.UNKNOWN
    assert row.plan is not None
    assert (row.plan.on, row.plan.certainty) == (date(2026, 12, 10), PlannedCertainty.FIXED)
    assert row.office_number == "137000001A"


@pytest.mark.parametrize(
    ("column", "written", "attribute", "meant"),
    [
        ("カナ", "ﾐﾎﾝ ﾀﾛｳ", "kana", "ミホン タロウ"),
        ("カナ", "みほん　たろう", "kana", "ミホン タロウ"),
        ("カナ", "ジョン・スミス", "kana", "ジョン・スミス"),
        ("氏名", "髙橋 𠮷﨑", "name", "髙橋 𠮷﨑"),
        ("氏名", "ｼﾞｮﾝ ｽﾐｽ", "name", "ジョン スミス"),
        ("氏名", "渡邉\n花子", "name", "渡邉 花子"),
        ("氏名", "=cmd|' /C calc'!A0", "name", "=cmd|' /C calc'!A0"),
        ("生年月日", "昭和12年3月4日", "birth_on", date(1937, 3, 4)),
        ("生年月日", "1937/3/4", "birth_on", date(1937, 3, 4)),
        ("生年月日", "19370304", "birth_on", date(1937, 3, 4)),
        ("入院日", "R8.11.19", "admitted_on", date(2026, 11, 19)),
        ("入院日", "81119", "admitted_on", date(2026, 11, 19)),
        ("入院日", "令和8年11月19日(木)", "admitted_on", date(2026, 11, 19)),
        ("入院時刻", "", "admitted_time", None),
        ("入院時刻", "不明", "admitted_time", None),
        ("入院時刻", "９時５分", "admitted_time", None),
        ("入院時刻", "9時05分", "admitted_time", time(9, 5)),
        ("入院時刻", "9時", "admitted_time", time(9)),
        ("入院時刻", "0905", "admitted_time", time(9, 5)),
        ("入院時刻", "９：０５：００", "admitted_time", time(9, 5)),
        ("病棟", "３ 東", "ward_id", 1),
        ("介護認定", "要支援２", "level", CareNeedLevel.SUPPORT_2),
        ("介護認定", "支援1", "level", CareNeedLevel.SUPPORT_1),
        ("介護認定", "未申請", "level", CareNeedLevel.NONE),
        ("介護認定", "不明", "level", CareNeedLevel.UNKNOWN),
        ("患者番号", "", "number", None),
        ("患者番号", "００１２", "number", "0012"),
        ("計画作成担当の事業所番号", "なし", "office_number", ""),
    ],
)
def test_what_people_and_systems_write_is_understood(
    column: str, written: str, attribute: str, meant: object
) -> None:
    if written == "９時５分":
        assert "入院時刻" in rejected(**{column: written}).reasons[0]
        return
    assert getattr(only(**{column: written}), attribute) == meant


@pytest.mark.parametrize(
    ("written", "on", "certainty"),
    [
        ("2026-12-10頃", date(2026, 12, 10), PlannedCertainty.ABOUT),
        ("およそ12月", None, None),
        ("約R8.12.10", date(2026, 12, 10), PlannedCertainty.ABOUT),
        ("未定", None, PlannedCertainty.UNDECIDED),
    ],
)
def test_a_planned_discharge_may_be_about_or_undecided(
    written: str, on: date | None, certainty: PlannedCertainty | None
) -> None:
    if certainty is None:
        assert rejected(退院予定日=written).reasons[0].startswith("退院予定日: ")
        return
    plan = only(退院予定日=written).plan
    assert plan is not None
    assert (plan.on, plan.certainty) == (on, certainty)


@pytest.mark.parametrize(
    ("column", "written", "told"),
    [
        ("氏名", "", "空欄"),
        ("氏名", "見本\ue000子", "外字"),
        ("氏名", "見本\U000f0000子", "外字"),
        ("氏名", "見本\0子", "目に見えない"),
        ("氏名", "見本\u202e子", "目に見えない"),
        ("氏名", "見本\ufffd子", "壊れて"),
        ("氏名", "あ" * 61, "60文字"),
        ("カナ", "見本", "カタカナ"),
        ("カナ", "", "空欄"),
        ("生年月日", "", "空欄"),
        ("生年月日", "12.3.5", "元号"),
        ("生年月日", "2026-11-21", "未来"),
        ("生年月日", "1937-02-30", "暦にない"),
        ("生年月日", "S65.1.1", "64年"),
        ("生年月日", "きのう", "日付として"),
        ("入院日", "", "空欄"),
        ("入院日", "2026-11-21", "今日より後"),
        ("入院日", "R0.1.1", "1年"),
        ("入院時刻", "25:00", "0:00"),
        ("入院時刻", "朝", "10:30"),
        ("病棟", "4東", "3東、3西"),
        ("病棟", "", "3東、3西"),
        ("介護認定", "要介護6", "要介護1〜5"),
        ("介護認定", "", "不明"),
        ("退院予定日", "2026-11-18", "入院日より前"),
        ("退院予定日", "来週", "日付として"),
        ("患者番号", "山田", "数字と英字"),
        ("患者番号", "1" * 21, "20文字"),
        ("対象", "△", "○"),
    ],
)
def test_a_mistake_is_told_with_its_column_and_without_what_was_written(
    column: str, written: str, told: str
) -> None:
    row = rejected(**{column: written})

    (reason,) = row.reasons
    assert reason.startswith(f"{column}: ")
    assert told in reason
    assert row.line.number == 2
    assert len(written) < 2 or written not in reason


def test_every_mistake_of_a_row_is_told_at_once() -> None:
    row = rejected(氏名="", 病棟="9", 介護認定="?")

    assert [reason.split(":")[0] for reason in row.reasons] == ["氏名", "病棟", "介護認定"]


def test_of_those_who_are_no_candidates_nothing_is_read_or_kept() -> None:
    nobody = [person(n, 対象=mark, 病棟="?") for n, mark in enumerate(["", "×", "対象外", " "])]

    listed = read(ward_list(*nobody, person(9)))

    assert (len(listed.rows), len(listed.rejected), listed.dropped) == (1, 0, 4)


def test_a_list_that_confirms_nobody_is_refused() -> None:
    with pytest.raises(FileRefused, match="対象") as refused:
        read(ward_list({name: cell for name, cell in GOOD.items() if name != "対象"}))
    assert refused.value.line == 1


def test_a_doubled_row_is_rejected_and_names_the_first() -> None:
    listed = read(ward_list(person(1), person(2), person(1), person(2, 患者番号="")))

    assert [row.line.number for row in listed.rows] == [2, 3]
    assert [(r.line.number, r.reasons) for r in listed.rejected] == [
        (4, ("2行目と同じ方です。一行にしてください。",)),
        (5, ("3行目と同じ方です。一行にしてください。",)),
    ]


def test_two_numbers_are_two_people() -> None:
    assert len(read(ward_list(person(1), person(1, 患者番号="2"))).rows) == 2


@pytest.mark.parametrize("cells", ["○,1", "○" + ",x" * 30])
def test_a_ragged_row_is_rejected_whole(cells: str) -> None:
    content = ward_list(GOOD) + cells.encode() + b"\r\n"

    (row,) = read(content).rejected

    assert row.line.number == 3
    assert "列の数" in row.reasons[0]


def test_line_breaks_in_a_cell_do_not_shift_the_numbers() -> None:
    listed = read(ward_list(person(1, 氏名=f"見本\n\n{MARK}"), person(2, 病棟="?")))

    assert [row.line.number for row in listed.rows] == [2]
    assert [row.line.number for row in listed.rejected] == [5]


def test_more_candidates_than_one_transaction_should_hold_are_refused() -> None:
    everybody = [person(number) for number in range(MOST_ROWS + 1)]

    with pytest.raises(FileRefused, match="分けて") as refused:
        read(ward_list(*everybody))
    assert refused.value.line == MOST_ROWS + 2


def test_nothing_that_was_read_shows_a_person_by_accident() -> None:
    listed = read(ward_list(GOOD, person(2, 病棟="?")))

    assert MARK not in f"{listed!r}{listed.rows!r}{listed.rejected!r}{listed.heading!r}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_the_encoding_makes_no_difference_to_what_is_read(encoding: str) -> None:
    rows = [person(1, 氏名="髙﨑 花子"), person(2, カナ="ﾐﾎﾝ ﾊﾅｺ"), person(3, 病棟="?")]
    expected, listed = read(ward_list(*rows)), read(ward_list(*rows, encoding=encoding))

    assert listed.rows == expected.rows
    assert listed.rejected == expected.rejected


CELL = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["○", "", "R8.11.19", "2026-11-19", "3東", "要介護1", "=1+1", "'", "\ue000"]),
)


@settings(max_examples=300)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, CELL)), max_size=4))
def test_any_cells_are_taken_dropped_or_rejected(rows: list[dict[str, str]]) -> None:
    listed = read(ward_list(*rows))

    told = len(listed.rows) + len(listed.rejected) + listed.dropped
    blank = sum(not any(cell.strip() for cell in row.values()) for row in rows)
    assert told == len(rows) - blank
    assert all(row.reasons for row in listed.rejected)


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "cp932"]))
def test_any_bytes_below_a_heading_never_crash(tail: bytes, encoding: str) -> None:
    content = ward_list(person(1), encoding=encoding) + tail
    told = ""
    try:
        told = "".join(reason for row in read(content).rejected for reason in row.reasons)
    except FileRefused as refused:
        told = refused.message

    assert MARK not in told


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from([n for n in GOOD if n != "対象"]), CELL), min_size=1, max_size=5
    )
)
def test_rejected_rows_can_be_mended_and_read_again(spoilt: list[tuple[str, str]]) -> None:
    rows = [person(number, **{column: cell}) for number, (column, cell) in enumerate(spoilt)]
    first = read(ward_list(*rows))

    second = read(text_of(first.heading, first.rejected).encode("utf-8-sig"))

    alone = [row for row in first.rejected if "同じ方" not in row.reasons[-1]]
    assert set(map(visible, alone)) <= set(map(visible, second.rejected))
    mended = [person(row.line.number) for row in first.rejected]
    assert read(ward_list(*mended)).rejected == ()


def visible(row: RejectedRow) -> tuple[str, ...]:
    """The cells of a row, with controls as the file of rejected rows shows them."""
    return tuple(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", c) for c in row.line.cells)
