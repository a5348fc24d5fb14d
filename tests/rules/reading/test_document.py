"""Files that are not what they should be: said in words, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rules import EditionError, InputError, edition_of
from rules.reading.document import _line_of, read


def refusal(file: Path) -> tuple[int, str]:
    with pytest.raises(InputError) as refused:
        read(file, InputError)
    return refused.value.line, refused.value.found


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == (0, "ファイルがありません。")


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (0, "ファイルではなくフォルダーです。")


def test_a_name_that_no_file_can_have() -> None:
    assert refusal(Path("a\0b")) == (0, "ファイルを開けません。")
    assert refusal(Path("a" * 5_000)) == (0, "ファイルを開けません。")


def test_a_file_that_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_bytes(b"#" * 300_001)
    assert refusal(file) == (0, "ファイルが大きすぎます。")


def test_the_error_says_which_kind_of_file_it_is(tmp_path: Path) -> None:
    with pytest.raises(EditionError):
        edition_of(tmp_path / "none.yaml")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes("\ufeffmobility: independent\n".encode())
    entry, content = read(file, InputError)
    assert list(entry.mapping()) == ["mobility"]
    assert content.startswith(b"\xef\xbb\xbf")


def test_json_that_is_indented_with_tabs_is_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{\n\t"mobility": "independent"\n}\n', encoding="utf-8")
    entry, _ = read(file, InputError)
    assert entry.mapping()["mobility"].word() == "independent"


def test_a_tag_constructs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tag.yaml"
    file.write_text("mobility: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    entry, _ = read(file, InputError)
    with pytest.raises(InputError, match="ここには一つの値が要りますが"):
        entry.mapping()["mobility"].word()


def test_a_quoted_yes_is_a_word(tmp_path: Path) -> None:
    file = tmp_path / "quoted.yaml"
    file.write_text('mobility: "yes"\n', encoding="utf-8")
    entry, _ = read(file, InputError)
    assert entry.mapping()["mobility"].word() == "yes"


def test_an_error_without_a_place_points_at_the_whole_file() -> None:
    assert _line_of(yaml.MarkedYAMLError()) == 0
