import json
from pathlib import Path

import pytest

from forms.__main__ import main
from forms.errors import SheetError
from forms.samples import sample
from tests.forms.paper import printed, text


def test_a_sample_is_printed_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    command = ["print", "missed_coordination_report", "--sample", "full", "--out", str(out)]
    assert main(command) == 0
    assert out.read_bytes() == printed("missed_coordination_report", "full")
    assert [one.name for one in tmp_path.iterdir()] == ["sheet.pdf"]


def test_a_file_is_printed(tmp_path: Path) -> None:
    file, out = tmp_path / "sheet.yaml", tmp_path / "sheet.pdf"
    file.write_text("patient_name: 見本 𠮷子\n", encoding="utf-8")
    assert main(["print", "admission_information", "--data", str(file), "--out", str(out)]) == 0
    assert "見本𠮷子" in text(out.read_bytes())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "patient_name: 見本\nage: 八十\n",
            "sheet.yaml:2: age(年齢)には半角の数を書いてください。",
        ),
        ("patient_name: 氏名秘😀\n", "「患者氏名」の4文字目は、このフォントにない文字です。"),
    ],
)
def test_bad_input_exits_with_2_says_where_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    file, out = tmp_path / "sheet.yaml", tmp_path / "sheet.pdf"
    file.write_text(content, encoding="utf-8")
    assert main(["print", "admission_information", "--data", str(file), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "氏名秘" not in told
    assert not out.exists()


def test_an_unknown_sheet_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", "none", "--sample", "full", "--out", str(tmp_path / "a.pdf")]) == 2
    assert "admission_information" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no folder" / "a.pdf"
    assert main(["print", "admission_information", "--sample", "empty", "--out", str(out)]) == 2
    assert "書けません" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["print", "x", "--out", "y"], ["paint"]])
def test_an_unknown_command_exits_with_2(command: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2


def test_the_list_names_every_sheet_and_what_is_unverified(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    for line in (
        "admission_information\t入院時情報提供書\t2026-11-22版\t未確認の欄",
        "discharge_record\t退院・退所情報記録書",
        "discharge_coordination\t退院調整共有情報",
        "fax_cover\tFAX送付状",
        "reply_slip\t返信票",
        "missed_coordination_report\t退院調整もれ率 月報",
        "様式は自治体の最新版をご確認ください",
    ):
        assert line in told
    assert "pharmacy_slip" not in told
    assert main(["list", "--region", "mihon"]) == 0
    assert "pharmacy_slip\t入退院お薬連絡票" in capsys.readouterr().out


def test_the_fields_of_a_sheet_are_listed_with_source_and_doubt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fields", "admission_information"]) == 0
    told = capsys.readouterr().out
    assert "  mobility\t移動\tchoice\n    independent\t自立" in told
    assert "  procedures\t入院前に実施している医療処置\tchoices\t未確認" in told
    assert "出典: 厚生労働省「介護情報に係る様式の例」36頁" in told


def test_all_definitions_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "読みました" in capsys.readouterr().out


def test_what_is_missing_and_the_class_are_told_after_printing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "a.pdf")
    assert main(["print", "discharge_record", "--sample", "half", "--out", out]) == 0
    assert "まだ書かれていない欄: 退院(所)予定日" in capsys.readouterr().out
    assert main(["print", "discharge_record", "--sample", "full", "--out", out]) == 0
    assert "区分の目安：(Ⅲ)" in capsys.readouterr().out


def test_a_sheet_is_exported_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "fax_cover", "--sample", "full"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "FAX送付状"
    assert main(["export", "missed_coordination_report", "--sample", "full"]) == 2


def test_the_font_command_is_quick_when_the_font_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["font"]) == 0
    assert "できています" in capsys.readouterr().out


def test_a_sample_of_no_known_amount_is_refused() -> None:
    with pytest.raises(SheetError, match="full、half、empty"):
        sample("admission_information", "some")
