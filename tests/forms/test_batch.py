import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms import FormsError, PdfError, catalogue, markup, pdf
from forms.answers import Answer
from forms.batch.command import print_batch
from forms.batch.layout import Press, book
from forms.batch.outline import outline_of
from forms.batch.stack import Stack
from forms.batch.workers import batch
from forms.filled import FilledSheet
from forms.samples import AMOUNTS
from tests.forms.paper import filled, opened, pages, printed, text

DEFINED = catalogue().names()
ALIKE = 1.0
"""Of 255, on the average of a page: less than a hair of every line."""
SPOT = 8
"""Pixels, a letter or a box: what is missing there is nothing on the average of a page."""
ALIKE_IN_A_SPOT = 24.0
"""Of 255: a hair beside its place is half of it, a tick that is missing twice."""


@pytest.fixture(scope="module")
def stack() -> Stack:
    return Stack(Press())


def together(stack: Stack, *sheets: FilledSheet) -> bytes:
    made = [page for one in stack.pages(list(sheets)) for page in one]
    return book(made, sheets[0].title, stack.press)


def pictures(content: bytes, folder: Path, name: str) -> list[np.ndarray]:
    file = folder / f"{name}.pdf"
    file.write_bytes(content)
    subprocess.run(["pdftoppm", "-gray", "-r", "72", str(file), str(folder / name)], check=True)
    found = sorted(folder.glob(f"{name}-*.pgm"))
    return [np.asarray(Image.open(one), dtype=float) for one in found]


