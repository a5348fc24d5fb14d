"""Read and write dates the way Japanese paper does.

`on_paper` writes 令和8年11月20日. `parse_date` reads what people type: R8.11.20, S12.3.4,
昭和12年3月4日, 2026-11-20, 20261120, 81120, full-width digits, a weekday in brackets.
`parse_birth_date` reads the same, but asks back when no era was given, because 120304 is
昭和12年 for one person and 平成12年 for another.

Reads no clock: `today` is an argument. Imports nothing of this project, so that every layer
above may use it. No message quotes what was typed: a birth date is personal.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "月火水木金土日"

OLDEST_AGE = 130
"""Years: no living person is older, so a birth date before that is a slip of the hand."""

NEAR_YEARS = 5
"""An admission or a plan typed without an era lies at most this many years from today."""

_LOOKS = "R8.11.20、令和8年11月20日、2026-11-20 のように書いてください。"


@dataclass(frozen=True)
class Era:
    """One era: its names and its first and last day, in the Gregorian calendar."""

    name: str
    letter: str
    begins: date
    ends: date | None

    @property
    def first_year(self) -> int:
        """The Gregorian year that is 元年."""
        return self.begins.year


# A change of era takes effect on the day itself, so that day bears two names: births on
# 1926-12-25 stand in registers as 大正15年12月25日 and as 昭和元年12月25日. What is typed is
# accepted under either; what is printed is the newer one. 平成 and 令和 began on the day after.
# Japan counts days by the Gregorian calendar since 1873-01-01 (明治6年); before that a date
# written in 明治 is another day, and it is refused.
GREGORIAN_SINCE = date(1873, 1, 1)

ERAS = (
    Era("令和", "R", date(2019, 5, 1), None),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
)

_BY_NAME = {
    name: era for era in ERAS for name in (era.letter, era.letter.lower(), era.name[0], era.name)
}

_YEAR = r"(?P<year>元|\d{1,4})"
_SEPARATED = re.compile(
    rf"(?P<era>{'|'.join(era.name for era in ERAS)}|[RHSTMrhstm令平昭大明])?\s*"
    rf"{_YEAR}\s*(?:年|[-./・,、])\s*(?P<month>\d{{1,2}})\s*(?:月|[-./・,、])\s*(?P<day>\d{{1,2}})\s*日?"
    r"(?:\s*\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
)
_COMPACT = re.compile(
    rf"(?P<era>{'|'.join(era.name for era in ERAS)}|[RHSTMrhstm令平昭大明])?\s*"
    r"(?P<year>\d{1,4})(?P<month>\d{2})(?P<day>\d{2})"
)


class DateError(ValueError):
    """What was typed is no date; the text says what to write instead, never what was typed."""


@dataclass(frozen=True)
class EraReading:
    """One way to read a date that was typed without an era."""

    label: str
    on: date


class DateNeedsEra(DateError):
    """The date reads differently in different eras; `candidates` are the readings to offer."""

    def __init__(self, candidates: tuple[EraReading, ...]) -> None:
        """Keep the readings, newest era first, for a page that offers them."""
        super().__init__("元号がありません。候補から選ぶか、S12.3.4 のように元号をつけてください。")
        self.candidates = candidates


@dataclass(frozen=True)
class _Typed:
    """The parts of a date as they were typed; `written_year` has no era applied."""

    era: Era | None
    written_year: int
    digits: int
    month: int
    day: int
    weekday: str | None


def era_of(day: date) -> Era:
    """Return the era that `day` is printed in.

    Raises:
        DateError: the day is before 明治6年, when the calendar was another.
    """
    if day < GREGORIAN_SINCE:
        raise DateError("明治6年より前の日付は扱えません。" + _LOOKS)
    return next(era for era in ERAS if era.begins <= day)


def year_on_paper(day: date) -> str:
    """Return the year of a day as on paper, such as 令和8年 or 令和元年."""
    era = era_of(day)
    year = day.year - era.first_year + 1
    return f"{era.name}{'元' if year == 1 else year}年"


def month_on_paper(day: date) -> str:
    """Return the month of a day as on paper, such as 令和8年11月."""
    return f"{year_on_paper(day)}{day.month}月"


def on_paper(day: date, *, weekday: bool = False) -> str:
    """Return a day as on paper, such as 令和8年11月20日 or 令和8年11月20日(金)."""
    text = f"{month_on_paper(day)}{day.day}日"
    return f"{text}({WEEKDAYS[day.weekday()]})" if weekday else text


def parse_date(text: str, *, today: date | None = None) -> date:
    """Read a date as people type it; without an era it is taken as 令和, or as near `today`.

    81120 is 令和8年11月20日. Six digits and short years can be 令和26年 or 2026年: with `today`
    the reading within five years of it is taken, without it the reading in 令和.

    Raises:
        DateNeedsEra: two readings lie equally near.
        DateError: no date, or a date that its era never had.
    """
    typed = _split(text)
    if typed.era is not None or typed.digits == 4:  # noqa: PLR2004  a Gregorian year has four digits
        return _checked(_dated(typed), typed)
    reiwa = ERAS[0]
    readings = _readings(typed, (reiwa,), western=range(2000, 2100, 100) if today else ())
    if today is not None:
        readings = tuple(
            reading for reading in readings if abs(reading.on.year - today.year) <= NEAR_YEARS
        )
    if not readings:
        raise DateError("元号か西暦の年をつけてください。" + _LOOKS)
    if len(readings) > 1:
        raise DateNeedsEra(readings)
    return _checked(readings[0].on, typed)


def parse_birth_date(text: str, *, today: date) -> date:
    """Read a date of birth; without an era, ask back.

    Raises:
        DateNeedsEra: no era was typed; `candidates` are all readings a living person can have.
        DateError: no date, a date that its era never had, in the future, or too long ago.
    """
    typed = _split(text)
    if typed.era is None and typed.digits != 4:  # noqa: PLR2004  a Gregorian year has four digits
        readings = tuple(
            reading
            for reading in _readings(typed, ERAS, western=())
            if _can_be_born(reading.on, today)
        )
        if not readings:
            raise DateError("生年月日として読めません。S12.3.4 のように元号をつけてください。")
        raise DateNeedsEra(readings)
    born = _checked(_dated(typed), typed)
    if born > today:
        raise DateError("生年月日が未来の日付です。元号と年を確かめてください。")
    if not _can_be_born(born, today):
        raise DateError("生年月日が昔すぎます。元号と年を確かめてください。")
    return born


def _can_be_born(day: date, today: date) -> bool:
    return day <= today and today.year - day.year <= OLDEST_AGE


def _split(text: str) -> _Typed:
    """Take a typed date apart, without saying yet which day it is."""
    # NFKC turns full-width digits, ㍻ and ㋿ into what the patterns know.
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _SEPARATED.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if found is None:
        raise DateError("日付として読めません。" + _LOOKS)
    parts = found.groupdict()
    year = parts["year"]
    if year == "元" and parts["era"] is None:
        raise DateError("「元年」には元号が必要です。" + _LOOKS)
    digits = 1 if year == "元" else len(year)
    if digits == 3 or (parts["era"] and digits > 2):  # noqa: PLR2004  no era has 100 years
        raise DateError("年の桁数が合いません。" + _LOOKS)
    return _Typed(
        era=_BY_NAME[parts["era"]] if parts["era"] else None,
        written_year=1 if year == "元" else int(year),
        digits=digits,
        month=int(parts["month"]),
        day=int(parts["day"]),
        weekday=parts.get("weekday"),
    )


def _dated(typed: _Typed) -> date:
    """Return the day of a date whose era or Gregorian year is known."""
    if typed.era is None:
        day = _day(typed.written_year, typed.month, typed.day)
        if day < GREGORIAN_SINCE:
            raise DateError("1873年より前の日付は扱えません。" + _LOOKS)
        return day
    if typed.written_year == 0:
        raise DateError("元号の年は1年(元年)から始まります。")
    return _in_era(typed.era, typed)


def _in_era(era: Era, typed: _Typed) -> date:
    day = _day(era.first_year + typed.written_year - 1, typed.month, typed.day)
    if day < era.begins:
        raise DateError(
            f"{era.name}は{_month_day(era.begins)}に始まりました。"
            f"その前の日は{_before(era)}で書いてください。"
        )
    if era.ends is not None and day > era.ends:
        after = next(later for later in reversed(ERAS) if later.begins >= era.ends)
        last = era.ends.year - era.first_year + 1
        raise DateError(
            f"{era.name}は{last}年{_month_day(era.ends)}までです。"
            f"その後は{after.name}元年({after.letter}1)から数えて書いてください。"
        )
    if day < GREGORIAN_SINCE:
        raise DateError("明治6年より前の日付は扱えません。" + _LOOKS)
    return day


def _before(era: Era) -> str:
    index = ERAS.index(era) + 1
    return f"{ERAS[index].name}の年" if index < len(ERAS) else "西暦"


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        # The library's message is English, and ours must not quote the parts either.
        raise DateError("暦にない日付です。月と日を確かめてください。") from None


def _readings(
    typed: _Typed, eras: tuple[Era, ...], western: range | tuple[()]
) -> tuple[EraReading, ...]:
    """Return every day that the digits can mean, newest era first."""
    readings = []
    for era in eras:
        try:
            on = _in_era(era, typed) if typed.written_year else None
        except DateError:
            continue
        if on is not None:
            name = f"{era.name}{'元' if typed.written_year == 1 else typed.written_year}年"
            readings.append(EraReading(f"{name}{_month_day(on)}", on))
    # One digit of a year is an era's; nobody writes 6 for 2006.
    for century in western if typed.digits == 2 else ():  # noqa: PLR2004
        try:
            on = _day(century + typed.written_year, typed.month, typed.day)
        except DateError:
            continue
        readings.append(EraReading(f"{on.year}年{_month_day(on)}", on))
    return tuple(readings)


def _checked(day: date, typed: _Typed) -> date:
    """Return the day if the weekday that was typed beside it, if any, is its own."""
    if typed.weekday is not None and WEEKDAYS[day.weekday()] != typed.weekday:
        raise DateError("日付と曜日が合いません。どちらかを直してください。")
    return day
