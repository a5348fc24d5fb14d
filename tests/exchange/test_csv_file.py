"""Bytes become rows with their line numbers, or one message that says what to do."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.csv_file import MOST_BYTES, FileRefused, Line, lines_of, read

NOBODY = 65534
SHIFT_JIS = st.characters(codec="cp932", exclude_categories=["Cc"], exclude_characters="¢£¬‖−〜")
"""What Shift_JIS can write. The six it writes as their look-alikes, on every system."""


def rows(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.cells) for line in lines_of(content)]


def refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        rows(content)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encoding_makes_no_difference(encoding: str) -> None:
    assert rows("氏名,病棟\r\n髙橋,3東\r\n".encode(encoding)) == [
        (1, ("氏名", "病棟")),
        (2, ("髙橋", "3東")),
    ]


@given(
    st.lists(
        st.text(
            st.characters(codec="cp932", exclude_categories=["Cc"], exclude_characters="¢£¬‖−〜")
        )
    )
)
def test_shift_jis_and_utf_8_give_the_same_rows(words: list[str]) -> None:
    text = "見出し\n" + "\n".join(f'"{word.replace(chr(34), "")}"' for word in words)

    assert rows(text.encode("cp932")) == rows(text.encode("utf-8"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_numbered_by_the_line_where_it_begins(end: str) -> None:
    text = end.join(["a,b", "", f'"1{end}2{end}3",x', ",", "last,y"])

    assert [number for number, _ in rows(text.encode())] == [1, 3, 7]


def test_a_quotation_that_never_ends_is_told_with_the_line_where_it_begins() -> None:
    refused = refusal(b'a,b\n1,2\n"3,4\n5,6\n')

    assert refused.line == 3
    assert "引用符" in refused.message


def test_a_cell_without_end_is_refused_with_its_line() -> None:
    assert refusal(b"a,b\n1,2\n" + b"x" * 200_000).line == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_told_how_to_save(encoding: str) -> None:
    assert "CSV UTF-8" in refusal("氏名,病棟\nabc,3\n".encode(encoding)).message


def test_a_workbook_is_told_how_to_save() -> None:
    assert "CSV UTF-8" in refusal(b"PK\x03\x04" + bytes(100)).message


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"  \n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "空のファイル" in refusal(content).message


def test_one_broken_character_costs_one_cell() -> None:
    broken = "氏名,病棟\n".encode("cp932") + b"\xfc\x4c,3\n" + "見本,4\n".encode("cp932")

    assert rows(broken)[1:] == [(2, ("\N{REPLACEMENT CHARACTER}L", "3")), (3, ("見本", "4"))]


def test_private_characters_of_shift_jis_stay_recognizable() -> None:
    assert rows(b"a\n\xf0\x40\n\xf9\xfc\n")[1:] == [(2, ("\ue000",)), (3, ("\ue757",))]


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_message(content: bytes) -> None:
    read_rows: list[Line] = []
    message = "。"
    try:
        read_rows += lines_of(content)
    except FileRefused as refused:
        message = refused.message

    assert message.endswith("。")
    assert not any(row.is_blank for row in read_rows)


def test_a_file_is_read_up_to_ten_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.touch()
    os.truncate(file, MOST_BYTES)
    assert len(read(file)) == MOST_BYTES

    os.truncate(file, MOST_BYTES + 1)
    with pytest.raises(FileRefused, match="10 MB"):
        read(file)


@pytest.mark.parametrize("name", [".", "missing.csv", "nul\0.csv", "x" * 300])
def test_what_is_no_readable_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="。"):
        read(tmp_path / name)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(FileRefused, match="ファイルではありません"):
        read(pipe)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"a")
    file.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        with pytest.raises(FileRefused, match="権限"):
            read(file)
    finally:
        if is_root:
            os.seteuid(0)
