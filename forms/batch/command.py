"""`python -m forms batch`: many sheets of one kind into a folder, with progress."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from forms.batch.workers import batch
from forms.datafile import read_sheet
from forms.errors import FormsError
from forms.filled import FilledSheet
from forms.samples import sample


def print_batch(name: str, region: str, data: Path | None, count: int, out: Path) -> str:
    """Print the files of a folder, or so many invented people; tell how far it is, and the end.

    Raises FormsError where a file or the folder cannot be used.
    """
    sheets = _of_folder(data, name, region) if data else invented(name, region, count)
    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        sys.stderr.write(f"{done}/{of}枚 {time.monotonic() - began:.0f}秒\n")
        sys.stderr.flush()

    try:
        files = batch(sheets, out, progress=tell)
    except OSError:
        raise FormsError(
            f"{out} に書けません。フォルダーを作れるか、書けるかを確かめてください。"
        ) from None
    return f"{len(sheets)}枚を{len(files)}個のファイルに書きました。"


def _of_folder(folder: Path, name: str, region: str) -> list[FilledSheet]:
    files = sorted(one for one in folder.glob("*") if one.suffix in {".yaml", ".json"})
    if not files:
        raise FormsError(f"{folder} に、中身を書いたファイル(.yaml か .json)がありません。")
    return [_filled(read_sheet(file, name, region)) for file in files]


def invented(name: str, region: str, count: int) -> list[FilledSheet]:
    """Return so many sheets that all say something else."""
    one = _filled(sample(name, "full", region))
    written = [field.id for field in one.definition.fields() if field.kind.is_written]
    return [
        replace(one, answers={
            **one.answers,
            **{id_: f"{one.answers[id_]} {number}" for id_ in written if id_ in one.answers},
        })
        for number in range(1, count + 1)
    ]  # fmt: skip


def _filled(sheet: object) -> FilledSheet:
    if not isinstance(sheet, FilledSheet):
        raise FormsError("月報は1つずつ print で印刷してください。")
    return sheet
