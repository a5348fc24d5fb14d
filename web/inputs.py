"""What a browser posts, read field by field into the words that verbs take.

An *input* is what somebody typed; a printed sheet is a *form* (see `forms`). Every
field is read by name, every complaint is kept beside its field, and a field that
nobody asked for is refused, so that no hidden field can reach a column. What was
typed stays as it was typed and is shown again.

No message quotes what was typed. Reads no clock.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from handoffs.era import (
    DateError,
    DateNeedsEra,
    EraReading,
    era_of,
    parse_birth_date,
    parse_date,
)
from handoffs.errors import BadEntry

Word = TypeVar("Word", bound=StrEnum)
Typed = Mapping[str, Sequence[str]]

NOT_ASKED = "main"
"""The key of a complaint that belongs to no field: the summary leads to the page itself."""

_OURS = {"form_token", "form_id"}
_READING = "_reading"
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:時.](?P<minute>\d{1,2})?分?|(?P<close>\d{2}))?")
_KANA = re.compile(r"[ァ-ヺーヽヾ・\s]+")
_LONGEST_ID = 9
_LAST_HOUR, _LAST_MINUTE = 23, 59


class Posted:
    """One posted form while it is read. `errors` and `readings` are what the page shows."""

    def __init__(self, typed: Typed, today: date) -> None:
        """Take what was typed, field by field, and the day of the request in Tokyo."""
        self._typed = typed
        self._today = today
        self._asked = set(_OURS)
        self.errors: dict[str, str] = {}
        self.readings: dict[str, tuple[EraReading, ...]] = {}

    @property
    def values(self) -> dict[str, str]:
        """What was typed, to be shown again as it was."""
        return {name: texts[0] for name, texts in self._typed.items() if texts}

    def refuse(self, name: str, message: str) -> None:
        """Keep a complaint; the first one for a field stays."""
        self.errors.setdefault(name, message)

    def let_pass(self, names: Iterable[str]) -> None:
        """Take fields for asked that were read before, such as what a page carries along."""
        self._asked |= set(names)

    def text(self, name: str, *, ask: str | None = None, longest: int = 60) -> str:
        """Read a text of at most `longest` characters; `ask` complains about an empty one."""
        self._asked.add(name)
        value = self.values.get(name, "").strip()
        if not value and ask is not None:
            self.refuse(name, ask)
        if len(value) > longest:
            self.refuse(name, f"{longest}文字までで入力してください。")
            # Entries that are made before `finish` raises hold no more than a column does.
            return value[:longest]
        return value

    def kana(self, name: str, *, ask: str, longest: int = 60) -> str:
        """Read a reading of a name in any kana and return it in full-width katakana."""
        value = full_width_kana(self.text(name, ask=ask, longest=longest))
        if value and not _KANA.fullmatch(value):
            self.refuse(name, "カナで入力してください。ひらがなや半角カナのままでも登録できます。")
        return value

    def day(self, name: str) -> date | None:
        """Read a day in any way that people write it; None where it was left open."""
        return self._day(name, None, birth=False)

    def needed_day(self, name: str, *, ask: str) -> date:
        """Read a day that must be there. After a complaint the first of all days stands in."""
        return self._day(name, ask, birth=False) or date.min

    def birth_day(self, name: str, *, ask: str) -> date:
        """Read a date of birth; without an era, offer the readings instead of guessing."""
        return self._day(name, ask, birth=True) or date.min

    def _day(self, name: str, ask: str | None, *, birth: bool) -> date | None:
        self._asked.add(name + _READING)
        value = self.text(name, ask=ask, longest=40)
        if not value:
            return None
        try:
            if birth:
                return parse_birth_date(value, today=self._today)
            return parse_date(value, today=self._today)
        except DateNeedsEra as needs:
            return self._chosen(name, needs)
        except DateError as error:
            self.refuse(name, str(error))
            return None

    def _chosen(self, name: str, needs: DateNeedsEra) -> date | None:
        """Take the reading that was picked, if it is one of what the text can mean."""
        picked = self.values.get(name + _READING, "")
        self.readings[name] = needs.candidates
        for candidate in needs.candidates:
            if candidate.on.isoformat() == picked:
                return candidate.on
        self.refuse(name, "元号がないため、どの年か決められません。候補から選んでください。")
        return None

    def clock(self, name: str) -> time | None:
        """Read a time of day such as 10:30, 1030 or 10時; None where it was left open."""
        value = unicodedata.normalize("NFKC", self.text(name, longest=20)).replace(" ", "")
        if not value:
            return None
        found = _TIME.fullmatch(value)
        hour = int(found["hour"]) if found else _LAST_HOUR + 1
        minute = int(found["minute"] or found["close"] or 0) if found else 0
        if hour > _LAST_HOUR or minute > _LAST_MINUTE:
            self.refuse(
                name,
                "時刻として読めません。10:30 のように入力してください。"
                "分からないときは空欄にします。",
            )
            return None
        return time(hour, minute)

    def word(self, name: str, words: type[Word], *, ask: str, default: Word | None = None) -> Word:
        """Read one word of a closed list. After a complaint the first word stands in."""
        value = self.text(name, longest=60)
        first = next(iter(words))
        if not value and default is not None:
            return default
        if not value:
            self.refuse(name, ask)
            return first
        try:
            return words(value)
        except ValueError:
            self.refuse(name, f"一覧にない値です。{ask}")
            return first

    def one_of(self, name: str, offered: Sequence[str], *, ask: str, default: str = "") -> str:
        """Read one of the values that the page offered; `default` stands for an empty one."""
        value = self.text(name, longest=60) or default
        if value not in offered:
            self.refuse(name, ask)
            return default
        return value

    def number(self, name: str) -> int | None:
        """Read an id from a selection list; None where nothing was selected."""
        value = self.text(name, longest=20)
        if not value:
            return None
        if not (value.isascii() and value.isdigit()) or len(value) > _LONGEST_ID:
            self.refuse(name, "一覧から選び直してください。")
            return None
        return int(value)

    def needed_number(self, name: str, *, ask: str) -> int:
        """Read an id that must be there. After a complaint 0 stands in, which nothing has."""
        number = self.number(name)
        if number is None:
            self.refuse(name, ask)
        return number or 0

    def finish(self) -> None:
        """Refuse what nobody asked for, and raise BadEntry if there is any complaint."""
        if set(self._typed) - self._asked:
            self.refuse(
                NOT_ASKED,
                "この画面にない項目が送られました。画面を開き直して、もう一度入力してください。",
            )
        if self.errors:
            raise BadEntry(self.errors)


def full_width_kana(text: str) -> str:
    """Write hiragana and half-width kana as full-width katakana, with single spaces."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in plain)


def typed_day(day: date | None) -> str:
    """Write a day the way people type it, such as R8.11.20, to prefill a field."""
    if day is None:
        return ""
    era = era_of(day)
    return f"{era.letter}{day.year - era.first_year + 1}.{day.month}.{day.day}"


def typed_time(at: time | None) -> str:
    """Write a time the way people type it, such as 9:05."""
    return f"{at.hour}:{at.minute:02d}" if at else ""
