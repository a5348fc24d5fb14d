from datetime import date
from pathlib import Path

import pytest

from forms import AdmissionInformation, MissedCoordinationReport, SheetError
from forms.datafile import LARGEST_FILE, DataFileError, read_sheet
from handoffs.certification import CareNeedLevel
from handoffs.contacts import ContactRole
from handoffs.figures import Figure

PERSON = """\
patient_name: 見本 𠮷子
birth_on: S12.3.4
admitted_on: 2026-11-20
age: 89
consent_given: true
care_level: care_2
insured_number: "0012345678"
telephone: 00-0000-0003
contacts:
  - {role: key_person, name: 見本 﨑子, age: 61}
  - role: main_carer
    name: 見本 﨑子
answers:
  mobility: partial_help
  mobility_indoors: [cane, walker]
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
    assert isinstance(sheet, AdmissionInformation)
    assert sheet.birth_on == date(1937, 3, 4)
    assert sheet.admitted_on == date(2026, 11, 20)
    assert sheet.care_level is CareNeedLevel.CARE_2
    assert sheet.insured_number == "0012345678"
    assert sheet.consent_given
    assert [one.role for one in sheet.contacts] == [ContactRole.KEY_PERSON, ContactRole.MAIN_CARER]
    assert sheet.answers["mobility_indoors"] == ("cane", "walker")
    assert sheet.answers["interests"] == "俳句\n庭の手入れ\n"


def test_json_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "sheet.json"
    file.write_text('{"patient_name": "見本", "age": null}', encoding="utf-8")
    sheet = read_sheet(file, "admission_information")
    assert sheet == AdmissionInformation(patient_name="見本")


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
        ("age: 氏名秘\n", "1: 整数を"),
        ("consent_given: yes\n", "1: true か false"),
        ("care_level: care_6\n", "1: 次の中から選んでください: unknown, none"),
        ("nickname: 氏名秘\n", "1: 知らない項目名です。使えるのは case_code"),
        ("patient_name: a\npatient_name: 氏名秘\n", "2: 同じ項目名が二度"),
        ("answers:\n  mobility: 氏名秘\n", "2: mobility(移動)は次の中から"),
        ("answers: 氏名秘\n", "1: 「項目名: 内容」の形"),
        ("contacts: 氏名秘\n", "1: 「- 」で始まる並び"),
        ("contacts:\n  - name: 氏名秘\n", "2: role がありません"),
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
    with pytest.raises(SheetError, match="admission_information、missed_coordination_report"):
        read_sheet(tmp_path / "none.yaml", "no_such_sheet")
