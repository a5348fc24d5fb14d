"""What stands in one cell: a name, a date, a time, a mark, a word of a closed list.

Each reader takes the text of a cell and gives a checked value or raises `CellError`, whose text
says what to write and never what was written. Reads no clock.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import TypeVar

from handoffs.era import DateError, DateNeedsEra, parse_birth_date, parse_date

LONGEST_NAME = 60
LONGEST_NUMBER = 20

Value = TypeVar("Value")

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_KANA = re.compile(r"[ァ-ヺー・ヽヾ゠A-Z.'\- ]+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]*", re.IGNORECASE)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?::|時)(?P<minute>\d{2})(?:(?::(?P<second>\d{2}))|分)?"
    r"|(?P<on_the_hour>\d{1,2})時|(?P<digits>\d{4})",
    re.ASCII,
)
_YES = frozenset("○〇◯◎●✓✔☑レo1") | {"はい", "対象", "該当", "yes", "y", "true"}
_NO = frozenset("×✕✗x-ー―‐−0") | {"", "いいえ", "対象外", "非対象", "非該当", "no", "n", "false"}
_UNKNOWN = frozenset({"", "不明", "時刻不明", "未記入"})


class CellError(ValueError):
    """A cell cannot be taken as it is; the text says what to write, never what was written."""


def refuse_unusable(text: str) -> None:
    """Refuse what no other system can show: 外字, broken and invisible characters."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Co":
            raise CellError("外字が入っています。標準の文字に置き換えてください。")
        if character == "\N{REPLACEMENT CHARACTER}" or category == "Cs":
            raise CellError("文字が壊れています。正しい文字を入力し直してください。")
        if category in {"Cc", "Cf"} and not character.isspace():
            raise CellError("目に見えない文字が入っています。入力し直してください。")


def plain(text: str) -> str:
    """A word as it is compared: one width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def name_of(text: str) -> str:
    """A name as it is written: variants stay, only half-width kana and line breaks do not."""
    wide = _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    name = re.sub(r"[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]+", " ", wide).strip()
    return _not_too_long(_not_empty(name), LONGEST_NAME)


def kana_of(text: str) -> str:
    """A reading, in full-width katakana."""
    wide = " ".join(unicodedata.normalize("NFKC", text).split())
    kana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in wide)
    kana = _not_too_long(_not_empty(kana), LONGEST_NAME)
    if not _KANA.fullmatch(kana):
        raise CellError("カタカナで書いてください。")
    return kana


def number_of(text: str) -> str | None:
    """The hospital's own patient number; None if there is none."""
    number = plain(text)
    if not number:
        return None
    if not (number.isascii() and _NUMBER.fullmatch(number)):
        raise CellError("数字と英字で書いてください。")
    return _not_too_long(number, LONGEST_NUMBER)


def birth_of(text: str, today: date) -> date:
    """A date of birth; without an era it is refused, because two people could be meant."""
    try:
        return parse_birth_date(_not_empty(text.strip()), today=today)
    except DateNeedsEra:
        raise CellError(
            "元号がありません。S12.3.4 か 1937-03-04 のように書いてください。"
        ) from None
    except DateError as error:
        raise CellError(str(error)) from None


def day_of(text: str, today: date) -> date:
    """A day near today, as people and systems write it."""
    try:
        return parse_date(_not_empty(text.strip()), today=today)
    except DateNeedsEra:
        raise CellError(
            "どの年か分かりません。R8.11.20 か 2026-11-20 のように書いてください。"
        ) from None
    except DateError as error:
        raise CellError(str(error)) from None


def time_of(text: str) -> time | None:
    """A time of day; None where it is not known."""
    written = plain(text)
    if written in _UNKNOWN:
        return None
    found = _TIME.fullmatch(written)
    if found is None:
        raise CellError("10:30 のように書いてください。分からないときは空欄にしてください。")
    digits = found["digits"]
    hour = found["hour"] or found["on_the_hour"] or (digits or "")[:2]
    minute = found["minute"] or (digits or "")[2:] or "0"
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise CellError("0:00 から 23:59 の時刻を書いてください。") from None


def marked(text: str) -> bool:
    """Whether the ward confirmed the person as a candidate (○)."""
    word = plain(text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("対象の方は ○、そうでない方は空欄にしてください。")


def word_of(text: str, words: Mapping[str, Value], known: str) -> Value:
    """A word of a closed list; `known` is how the list is told to whoever wrote another."""
    word = plain(text)
    if not word:
        raise CellError(f"空欄です。{known}のどれかを書いてください。")
    if word not in words:
        raise CellError(f"{known}のどれかを書いてください。")
    return words[word]


def _not_empty(text: str) -> str:
    if not text:
        raise CellError("空欄です。書いてください。")
    return text


def _not_too_long(text: str, most: int) -> str:
    if len(text) > most:
        raise CellError(f"{most}文字までにしてください。")
    return text
