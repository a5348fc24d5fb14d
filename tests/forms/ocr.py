"""Read a faxed sheet with tesseract, and say how much of what was written came through."""

import difflib
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

from forms import FilledSheet
from forms.field import Kind
from tests.forms.test_qr import faxed

MISSING = "" if shutil.which("tesseract") else "tesseract-ocr と tesseract-ocr-jpn がありません"


def read(content: bytes, folder: Path, across: int = 204, down: int = 196) -> str:
    """Return what tesseract reads on the first page of a sheet after a FAX in its fine mode."""
    # Twice as large: the engine expects letters of thirty dots, and a FAX leaves twenty.
    page = faxed(content, folder, across, down).convert("L")
    page.resize((page.width * 2, page.height * 2)).save(folder / "page.png")
    command = ["tesseract", str(folder / "page.png"), "-", "-l", "jpn", "--psm", "4"]
    return plain(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def plain(text: str) -> str:
    """Return a text as it is compared: without spaces, wide and narrow letters made one."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def main_words(sheet: FilledSheet, page: str) -> dict[str, str]:
    """Return what stands in the written fields of a page, by the id of the field."""
    kinds = {Kind.TEXT, Kind.DATE, Kind.LONG_TEXT, Kind.CODE}
    told = {
        one.id: plain(sheet.told(one)) for one in sheet.definition.fields() if one.kind in kinds
    }
    return {id_: words for id_, words in told.items() if len(words) > 2 and words in plain(page)}


def likeness(words: str, shown: str) -> float:
    """Return how much of some words is found in a text, at the place where most of it is."""
    matcher = difflib.SequenceMatcher(None, shown, words, autojunk=False)
    longest = matcher.find_longest_match()
    start = max(0, longest.a - longest.b - 3)
    window = shown[start : start + len(words) + 6]
    blocks = difflib.SequenceMatcher(None, window, words, autojunk=False).get_matching_blocks()
    return sum(one.size for one in blocks) / len(words)
