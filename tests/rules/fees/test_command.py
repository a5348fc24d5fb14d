"""`python -m rules window`: both tiers' last days and the proof, or what was wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine

from rules.__main__ import main
from rules.public_holidays import HEADING, public_holidays

ROOT = Path(__file__).parents[3]
OFFICE = """\
open:
  mon: "08:30-17:30"
  tue: "08:30-17:30"
  wed: "08:30-17:30"
  thu: "08:30-17:30"
  fri: "08:30-17:30"
public_holidays: closed
closed: [2026-12-30, 2026-12-31, 2027-01-02, 2027-01-03]
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    file = tmp_path / "office.yaml"
    file.write_text(OFFICE, encoding="utf-8")
    return file


def said(
    capsys: pytest.CaptureFixture[str], admitted: str, office: Path, *more: object
) -> tuple[int, str, str]:
    given = ("window", "--admitted", admitted, "--office", office, *more)
    with time_machine.travel("2026-11-22T09:00:00+09:00", tick=False):
        try:
            code = main([str(argument) for argument in given])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def told(
    capsys: pytest.CaptureFixture[str], admitted: str, office: Path, *more: object
) -> dict[str, Any]:
    code, out, err = said(capsys, admitted, office, "--json", *more)
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_json_holds_the_table_both_tiers_and_the_proof(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = told(capsys, "2026-11-19T18:10", office)

    assert answer["table"] == "2024-04-01"
    assert answer["tiers"] == [
        {"tier": "I", "units": 250, "until": "2026-11-20", "outer": "2026-11-20", "ask": False},
        {"tier": "II", "units": 200, "until": "2026-11-21", "outer": "2026-11-22", "ask": True},
    ]
    assert [day["date"] for day in answer["proof"]] == [
        f"2026-11-{day}" for day in (19, 20, 21, 22)
    ]
    assert answer["proof"][-1] == {
        "date": "2026-11-22",
        "weekday": "日",
        "holiday": None,
        "open": False,
        "admission_is_day_1": 4,
        "first_day_not_counted": 3,
        "tiers": [{"tier": "II", "ask": True}],
    }
    assert answer["arrival"] == "after_hours"
    assert answer["provisional_years"] == []


def test_words_say_the_days_the_reason_and_that_nothing_is_promised(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "2026-11-20T19:00", office)

    assert (code, err) == (0, "")
    assert "(Ⅰ)250単位: 2026年11月21日(土)まで\n" in out
    assert "(Ⅱ)200単位: 2026年11月22日(日)までが安全" in out
    assert "2026年11月23日(月)まで。確認が必要" in out
    assert "4日目/3日目 休業日(勤労感謝の日) (Ⅱ)(確認が必要)" in out
    assert "1日目/数えない 営業日 (Ⅰ)" in out
    assert "加算の算定を約束するものではありません" in out
    assert "入院より前に渡した情報は(Ⅰ)に数えます" in out
    assert "仮" not in out


def test_a_time_that_is_not_known_is_said_and_both_windows_are_shown(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(capsys, "2026-11-18", office)

    assert "時刻不明" in out
    assert "病院に入院時刻を確かめてください" in out
    assert told(capsys, "2026-11-18", office)["admitted_time"] is None


def test_seconds_are_taken_and_closing_time_itself_is_in_hours(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "2026-11-25T17:30:00", office)["arrival"] == "in_hours"
    assert told(capsys, "2026-11-25T17:30:01", office)["arrival"] == "after_hours"


def test_old_tables_ask_and_a_revision_within_the_window_is_said(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = told(capsys, "2024-03-30", office)

    assert answer["table"] == "2018-04-01"
    assert [each["ask"] for each in answer["tiers"]] == [True, True]
    assert any("期間の途中で加算の定めが変わります" in note for note in answer["notes"])
    assert any("保険者に確かめ" in note for note in answer["notes"])


def test_after_the_next_revision_it_is_said_that_the_table_was_not_checked(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = told(capsys, "2027-04-01T10:00", office)["notes"]

    assert any("2027-04-01からの定めは確かめていません" in note for note in notes)


def test_a_year_that_is_not_gazetted_is_provisional(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(capsys, "2027-12-31T10:00", office)

    assert "2028年の祝日はまだ確定していません(仮)" in out
    assert "2027年の祝日は" not in out
    assert told(capsys, "2027-12-31T10:00", office)["provisional_years"] == [2028]


def test_the_cabinet_offices_list_stands_above_the_library(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "syukujitsu.csv"
    rows = [
        f"{day.year}/{day.month}/{day.day},{name}" for day, name in public_holidays(2026).items()
    ]
    rows.append("2026/11/18,臨時の休日")
    file.write_bytes("\r\n".join([",".join(HEADING), *rows]).encode("cp932"))

    answer = told(capsys, "2026-11-18T10:00", office, "--holidays", file)

    assert answer["arrival"] == "closed_day"
    assert answer["proof"][0]["holiday"] == "臨時の休日"
    assert told(capsys, "2027-01-05T10:00", office, "--holidays", file)["provisional_years"] == [
        2027
    ]


@pytest.mark.parametrize(
    ("admitted", "words"),
    [
        ("2012-03-31T10:00", "2012-03-31の入院時情報連携加算は数えられません"),
        ("2100-01-05T10:00", "2100年の祝日は分かりません"),
        ("2026-11-31", "入院日時「2026-11-31」は読めません"),
        ("2026-11-19 18:10", "2026-11-19T18:10 か"),
        ("2026-11-19T18:10+09:00", "読めません"),
        ("2026-11-19T", "読めません"),
        ("2026-11-19T1810", "読めません"),
        ("11月19日", "読めません"),
    ],
)
def test_an_admission_that_cannot_be_counted_ends_with_2(
    office: Path, capsys: pytest.CaptureFixture[str], admitted: str, words: str
) -> None:
    code, out, err = said(capsys, admitted, office)

    assert (code, out) == (2, "")
    assert words in err


def test_a_mistake_in_a_file_ends_with_2_and_its_line(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text('open:\n  mon: "08:30-12:00, 13:00-17:30"\n', encoding="utf-8")
    heading = tmp_path / "wrong.csv"
    heading.write_text("日付,名前\n", encoding="utf-8")

    code, _, err = said(capsys, "2026-11-19", wrong)
    assert code == 2
    assert f"{wrong}:2: " in err
    assert "08:30-17:30 のように書いてください" in err
    code, _, err = said(capsys, "2026-11-19", tmp_path / "absent.yaml")
    assert code == 2
    assert "ファイルがありません" in err
    code, _, err = said(capsys, "2026-11-19", office, "--holidays", heading)
    assert code == 2
    assert f"{heading}:1: " in err


def test_it_runs_as_a_person_would_run_it(office: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "rules",
            "window",
            "--admitted",
            "2026-11-19T10:00",
            "--office",
            office,
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert "(Ⅱ)200単位: 2026年11月21日(土)まで\n" in run.stdout
