"""A CSV file as other systems write it: UTF-8 or Shift_JIS, and rows with their line numbers.

Whatever the bytes are, the answer is rows or `FileRefused`. A character that the file itself
broke becomes U+FFFD, and whoever reads that cell refuses its row: one bad cell does not cost the
others. A quotation mark that never ends costs the whole file, because nobody can tell where the
next row begins. Reads a bounded number of bytes; knows no column.
"""

import csv
import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 10 * 1024 * 1024
"""A ward list of 3,000 people has about half a megabyte."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEAD = 4096
_SAVE_AS = "Excel では「CSV UTF-8(コンマ区切り)」を選んで保存し直してください。"


class FileRefused(Exception):
    """A file cannot be used as a whole; the text says what to do, `line` where it stands.

    The text never quotes the file.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, repr=False)
class Line:
    """One row as it stands in the file; `number` is the physical line where it begins, from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in any cell."""
        return not any(cell.strip() for cell in self.cells)


def read(path: Path) -> bytes:
    """Read the bytes of a file, at most `MOST_BYTES`.

    Raises:
        FileRefused: it is no regular file, cannot be read, is empty or too large.
    """
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise FileRefused("ファイルではありません。CSV ファイルの名前を書いてください。")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "名前が正しくありません"
        raise FileRefused(f"読めません({words})。名前と権限を確かめてください。") from None
    if len(content) > MOST_BYTES:
        raise FileRefused(
            f"大きすぎます。{MOST_BYTES // 1024 // 1024} MB までです。"
            "病棟の一覧だけのファイルか、分けて確かめてください。"
        )
    return content


def lines_of(content: bytes) -> Iterator[Line]:
    """Go through the rows of a file; blank ones are left out.

    Raises:
        FileRefused: the bytes are no CSV in UTF-8 or Shift_JIS, or a quotation never ends.
    """
    reader = csv.reader(io.StringIO(_text_of(content), newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefused(
                'この行から、引用符(")の閉じ方が正しくないか、長すぎる欄があります。'
                "行を直すか、もとの画面から出し直してください。",
                number,
            ) from None
        line = Line(number, tuple(cells))
        if not line.is_blank:
            yield line


def _text_of(content: bytes) -> str:
    """Decode: UTF-8 if it is that, else Shift_JIS as Windows writes it, else what is nearer."""
    if content.startswith(_BOOKS):
        raise FileRefused(f"Excel のブックのままです。{_SAVE_AS}")
    head = content[:_HEAD]
    if content.startswith(_UTF_16) or head.count(0) * 4 > len(head):
        raise FileRefused(f"文字コードが UTF-16 などで、読めません。{_SAVE_AS}")
    if not content.strip():
        raise FileRefused("空のファイルです。もとの画面から出し直してください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    readings = [content.decode(encoding, "replace") for encoding in ("utf-8-sig", "cp932")]
    return min(readings, key=lambda text: text.count("\N{REPLACEMENT CHARACTER}"))
