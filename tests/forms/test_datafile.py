from datetime import date
from pathlib import Path

import pytest

from forms import FilledSheet, Mask, MissedCoordinationReport, SheetError
from forms.datafile import read_sheet
from forms.private_file import LARGEST_FILE, DataFileError
from handoffs.rates.figures import Figure

PERSON = """\
patient_name: 見本 𠮷子
birth_on: S12.3.4
admitted_on: 2026-11-20
age: 89
consent_given: given
care_level: care_2
insured_number: "0012345678"
telephone: 00-0000-0003
key_name: 見本 﨑子
other_contacts:
  - {role: 成年後見人, name: 見本 守}
  - role: 福祉事務所
    name: 見本 福
mobility: partial_help
mobility_indoors: [walker, cane]
pressure_ulcer: present
pressure_ulcer/present: 仙骨部
interests: |
  俳句
  庭の手入れ
"""

MONTH = """\
rates:
  region: mihon
  region_name: 見本医療圏
  month: 2026-10-01
  as_of: 2026-11-02T09:00:00+09:00
  provisional: true
  measures:
    - id: missed_coordination
      label: 退院調整もれ率
      definition: [分母, 分子]
      total: {counted: 1, of: 9, unknown: 2}
      cuts:
        - {label: 病院, rows: [{label: 見本病院, figure: {counted: 1, of: 9}}]}
      beside: [[死亡, 3]]
  trend:
    - [2026-10-01, {counted: 1, of: 9}]
"""


def wrong(tmp_path: Path, content: bytes | str, name: str = "admission_information") -> str:
    """Return the message for a file, which must stand behind its name and line."""
    file = tmp_path / "sheet.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataFileError) as caught:
        read_sheet(file, name)
    assert str(caught.value).startswith(f"{file}:")
    return str(caught.value).removeprefix(f"{file}:")


def test_a_person_is_read_with_dates_as_people_write_them(tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    file.write_text(PERSON, encoding="utf-8-sig")
    sheet = read_sheet(file, "admission_information")
    assert isinstance(sheet, FilledSheet)
    fields = sheet.definition.by_id
    assert sheet.day(fields["birth_on"]) == date(1937, 3, 4)
    assert sheet.told(fields["birth_on"]) == "昭和12年3月4日"
    assert sheet.day(fields["admitted_on"]) == date(2026, 11, 20)
    assert sheet.answers["care_level"] == "care_2"
    assert sheet.answers["insured_number"] == "0012345678"
    assert sheet.answers["mobility_indoors"] == ("cane", "walker")
    assert sheet.answers["interests"] == "俳句\n庭の手入れ\n"
    assert sheet.words(fields["pressure_ulcer"], "present") == "仙骨部"
    assert sheet.rows() == 2


def test_a_file_may_ask_for_a_mask_and_hide_the_whereabouts(tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    file.write_text("whereabouts_hidden: true\nmask: initials\nrevision: 2\n", encoding="utf-8")
    sheet = read_sheet(file, "admission_information")
    assert isinstance(sheet, FilledSheet)
    assert (sheet.whereabouts_hidden, sheet.mask, sheet.revision) == (True, Mask.INITIALS, 2)


def test_a_region_reads_its_own_fields(tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    file.write_text("acp_talked: talked\n", encoding="utf-8")
    assert read_sheet(file, "admission_information", "mihon").rows() == 0
    with pytest.raises(DataFileError, match="知らない項目名"):
        read_sheet(file, "admission_information")


def test_json_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "sheet.json"
    file.write_text('{"patient_name": "見本", "age": null}', encoding="utf-8")
    sheet = read_sheet(file, "admission_information")
    assert isinstance(sheet, FilledSheet)
    assert dict(sheet.answers) == {"patient_name": "見本"}


def test_a_month_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "month.yaml"
    file.write_text(MONTH, encoding="utf-8")
    sheet = read_sheet(file, "missed_coordination_report")
    assert isinstance(sheet, MissedCoordinationReport)
    assert sheet.rates.measures[0].total == Figure(1, 9, 2)
    assert sheet.rates.measures[0].beside == (("死亡", 3),)
    assert sheet.rates.trend == ((date(2026, 10, 1), Figure(1, 9)),)
    assert sheet.rates.as_of.utcoffset() is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("patient_name: 氏名秘\nbirth_on: S64.1.8\n", "2: 昭和は64年1月7日まで"),
        ("age: 氏名秘\n", "1: age(年齢)には半角の数を"),
        ("case_code: 氏名秘\n", "1: case_code(管理番号)は、半角の英大文字"),
        ("care_level: care_6\n", "1: care_level(入院時の要介護度)は次の中から選んでください: none"),
        ("nickname: 氏名秘\n", "1: 知らない項目名です。使えるのは case_code"),
        ("patient_name: a\npatient_name: 氏名秘\n", "2: 同じ項目名が二度"),
        ("office: a\nmobility: 氏名秘\n", "2: mobility(移動)は次の中から"),
        ("mobility: [independent, full_help]\n", "1: mobility(移動)は一つだけ"),
        ("mobility/independent: 氏名秘\n", "1: mobility(移動)の independent には書き込む欄が"),
        ("other_contacts: 氏名秘\n", "1: 「- 」で始まる並び"),
        ("other_contacts:\n  - 氏名秘\n", "2: 「項目名: 内容」の形"),
        ("other_contacts:\n  - nick: 氏名秘\n", "2: 知らない項目名です。使えるのは role"),
        (
            "valid_from: R8.4.1\nvalid_until: R8.3.31\n",
            "有効期間の終わり」が「有効期間の始まり」より前",
        ),
        ("mask: 氏名秘\n", "1: 次の中から選んでください: none, initials, circles"),
        ("revision: 0\n", "1: 1から999まで"),
        ("patient_name: [氏名秘]\n", "1: 一つの値"),
        ("- 氏名秘\n", "1: 「項目名: 内容」の形"),
        ("patient_name: '氏名秘\n", "YAMLとして読めません"),
        ("office: a\n\tpatient_name: 氏名秘\n", "2: YAMLとして読めません"),
        ("patient_name: 氏名秘\x00\n", "YAMLとして読めません"),
        ("[" * 500, "YAMLとして読めません"),
        ("", "1: 中身がありません"),
        ("office: 見本\npatient_name: 氏名秘\n".encode("shift_jis"), "1: 文字コードがUTF-8では"),
        (b"x" * (LARGEST_FILE + 1), "1: ファイルが大きすぎます"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_without_the_contents(
    tmp_path: Path, content: bytes | str, message: str
) -> None:
    assert message in wrong(tmp_path, content)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("+09:00", "", "5: 時差のついた日時"),
        ("[[死亡, 3]]", "[[死亡]]", "14: [ ] の中に2つ"),
        ("  provisional: true\n", "", "2: provisional がありません"),
    ],
)
def test_a_mistake_in_a_month_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert message in wrong(tmp_path, MONTH.replace(before, after), "missed_coordination_report")


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="ファイルが読めません"):
        read_sheet(tmp_path / "none.yaml", "admission_information")


def test_an_unknown_sheet_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="admission_information、admission_kit"):
        read_sheet(tmp_path / "none.yaml", "no_such_sheet")
