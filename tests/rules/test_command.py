"""`python -m rules`: an answer, or what is wrong with what was given, and never a traceback."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from rules import Library
from rules.__main__ import main
from tests.rules.editions import written

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ADMITTED = ("--admitted", "2026-11-20T10:00")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.yaml"
    file.write_text("care_manager: assigned\nmobility: independent\n", encoding="utf-8")
    return file


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_decide_answers_in_json(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(
        capsys, "decide", "--region", "mihon", *ADMITTED, "--facts", facts, "--json"
    )
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["coordination"] == "required"
    assert answer["edition"]["in_force"] == "2024-04-01"
    assert answer["calendar"].startswith("祝日でない月曜から金曜を開いている日として")
    dues = {each["kind"]: each["due"] for each in answer["handoffs"]}
    assert dues["admission_information"] == "2026-11-26"
    # The third day is a Sunday and the next one 勤労感謝の日: the terminal counts as the pages do.
    assert dues["admission_notice"] == "2026-11-24"
    assert dues["discharge_notice"] is None


def test_decide_answers_in_words(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(
        capsys,
        *("decide", "--region", "mihon", *ADMITTED, "--facts", facts),
        *("--planned-discharge", "2026-12-10"),
    )
    assert code == 0
    assert "判定: 要\n" in out
    assert "入院時情報提供 ケアマネジャー→病院 2026年11月26日(木)まで" in out
    assert "退院調整開始の連絡 病院→ケアマネジャー 2026年12月3日(木)まで" in out
    assert "退院前カンファレンス 病院→ケアマネジャー 期限の日付なし" in out
    assert "目安 2026年11月20日(金)" in out
    assert "暦: 祝日でない月曜から金曜を開いている日として数えました(休業日は入っていません)" in out


def test_decide_says_what_is_missing_and_what_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(
        '{"care_level": "care_2", "care_manager": "unassigned", "insured_category": "first",'
        ' "support_change": "unchanged", "ward_judgement": "not_needed"}',
        encoding="utf-8",
    )
    code, out, _ = said(capsys, "decide", "--region", "mihon", *ADMITTED, "--facts", file)
    assert code == 0
    assert "判定: 判定保留\n" in out
    assert "まだ分からない項目:\n  - 入院の予定(stay_length: short・longer)" in out
    assert "期限の日付なし 確認待ち(入院の予定)" in out


def test_decide_with_an_edition_that_is_never_in_force(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undated = ROOT / "rules" / "regions" / "kijun2" / "undated.yaml"
    code, out, _ = said(capsys, "decide", "--edition", undated, *ADMITTED, "--facts", facts)
    assert code == 0
    assert "(kijun2、施行日不明)" in out
    assert "言い切れない理由:\n  - ケアマネジャーがいる人の基準は読めていません" in out
    assert "この版で確かめられていないこと:" in out


def test_a_handoff_that_waits_for_no_fact_says_so_without_brackets(
    tmp_path: Path, facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unread = "status: partial\nunverified:\n  - {about: scope, text: 範囲}\n\nexamples:\n"
    edition = written(
        tmp_path,
        "draft.yaml",
        ("examples:\n", unread),
        ("coordination: not_required", "coordination: undetermined"),
        ("due: {after: admission, latest: 7,", "due: {after: admission, latest: 7,"),
    )
    facts.write_text(
        "{care_manager: assigned, stay_length: short, support_change: unchanged}", encoding="utf-8"
    )
    code, out, _ = said(capsys, "decide", "--edition", edition, *ADMITTED, "--facts", facts)
    assert code == 0
    assert "2026年11月26日(木)まで 確認待ち\n" in out
    assert "除外:\n  - 短い入院。ただし支援が変わる人は除かない(3頁)" in out


def test_a_calendar_file_moves_the_last_day(
    tmp_path: Path, facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(
        "hospital: {open: [mon, tue, wed, thu, fri, sat], closed: [2026-11-23]}\n"
        "office: {open: mon, closed: []}\n"
        "public: {open: [fri]}\n",
        encoding="utf-8",
    )
    decide = ("decide", "--region", "mihon", *ADMITTED, "--facts", facts, "--json")
    code, out, _ = said(capsys, *decide, "--calendar", calendar)
    answer = json.loads(out)
    assert (code, answer["handoffs"][0]["due"]) == (0, "2026-11-24")
    assert answer["calendar"] == f"{calendar} によります"


BAD_FACTS = {
    "a wrong fact": (
        b"care_manager: assigned\nmobilty: independent\n",
        "2: 「mobilty」という判定項目はありません。「mobility」ではありませんか。",
    ),
    "a wrong value": (
        b"mobility: full-help\n",
        "1: 「full-help」という語は使えません。 「full_help」ではありませんか。",
    ),
    "yes": (b"\nportable_toilet: yes\n", "2: 「yes」は YAML では「はい・いいえ」と読まれ"),
    "true in JSON": (b'{"mobility": true}', "1: 「true」は YAML では「はい・いいえ」と読まれ"),
    "a doubled key": (
        b"mobility: independent\nmobility: full_help\n",
        "2: 項目「mobility」が二度書かれています(1行目と2行目)。",
    ),
    "a list": (b"- mobility\n", "1: ここには「項目: 値」の並びが要りますが"),
    "a list of values": (b"mobility: [independent]\n", "1: ここには一つの値が要りますが"),
    "no value": (b"mobility:\n", "1: 値が書かれていません。"),
    "nothing": (b"", " 何も書かれていません。"),
    "NUL": (b"mobility: \0\n", "1: 文字ではないもの(NUL)が入っています。"),
    "Shift_JIS": ("# 歩行\n".encode("shift_jis"), "1: 文字コードが UTF-8 ではありません。"),
    "broken YAML": (b"mobility: [independent\nliving: alone\n", "2: YAML として読めません。"),
    "an emoji as a word": ("mobility: 🚶\n".encode(), "1: 「🚶」という語は使えません。"),
}


@pytest.mark.parametrize("mistake", BAD_FACTS)
def test_bad_facts_end_with_file_line_and_what_to_write(
    mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = BAD_FACTS[mistake]
    file = tmp_path / "facts.yaml"
    file.write_bytes(content)
    code, out, err = said(capsys, "decide", "--region", "mihon", *ADMITTED, "--facts", file)
    assert (code, out) == (2, "")
    assert f"{file}:{words}" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--region", "mihom"), "「mihom」という地域の版はありません。「mihon」ではありませんか。"),
        (("--region", "kijun2"), "--edition でファイルを指定してください"),
        (("--region", "mihon", "--admitted", "2019-03-31"), "2019-03-31に有効な版がありません"),
        (("--region", "mihon", "--admitted", "2026-1120"), "入院日時「2026-1120」は読めません"),
        (("--region", "mihon", "--admitted", "2026-11-20T25:00"), "は読めません"),
        (("--region", "mihon", "--admitted", "2026-11-20T10"), "は読めません"),
        (("--region", "mihon", "--admitted", "2026-11-20T10:00+09:00"), "は読めません"),
        (("--region", "mihon", "--admitted", "20261120"), "は読めません"),
        (("--region", "mihon", "--admitted", "9999-12-31"), "からは期限を数えられません"),
        (("--region", "mihon", "--planned-discharge", "明日"), "日付「明日」は読めません"),
        (("--region", "mihon", "--discharged", "2026-11-19"), "入院日(2026-11-20)より前です"),
        (("--region", "mihon", "--calendar", "nowhere.yaml"), "ファイルがありません"),
        (("--edition", "nowhere.yaml"), "nowhere.yaml: ファイルがありません"),
        (("--edition", "rules"), "rules: ファイルではなくフォルダーです"),
        (
            ("--edition", "tests/rules/broken/unknown-fact.yaml"),
            "unknown-fact.yaml:16: 「mobilty」",
        ),
        (("--region", "mihon", "--edition", "x.yaml"), "使い方が違います"),
        ((), "使い方が違います"),
    ],
)
def test_bad_arguments_end_with_two_and_words(
    arguments: tuple[str, ...],
    words: str,
    facts: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    code, out, err = said(capsys, "decide", *ADMITTED, "--facts", facts, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_a_calendar_with_a_wrong_weekday_is_refused(
    tmp_path: Path, facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text("office: {open: [mon, tues]}\n", encoding="utf-8")
    decide = ("decide", "--region", "mihon", *ADMITTED, "--facts", facts)
    code, _, err = said(capsys, *decide, "--calendar", calendar)
    assert code == 2
    assert f"{calendar}:1: 「tues」という語は使えません。 「tue」ではありませんか。" in err


def test_check_runs_every_shipped_edition(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "check")
    assert (code, err) == (0, "")
    rows = out.splitlines()
    regions = [row.split()[1] for row in rows]
    assert regions == sorted(edition.region for edition in Library.load().editions)
    assert len(set(regions) - {"mihon"}) >= 12
    assert all(row.startswith("○ ") for row in rows)


def test_check_of_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "check", HERE / "sound.yaml")
    assert (code, out) == (0, "○ hinagata           2024-04-01  例  4  全体  ひな形の版\n")
    code, out, err = said(capsys, "check", HERE / "broken" / "no-unit.yaml")
    assert (code, out) == (2, "")
    assert "no-unit.yaml:32: 期限の数え方「unit」がありません" in err


def test_check_ends_with_one_where_an_example_fails_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(
        tmp_path / "hinagata",
        "2024-04-01.yaml",
        ("coordination: not_required", "coordination: required"),
    )
    written(
        tmp_path / "hinagata", "2026-04-01.yaml", ("in_force: 2024-04-01", "in_force: 2026-04-01")
    )
    code, out, err = said(capsys, "check", tmp_path)
    assert code == 1
    assert "× " in err
    assert "2024-04-01.yaml:49: 例「短い入院で支援が変わらなければ不要」が成り立ちません" in err
    assert out.startswith("○ hinagata           2026-04-01")
    assert said(capsys, "check", tmp_path / "hinagata" / "2024-04-01.yaml")[0] == 1


def test_check_ends_with_two_where_a_file_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "hinagata", "2024-04-01.yaml", ("mobility: [", "mobilty: ["))
    code, out, err = said(capsys, "check", tmp_path)
    assert (code, out) == (2, "")
    assert "2024-04-01.yaml:17: 「mobilty」という項目はありません。" in err


def test_check_of_editions_that_overlap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = "in_force: 2024-04-01\nends: 2027-01-01"
    written(tmp_path / "hinagata", "2024-04-01.yaml", ("in_force: 2024-04-01", late))
    written(
        tmp_path / "hinagata", "2026-04-01.yaml", ("in_force: 2024-04-01", "in_force: 2026-04-01")
    )
    code, _, err = said(capsys, "check", tmp_path)
    assert code == 2
    assert "次の版の施行日(2026-04-01)と重なります" in err


def test_check_of_a_folder_without_editions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "check", tmp_path)
    assert (code, out, err) == (2, "", "版が一つもありません。\n")


def test_an_engine_that_does_not_run_ends_with_one(
    facts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = {"other": {"all": [{"m": {"nobody": "says"}}]}}
    monkeypatch.setattr("rules.engine.CompiledEdition.definition", lambda _self: silent)
    code, out, err = said(capsys, "decide", "--region", "mihon", *ADMITTED, "--facts", facts)
    assert (code, out) == (1, "")
    assert err == "durable-rules が規則を一つも実行していません。\n"


def test_the_module_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rules.__main__")
    monkeypatch.setattr(sys, "argv", ["rules", "check", str(HERE / "sound.yaml")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("rules", run_name="__main__")
    assert ended.value.code == 0


def test_the_command_runs_as_a_person_types_it() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "rules", "check"], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0
    assert "見本医療圏" in run.stdout.decode()


def test_a_file_name_that_is_no_text_ends_without_a_traceback(facts: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "rules",
            "decide",
            "--region",
            "mihon",
            *ADMITTED,
            "--facts",
            facts,
            "--calendar",
            b"\xff\xfe.yaml",
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 2
    assert b"Traceback" not in run.stderr