def in_the_worst_spot(ours: np.ndarray, theirs: np.ndarray) -> float:
    high, wide = (length // SPOT for length in ours.shape)
    apart = (ours - theirs)[: high * SPOT, : wide * SPOT]
    spots = apart.reshape(high, SPOT, wide, SPOT).mean(axis=(1, 3))
    return float(np.abs(spots).max())


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("name", DEFINED)
def test_a_sheet_of_a_batch_looks_like_the_single_one(
    name: str, amount: str, stack: Stack, tmp_path: Path
) -> None:
    by_themselves = stack.alone
    in_batch = pictures(together(stack, filled(name, amount)), tmp_path, "batch")
    alone = pictures(printed(name, amount), tmp_path, "alone")
    assert len(in_batch) == len(alone)
    for ours, theirs in zip(in_batch, alone, strict=True):
        assert np.abs(ours - theirs).mean() < ALIKE
        assert in_the_worst_spot(ours, theirs) < ALIKE_IN_A_SPOT
    assert stack.alone == by_themselves


@pytest.mark.parametrize("name", DEFINED)
def test_a_sheet_of_a_batch_says_what_the_single_one_says(name: str, stack: Stack) -> None:
    ours = text(together(stack, filled(name)))
    theirs = text(printed(name, "full"))
    # What is laid over a page stands after it. Ticks laid over are drawn; those in a table of
    # rows are part of their piece, and stay text.
    drawn = "■" * len(outline_of(filled(name)).ticks)
    assert sorted(ours + drawn) == sorted(theirs)


def test_words_of_one_person_stand_on_no_page_of_another(stack: Stack) -> None:
    one = filled("admission_information")
    other = replace(
        one, answers={**one.answers, "patient_name": "試作 渡邉\U000e0101", "case_code": "M-2"}
    )
    shown = pages(together(stack, one, other))
    assert ["見本 𠮷子" in page for page in shown] == [True, False, False, False]
    assert ["M-2026-0042" in page for page in shown] == [True, True, False, False]
    assert "試作 渡邉\U000e0101" in shown[2]


def test_a_box_that_is_wider_or_longer_is_laid_out_and_moves_what_follows(
    stack: Stack, tmp_path: Path
) -> None:
    one = filled("discharge_notice")
    long: dict[str, Answer] = {
        field.id: "見本の文章が続きます。" * 9
        for field in one.definition.fields() if field.kind == "long_text"
    }  # fmt: skip
    assert long
    sheet = replace(one, answers={**one.answers, **long})
    alone = stack.alone
    ours = pictures(together(stack, sheet), tmp_path, "batch")
    theirs = pictures(pdf.pdf(_html(sheet)), tmp_path, "alone")
    assert len(ours) == len(theirs)
    assert np.abs(ours[0] - theirs[0]).mean() < ALIKE
    assert stack.alone - alone in {0, 1}


def test_a_sheet_that_runs_over_its_page_is_laid_out_by_itself(stack: Stack) -> None:
    one = filled("admission_information")
    sheet = replace(one, answers={**one.answers, "life_history": "見本の文章が続きます。" * 90})
    alone = stack.alone
    content = together(stack, sheet, one)
    assert stack.alone == alone + 1
    assert "続紙" in text(content)
    by_itself = len(opened(pdf.pdf(_html(sheet))).pages)
    usual = len(opened(printed("admission_information", "full")).pages)
    assert by_itself > usual
    assert len(opened(content).pages) == by_itself + usual


@pytest.mark.parametrize("name", ["admission_notice", "discharge_coordination"])
def test_a_sheet_that_runs_over_gives_no_places_to_the_next(name: str, tmp_path: Path) -> None:
    one = filled(name)
    long: dict[str, Answer] = {
        field.id: "見本の文章が続きます。" * 9
        for field in one.definition.fields() if field.kind in {"text", "long_text"}
    }  # fmt: skip
    over = replace(one, answers={**one.answers, **long})
    assert outline_of(over).whole
    assert outline_of(over).structure == outline_of(one).structure
    stack = Stack(Press())
    first, second = stack.pages([over, one])
    assert stack.alone == 1
    assert len(first) == len(opened(pdf.pdf(_html(over))).pages)
    ours = pictures(book(second, one.title, stack.press), tmp_path, "batch")
    theirs = pictures(printed(name, "full"), tmp_path, "alone")
    assert len(ours) == len(theirs) < len(first)
    for batched, single in zip(ours, theirs, strict=True):
        assert in_the_worst_spot(batched, single) < ALIKE_IN_A_SPOT


def test_two_people_share_the_pieces_in_which_only_short_words_differ() -> None:
    one = filled("admission_notice")
    other = replace(one, answers={**one.answers, "case_code": "M-2026-0043"})
    first, second = outline_of(one), outline_of(other)
    assert first.between == second.between
    different = [a for a, b in zip(first.pieces, second.pieces, strict=True) if a != b]
    # The piece with the QR code alone.
    assert len(different) <= 1


def test_two_processes_write_whole_files_in_order_and_tell_how_far_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms.batch.workers.SHEETS_A_FILE", 2)
    told: list[tuple[int, int]] = []
    one = filled("reply_slip")
    sheets = [replace(one, answers={**one.answers, "case_code": f"M-{n}"}) for n in range(1, 4)]
    files = batch(sheets, tmp_path / "out", progress=lambda done, of: told.append((done, of)))
    assert [file.name for file in files] == ["0001-0002.pdf", "0003-0003.pdf"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
    assert ["M-1" in pages(files[0].read_bytes())[0], "M-3" in text(files[1].read_bytes())] == [
        True, True,
    ]  # fmt: skip
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [f.name for f in files]


def test_a_sheet_that_cannot_be_printed_is_named_by_its_number_before_any_is(
    tmp_path: Path,
) -> None:
    one = filled("reply_slip")
    bad = replace(one, answers={**one.answers, "to_office": "氏名秘😀"})
    with pytest.raises(PdfError, match=r"2枚目: 「.+」の4文字目") as caught:
        batch([one, bad], tmp_path / "out")
    assert "氏名秘" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_of_contents_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormsError, match="ファイル"):
        print_batch("reply_slip", "", tmp_path, 0, tmp_path / "out")


def _html(sheet: FilledSheet) -> str:
    return markup.html(sheet)
