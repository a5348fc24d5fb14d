"""The file of rejected rows: harmless in a spreadsheet, the same when it is read again."""

import csv
import io
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.csv_file import FileRefused, Line
from exchange.heading import Heading, woken
from exchange.rejected_file import harmless, names_beside, reserve, text_of, write
from exchange.ward_list import RejectedRow

WRITABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\t")
)


@given(WRITABLE)
@pytest.mark.parametrize("first", [*"=+-@＝＋－＠'", "\t=", " =", "\n+", ""])
def test_a_neutralised_cell_is_no_formula_and_comes_back_the_same(first: str, rest: str) -> None:
    cell = first + rest

    shown = harmless(cell)

    assert not shown.startswith((*"=+-@＝＋－＠", "\t", "\r", "\n"))
    assert not shown.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert woken(shown) == cell


def test_a_nul_does_not_reach_the_spreadsheet() -> None:
    assert harmless("\0=x") == "\ufffd=x"


def test_a_row_stands_under_its_heading_with_the_reason_in_front() -> None:
    heading = Heading(1, ("氏名", "-病棟"), {}, frozenset())
    ragged = RejectedRow(Line(7, ("@SUM", "3", "4")), ("病棟: 違います。", "カナ: 空欄です。"))

    rows = list(csv.reader(io.StringIO(text_of(heading, [ragged]), newline="")))

    assert rows == [
        ["理由", "氏名", "'-病棟"],
        ["7行目 病棟: 違います。 カナ: 空欄です。", "'@SUM", "3", "4"],
    ]


@pytest.mark.parametrize("name", ["list.csv", "list.rejected.csv", "list.rejected-7.csv"])
def test_the_names_count_up_beside_the_file(name: str) -> None:
    assert [at.name for at in islice(names_beside(Path("x") / name), 3)] == [
        "list.rejected.csv",
        "list.rejected-2.csv",
        "list.rejected-3.csv",
    ]


def test_the_file_belongs_to_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    (tmp_path / "list.rejected.csv").write_text("somebody is mending this", encoding="utf-8")

    name, descriptor = reserve(source, None)
    write(descriptor, "理由\n")

    assert name.name == "list.rejected-2.csv"
    assert name.read_bytes() == b"\xef\xbb\xbf" + "理由\n".encode()
    assert name.stat().st_mode & 0o777 == 0o600
    assert "mending" in (tmp_path / "list.rejected.csv").read_text(encoding="utf-8")


def test_a_chosen_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken.csv"
    taken.touch()

    with pytest.raises(FileRefused, match="上書きしません"):
        reserve(tmp_path / "list.csv", taken)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--rejected"):
        reserve(tmp_path / "list.csv", tmp_path / "no" / "such" / "folder.csv")
    assert list(tmp_path.iterdir()) == []
