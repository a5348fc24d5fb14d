"""The rows that could not be taken, in a file that can be mended and imported again.

Same heading, one more column in front that says why. UTF-8 with a mark, so that Excel opens it;
readable by its owner alone; never written over another file, in which somebody may be mending.
A cell that a spreadsheet would run as a formula gets an apostrophe in front, and so does a cell
that begins with one: reading the file back takes exactly that apostrophe away.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from exchange.csv_file import FileRefused
from exchange.heading import REASON, Heading
from exchange.ward_list import RejectedRow

_FORMULA = tuple("=+-@＝＋－＠'")
_BREAKS = ("\t", "\r", "\n")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SUFFIX = re.compile(r"\.rejected(-\d+)?$")


def harmless(cell: str) -> str:
    """A cell as a spreadsheet may open it; `heading.woken` gives the cell back.

    Control characters, which no spreadsheet keeps, become U+FFFD: the row stays rejected until
    somebody has looked at it.
    """
    shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", cell)
    wakes = shown.startswith(_BREAKS) or shown.lstrip().startswith(_FORMULA)
    return f"'{shown}" if wakes else shown


def text_of(heading: Heading, rejected: Sequence[RejectedRow]) -> str:
    """The whole file as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([REASON, *map(harmless, heading.cells)])
    for row in rejected:
        why = f"{row.line.number}行目 {' '.join(row.reasons)}"
        writer.writerow([harmless(why), *map(harmless, row.line.cells)])
    return out.getvalue()


def names_beside(file: Path) -> Iterator[Path]:
    """The names for the rejected rows of a file, first choice first."""
    stem = _SUFFIX.sub("", file.stem)
    yield file.with_name(f"{stem}.rejected.csv")
    number = 2
    while True:
        yield file.with_name(f"{stem}.rejected-{number}.csv")
        number += 1


def reserve(file: Path, chosen: Path | None) -> tuple[Path, int]:
    """Make the file, empty and for its owner alone; return its name and an open descriptor.

    Raises:
        FileRefused: the chosen name is taken, or nothing can be written there.
    """
    names = names_beside(file) if chosen is None else iter([chosen])
    for name in names:
        try:
            return name, os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or "名前が正しくありません"
            raise FileRefused(
                f"取り込めない行のファイルを作れません({words})。"
                "書ける場所を --rejected で指定してください。何も取り込んでいません。"
            ) from None
    raise FileRefused(
        "--rejected のファイルはすでにあります。上書きしません。別の名前を書いてください。"
    )


def write(descriptor: int, text: str) -> None:
    """Write the text into a reserved file and close it."""
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as stream:
        stream.write(text)
