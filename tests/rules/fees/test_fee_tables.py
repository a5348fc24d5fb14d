"""The fee tables that are shipped, and what is said of a table with a mistake in it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.fees import (
    FeeTableError,
    NoFeeTable,
    admission_table,
    admission_tables,
    discharge_table,
    discharge_tables,
    hospital_table,
    hospital_tables,
)
from rules.fees.dated import SHIPPED
from rules.fees.table import Table
from rules.fees.table_file import admission_table_of, discharge_table_of, hospital_table_of

ALL: tuple[Table, ...] = (*admission_tables(), *discharge_tables(), *hospital_tables())
ADMISSION = (SHIPPED / "admission_information" / "2024-04-01.yaml").read_text(encoding="utf-8")
DISCHARGE = (SHIPPED / "discharge" / "2018-04-01.yaml").read_text(encoding="utf-8")
HOSPITAL = (SHIPPED / "hospital" / "2016-04-01.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "table", ALL, ids=lambda table: f"{table.file.parent.name} {table.in_force}"
)
def test_every_table_says_what_is_not_verified(table: Table) -> None:
    assert list(table.unverified())
    assert table.sources()
    for each in table.statements:
        assert each.sources or each.unverified


@pytest.mark.parametrize(
    ("tables", "days"),
    [
        (admission_tables(), ["2012-04-01", "2018-04-01", "2024-04-01"]),
        (discharge_tables(), ["2018-04-01"]),
        (hospital_tables(), ["2016-04-01", "2022-04-01", "2026-06-01"]),
    ],
)
def test_tables_are_dated(tables: tuple[Table, ...], days: list[str]) -> None:
    assert [table.in_force.isoformat() for table in tables] == days


@pytest.mark.parametrize("begins", [table.in_force for table in admission_tables()[1:]])
def test_a_table_holds_until_the_day_before_the_next(begins: date) -> None:
    assert admission_table(begins).in_force == begins
    assert admission_table(begins - timedelta(days=1)).in_force < begins


def test_before_the_first_checked_table_nothing_is_counted() -> None:
    with pytest.raises(NoFeeTable, match="2012-04-01から"):
        admission_table(date(2012, 3, 31))
    with pytest.raises(NoFeeTable, match="退院・退所加算"):
        discharge_table(date(2018, 3, 31))
    with pytest.raises(NoFeeTable, match="入退院支援加算"):
        hospital_table(date(2016, 3, 31))


def test_points_that_were_not_read_stay_empty() -> None:
    assert hospital_table(date(2021, 4, 1)).points["1"]["long_term_care"] == 1200
    assert hospital_table(date(2024, 6, 1)).points["1"] == {"general": 700, "long_term_care": None}
    assert set(hospital_table(date(2026, 6, 1)).points["2"].values()) == {None}


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


@pytest.mark.parametrize(
    ("was", "instead", "at", "found", "write"),
    [
        ("units: 250", "units: 250\n    units: 260", "units: 260", "項目「units」が二度", "一つに"),
        ("units: 250", "unit: 250", "unit: 250", "「unit」という項目はありません", "「units」では"),
        ("units: 250", "units: 二百", "units: 二百", "「二百」は使えません", "1から9999まで"),
        ("last_day: 3", "last_day: 0", "last_day: 0", "「0」は使えません", "1から31まで"),
        ("    units: 250\n", "", "id: I", "「units」がありません", "「units: …」を書き足して"),
        ("id: II", "id: I", "id: I\n    label: (Ⅱ)", "id「I」は二度", "重ならない id"),
        (
            "fee: adm",
            "fee: discharge # ",
            "fee: ",
            "「discharge」という語",
            "使える語: admission_information",
        ),
        ("differ_by: day", "differ_by: dat", "tiers_differ", "「dat」という語", "「day」では"),
        (
            "counting: settled",
            "counting: yes",
            "counting: ",
            "「はい・いいえ」",
            "使える語: settled",
        ),
        (
            "in_force: 2024-04-01",
            "in_force: 2024-04-02",
            "in_force: 2024-04-02",
            "ファイル名は「2024-04-01.yaml」",
            "2024-04-02.yaml にするか",
        ),
        (
            "next_revision: 2027-04-01",
            "next_revision: 2024-04-01",
            "next_revision",
            "in_force よりあとではありません",
            "直してください",
        ),
        (
            "url: https://fukushi",
            "url: fukushi",
            "url: fukushi",
            "出典のアドレスになりません",
            "https://",
        ),
        (
            "    sources: intertrust\n  - text: 入院より前",
            "  - text: 入院より前",
            "text: (Ⅱ)は入院した日の翌日か翌々日で",
            "出典がありません",
            "「unverified:」に確かめられていない理由",
        ),
        (
            "    sources: kaipoke\n",
            "    sources: kaipike\n",
            "sources: kaipike",
            "「kaipike」という語",
            "「kaipoke」では",
        ),
        (
            "    sources: roushikyo-2026\n",
            "    unverified: 不明\n",
            "title: 老施協",
            "出典「roushikyo-2026」を挙げた文がありません",
            "statements のどれかに",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, was: str, instead: str, at: str, found: str, write: str
) -> None:
    assert was in ADMISSION
    text = ADMISSION.replace(was, instead, 1)
    file = tmp_path / "2024-04-01.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FeeTableError) as refused:
        admission_table_of(file)

    assert refused.value.line == line_of(text, at)
    assert found in refused.value.found
    assert write in refused.value.instead


def test_a_days_word_belongs_to_a_step_that_has_days(tmp_path: Path) -> None:
    file = tmp_path / "2016-04-01.yaml"
    text = HOSPITAL.replace(
        "    text: できるだけ早く", "    long_term_care_days: 14\n    text: できるだけ早く", 1
    )
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FeeTableError, match="日数\\(days\\)がないのに") as refused:
        hospital_table_of(file)

    assert refused.value.line == line_of(text, "long_term_care_days: 14\n    text: できる")


def test_a_class_says_whether_a_conference_is_required(tmp_path: Path) -> None:
    file = tmp_path / "2018-04-01.yaml"
    file.write_text(
        DISCHARGE.replace("conference: required", "conference: 要", 1), encoding="utf-8"
    )

    with pytest.raises(FeeTableError, match="「要」という語は使えません"):
        discharge_table_of(file)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeeTableError, match="加算の表がありません"):
        admission_tables(tmp_path)
