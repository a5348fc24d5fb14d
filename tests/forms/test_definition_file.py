"""A definition that is not right is refused with file, line and what to write instead."""

from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from forms.definition_file import addition_of, codes_of, definition_of
from forms.errors import DefinitionError, FormsError

GOOD = """\
sheet: slip
version: 2026-11-22
title: 見本票
sender: 病院
receiver: 事業所
sources: {example: {title: 見本の出典}}
unverified: {why: 例}
blocks:
  - id: head
    source: example
    lines:
      - {id: case_code, label: 管理番号, kind: code}
      - {id: sex, label: 性別, kind: choice, options: {male: 男, female: 女}}
      - {id: seen_on, label: 日, kind: date}
      - {id: log, label: 表, kind: rows, columns: [{id: who, label: 人, kind: text}]}
"""

ADDED = "adds_to: slip\nversion: 2026-11-22\nsources: {c: {title: 例}}\nlines:\n"

ONE = "lines: [{{id: {}, label: あ, kind: text}}]"


def written(folder: Path, content: str, name: str = "slip/2026-11-22.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_a_good_definition_is_read(tmp_path: Path) -> None:
    definition = definition_of(written(tmp_path, GOOD), {})
    assert [one.id for one in definition.fields()] == ["case_code", "sex", "seen_on", "log"]


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("title: 見本票\n", "", 1, "「title」がありません"),
        ("title:", "titel:", 3, "「title」ではありませんか"),
        ("sheet: slip", "sheet: slap", 1, "フォルダーの名前と違います"),
        ("version: 2026-11-22", "version: 2026-11-23", 2, "名前と違います"),
        ("source: example", "source: exampel", 10, "「example」ではありませんか"),
        ("kind: date", "kind: dates", 14, "「date」ではありませんか"),
        ("id: seen_on", "id: 日付", 14, "英小文字・数字・_"),
        ("id: seen_on", "id: mask", 14, "mask などの決まった語"),
        ("id: seen_on", "id: sex", 9, "「sex」という id が二度"),
        ("kind: code", "kind: text", 9, "管理番号の欄"),
        ("options: {male: 男, female: 女}", "codes: sax", 13, "という語は使えません"),
        (", options: {male: 男, female: 女}", "", 13, "選択肢がないか"),
        ("{male: 男, female: 女}", "{}", 13, "選択肢が空です"),
        ("{male: 男, female: 女}", "{yes: 男}", 13, "YAML では「はい・いいえ」"),
        ("{male: 男, female: 女}", "{male: {label: 男, blank: 900}}", 13, "1から160まで"),
        ("kind: date}", "kind: date, options: {a: b}}", 14, "この欄は選択ではありません"),
        ("kind: date}", "kind: date, needed: maybe}", 14, "true か false"),
        ("kind: date}", "kind: date, not_before: nothing}", 9, "not_before の「nothing」"),
        (", columns: [{id: who, label: 人, kind: text}]", "", 15, "表の列がありません"),
        ("{why: 例}", "{why: 例, fields: [sax]}", 7, "「sex」ではありませんか"),
        ("{why: 例}", "{fields: [sex]}", 7, "「why」がありません"),
        ("title: 見本票", "title: 見本票\ntitle: 二つめ", 4, "二度書かれています"),
        ("lines:\n", "lines:\n\t\n", 12, "YAML として読めません"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, before: str, after: str, line: int, words: str
) -> None:
    assert before in GOOD
    file = written(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(DefinitionError) as caught:
        definition_of(file, {"sex": ()})
    assert isinstance(caught.value, FormsError)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ADDED.removesuffix("lines:\n"), "足すものがありません"),
        (
            f"{ADDED}  - {{at_end_of: haed, source: c, {ONE.format('a')}}}\n",
            "「head」ではありませんか",
        ),
        (
            f"{ADDED}  - {{at_end_of: head, source: c, {ONE.format('sex')}}}\n",
            "「sex」という id が二度",
        ),
    ],
)
def test_a_wrong_addition_is_refused(tmp_path: Path, content: str, words: str) -> None:
    national = definition_of(written(tmp_path, GOOD), {})
    file = written(tmp_path, content, "mihon/slip/2026-11-22.yaml")
    with pytest.raises(DefinitionError, match=words):
        addition_of(file, {}, national)


def test_a_code_list_is_named_by_its_file(tmp_path: Path) -> None:
    file = written(tmp_path, "codes: adl\nlabel: 例\noptions: {a: あ}\n", "codes/ald.yaml")
    with pytest.raises(DefinitionError, match=r"codes: ald"):
        codes_of(file)


def test_a_folder_with_a_wrong_file_is_refused_whole(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("kind: date", "kind: dates"), "definitions/slip/2026-11-22.yaml")
    with pytest.raises(DefinitionError, match=r"2026-11-22\.yaml:14"):
        Catalogue.load(tmp_path)
