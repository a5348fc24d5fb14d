"""A draft edition that somebody pasted or uploaded: read, held to its examples, never kept.

What cannot be read is refused with its line and the lines around. A draft is data: conditions
are words of closed lists, and nothing of it is executed.
"""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from handoffs.backtest.work import MOST_DRAFT, draft_of
from rules import Edition, FileError, RulesError
from web.inputs import Posted

AROUND = 2
"""Lines of the draft that are shown before and after one that is refused."""

DRAFT, FILE = "draft", "draft_file"


@dataclass(frozen=True)
class Refused:
    """Where a draft is refused: the lines around, with their numbers. line: 0 for the whole."""

    line: int
    around: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class DraftRead:
    """What came of a draft. text: as it stands in the box afterwards. All empty: there was none."""

    text: str = ""
    edition: Edition | None = None
    refused: Refused | None = None


def draft_in(posted: Posted, upload: FileStorage | None) -> DraftRead:
    """Read the draft of a form, pasted or uploaded; complaints stand in `posted.errors`."""
    posted.let_pass((FILE,))
    posted.text(DRAFT, longest=MOST_DRAFT)
    # As it was typed but for the ends of lines, so that numbers of lines are those of the page.
    text = posted.values.get(DRAFT, "").replace("\r\n", "\n")
    if upload is not None and upload.filename:
        text = _uploaded(posted, upload)
    if not text.strip() or DRAFT in posted.errors or FILE in posted.errors:
        return DraftRead(text)
    edition, refused = read_draft(posted, text)
    return DraftRead(text, edition, refused)


def read_draft(posted: Posted, text: str) -> tuple[Edition | None, Refused | None]:
    """Read a draft, and complain beside it where it cannot be used."""
    try:
        return draft_of(text), None
    except FileError as error:
        place = f"{error.line}行目: " if error.line else ""
        posted.refuse(DRAFT, f"{place}{error.found}{error.instead}")
        lines = text.split("\n")
        first, last = max(error.line - AROUND, 1), min(error.line + AROUND, len(lines))
        shown = range(first, last + 1) if error.line else ()
        return None, Refused(error.line, tuple((number, lines[number - 1]) for number in shown))
    except RulesError as error:
        posted.refuse(DRAFT, str(error))
        return None, None


def _uploaded(posted: Posted, upload: FileStorage) -> str:
    """Read the text of an uploaded file; complain where it is too long or no text."""
    content = upload.stream.read(4 * MOST_DRAFT + 1)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        posted.refuse(FILE, "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。")
        return ""
    if len(text) > MOST_DRAFT:
        posted.refuse(FILE, f"案は{MOST_DRAFT:,}文字までです。")
        return ""
    return text
