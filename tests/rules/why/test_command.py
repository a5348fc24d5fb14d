"""`why`, `simulate`, `difference` and `schema` on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.__main__ import main

ADMITTED = ("--admitted", "2026-11-20T10:00")
MIHON = ("--region", "mihon")
REGIONS = Path(__file__).parents[3] / "rules" / "regions"


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.yaml"
    file.write_text("{mobility: full_help, stay_length: longer}", encoding="utf-8")
    return file


def test_why_prints_the_tree_and_what_would_change_the_answer(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "why", *MIHON, *ADMITTED, "--facts", facts)
    assert (code, err) == (0, "")
    assert "判定: 要\n" in out
    assert "  × 当てはまらない  検査などの短い入院で" in out
    assert "判定が変わるとき(いちばん少ない変更):" in out
    assert "つまでの項目を変えても、「不要」にはなりません。" in out


def test_why_prints_json(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "why", *MIHON, *ADMITTED, "--facts", facts, "--json")
    explained = json.loads(out)
    assert (code, explained["coordination"]) == (0, "required")
    trees = {clause["id"]: clause["tree"] for clause in explained["clauses"]}
    assert trees["help-to-stand-or-walk"]["truth"] == "met"
    assert trees["help-to-stand-or-walk"]["value"] == "全介助"


def test_simulate_shows_before_and_after(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change = ("--set", "stay_length=short", "--set", "support_change=unchanged")
    arguments = ("simulate", *MIHON, *ADMITTED, "--facts", facts, *change)
    code, out, _ = said(capsys, *arguments)
    assert code == 0
    assert "変えた項目: 入院前と退院後の支援: 不明・未評価 → 変わらない\n" in out
    assert "判定: 要 → 判定保留\n" in out
    assert "── 理由\n" in out
    code, out, _ = said(capsys, *arguments, "--json")
    answer = json.loads(out)
    assert answer["changed"]["stay_length"] == ["longer", "short"]
    answers = [answer[when]["coordination"] for when in ("before", "after")]
    assert answers == ["required", "undetermined"]


def test_simulate_needs_neither_facts_nor_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    file = REGIONS / "kijun2" / "undated.yaml"
    code, out, _ = said(capsys, "simulate", "--edition", file, "--set", "care_manager=unassigned")
    assert code == 0
    assert "判定: 判定保留" in out


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("mobilty=full_help", "「mobility」ではありませんか。"),
        ("mobility=full_halp", "「full_help」ではありませんか。"),
        ("mobility", "mobility=full_help のように書いてください。"),
    ],
)
def test_simulate_refuses_words_that_are_not_known(
    setting: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "simulate", *MIHON, *ADMITTED, "--set", setting)
    assert (code, out) == (2, "")
    assert words in err


def test_difference_takes_files_and_days(capsys: pytest.CaptureFixture[str]) -> None:
    newer = REGIONS / "mihon" / "2027-04-01.yaml"
    code, out, _ = said(capsys, "difference", "mihon@2026-11-20", newer)
    assert code == 0
    assert "第6条: 7日以内 → 5日以内 (令和9年4月1日施行)\n" in out
    assert out.count("→") == 3
    code, out, _ = said(capsys, "difference", "mihon@2026-11-20", newer, "--json")
    assert [change["id"] for change in json.loads(out)["changes"]] == ["admission-information"]


@pytest.mark.parametrize("words", ["mihon@2026/11/20", "nowhere@2026-11-20", "nothing.yaml"])
def test_difference_refuses_what_it_cannot_find(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "difference", words, "mihon@2026-11-20")
    assert (code, out) == (2, "")
    assert err


def test_why_and_decide_list_what_could_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("care_manager: assigned", encoding="utf-8")
    case = ("--region", "fukui", *ADMITTED, "--facts", file)
    due = "入院の連絡と入院時の情報提供の日数は読めていません。期限は計算しません"
    _, why, _ = said(capsys, "why", *case)
    heading, _, listed = why.rpartition("この版で確かめられていないこと:\n")
    assert heading
    assert f"  - 期限: {due}\n" in listed
    _, decided, _ = said(capsys, "decide", *case)
    assert f"  - {due}\n" in decided.rpartition("この版で確かめられていないこと:\n")[2]
    _, out, _ = said(capsys, "why", *case, "--json")
    assert {"about": "due", "text": due} in json.loads(out)["unverified"]
    _, out, _ = said(capsys, "decide", *case, "--json")
    assert due in json.loads(out)["unverified"]
    _, mihon, _ = said(capsys, "why", *MIHON, *ADMITTED, "--facts", file)
    assert "確かめられていないこと" not in mihon
