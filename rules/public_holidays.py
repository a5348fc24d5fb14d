"""The public holidays of Japan by name, and which of them are not gazetted yet.

The days come from the `holidays` library. The Cabinet Office's own list (syukujitsu.csv)
can be laid over it: for each year that the list holds, it alone counts. Reads no clock;
until which year holidays are known is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import holidays

from rules.errors import CalendarError, InputError

# The library computes no equinox after 2099. Before 1986 it and a second one differ on
# 4 May, and no table of ours begins so early.
FIRST_YEAR = 1986
LAST_YEAR = 2099
HEADING = ("国民の祝日・休日月日", "国民の祝日・休日名称")
# The law has named at least nine days since 1948; fewer mean that a list was cut off.
FEWEST_IN_A_YEAR = 9
# The day of each equinox is gazetted in February of the year before. From the first of
# March it is certain that this has happened.
MONTH_AFTER_THE_GAZETTE = 3


@lru_cache(maxsize=128)
def public_holidays(year: int) -> Mapping[date, str]:
    """List the public holidays of one calendar year with their Japanese names, in order.

    A year that is not gazetted follows the law as the library knows it. CalendarError for a
    year that the library does not hold: an empty answer would read as "no holidays".
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = (
            f"{year}年の祝日は分かりません"
            f"({FIRST_YEAR}年から{LAST_YEAR}年まで)。日付を確かめてください。"
        )
        raise CalendarError(message)
    found = holidays.country_holidays("JP", years=year, language="ja")
    return MappingProxyType(dict(sorted(found.items())))


def gazetted_until(on: date) -> int:
    """Name the last year whose holidays are surely gazetted on a day."""
    return on.year + 1 if on.month >= MONTH_AFTER_THE_GAZETTE else on.year


@dataclass(frozen=True)
class PublicHolidays:
    """Public holidays for any year, and which years are provisional.

    known_until: the last gazetted year; every later one is provisional.
    gazetted: by year, the days of the Cabinet Office's list; it replaces the library there.
    """

    known_until: int
    gazetted: Mapping[int, Mapping[date, str]] = field(default_factory=dict)

    @classmethod
    def of_csv(cls, file: Path) -> PublicHolidays:
        """Lay the Cabinet Office's list over the library; InputError where it is not one.

        The last year of the list is the last that is known.
        """
        gazetted = gazetted_holidays(file)
        return cls(max(gazetted), gazetted)

    def of_year(self, year: int) -> Mapping[date, str]:
        """List the holidays of a year; CalendarError for a year that nobody knows."""
        return self.gazetted[year] if year in self.gazetted else public_holidays(year)

    def name_of(self, day: date) -> str | None:
        """Name the holiday of a day; None for a day that is none."""
        return self.of_year(day.year).get(day)

    def is_provisional(self, year: int) -> bool:
        """Whether the holidays of a year may still change."""
        return year > self.known_until


def gazetted_holidays(file: Path) -> dict[int, Mapping[date, str]]:
    """Read the Cabinet Office's syukujitsu.csv: two columns, cp932 (or UTF-8 if resaved).

    InputError, with the line, for anything that is not such a list: another heading, a day
    that cannot be read or stands twice, a missing year, a year that was cut off.
    """
    rows = enumerate(_text(file).splitlines(), start=1)
    _, heading = next(rows, (1, ""))
    if tuple(cell.strip() for cell in heading.split(",")) != HEADING:
        raise InputError(
            file,
            1,
            "一行目が、内閣府の祝日の一覧の見出しではありません。",
            f"一行目を「{','.join(HEADING)}」にしてください。",
        )
    years: dict[int, dict[date, str]] = {}
    for line, row in rows:
        if not row.replace(",", "").strip():
            continue
        day, name = _holiday(file, line, row)
        of_year = years.setdefault(day.year, {})
        if day in of_year:
            raise InputError(file, line, f"{day}が二度書かれています。", "一行にしてください。")
        of_year[day] = name
    _refuse_cut_off(file, years)
    return {year: MappingProxyType(days) for year, days in sorted(years.items())}


def _holiday(file: Path, line: int, row: str) -> tuple[date, str]:
    """Read one row, as in `2026/11/23,勤労感謝の日`."""
    try:
        day, name = (cell.strip() for cell in row.split(","))
        year, month, number = (int(part) for part in day.replace("-", "/").split("/"))
        found = date(year, month, number)
    except ValueError:
        name = ""
    if not name:
        raise InputError(
            file,
            line,
            "祝日の行として読めません。",
            "2026/11/23,勤労感謝の日 のように、日付と名前を書いてください。",
        )
    return found, name


def _refuse_cut_off(file: Path, years: Mapping[int, Mapping[date, str]]) -> None:
    """Refuse a list without rows, with a year left out, or with a year that is not whole."""
    if not years:
        raise InputError(file, 0, "祝日が一日もありません。", "内閣府の一覧を入れ直してください。")
    for year in range(min(years), max(years) + 1):
        days = years.get(year, {})
        if len(days) < FEWEST_IN_A_YEAR or date(year, 1, 1) not in days:
            raise InputError(
                file,
                0,
                f"{year}年の祝日が揃っていません({len(days)}日)。",
                "一覧が途中で切れていないか確かめて、内閣府のものを入れ直してください。",
            )


def _text(file: Path) -> str:
    """Read the list as text: UTF-8 where it is that, otherwise as the Cabinet Office has it."""
    try:
        content = file.read_bytes()
    except (OSError, ValueError):
        raise InputError(
            file, 0, "祝日の一覧を開けません。", "名前と場所、読む権限を確かめてください。"
        ) from None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        file,
        0,
        "文字コードが Shift_JIS(cp932)でも UTF-8 でもありません。",
        "内閣府の一覧を、開いて保存し直さずに、そのまま使ってください。",
    )
