"""The command `window`: both tiers' last days for one admission, with the day-count proof.

Here stand its arguments and its words; `python -m rules` prints them. What is shown
informs an office about its own fee. It promises nothing and is no record.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Protocol

from rules.fees import admission_table
from rules.fees.day_count import CountedDay, day_count
from rules.fees.notes import unverified_words, window_notes
from rules.fees.office_hours import OfficeHours, office_hours_of_file
from rules.fees.window import Cover, FeeWindow, fee_window
from rules.printing import WEEKDAY_LABELS
from rules.public_holidays import PublicHolidays, gazetted_until
from rules.reading.document import day_of, time_of


class Commands(Protocol):
    """What argparse gives for adding a command to."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002
        """Add one command."""


@dataclass(frozen=True)
class WindowAnswer:
    """A window with its proof, and where the holidays came from."""

    window: FeeWindow
    proof: tuple[CountedDay, ...]
    holidays: PublicHolidays
    holidays_from: str
    office: Path

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """The years of the proof whose holidays are not gazetted, or not in the list given."""
        years = dict.fromkeys(day.on.year for day in self.proof)
        return tuple(year for year in years if self.holidays.is_provisional(year))

    def as_json(self) -> dict[str, Any]:
        """Lay the answer out for another program; days are ISO dates."""
        window = self.window
        return {
            "table": window.table.in_force.isoformat(),
            "title": window.table.title,
            "admitted_on": window.admitted_on.isoformat(),
            "admitted_time": window.admitted_time and window.admitted_time.isoformat("minutes"),
            "arrival": window.arrival.value,
            "tiers": [
                {
                    "tier": each.tier.id,
                    "units": each.tier.units,
                    "until": each.until.isoformat(),
                    "outer": each.outer.isoformat(),
                    "ask": each.ask,
                }
                for each in window.tiers
            ],
            "why": {each.tier.id: each.why for each in window.tiers},
            "proof": [_day_as_json(day) for day in self.proof],
            "holidays": self.holidays_from,
            "provisional_years": list(self.provisional_years),
            "notes": list(window_notes(window, self.provisional_years)),
            "sources": [{"title": each.title, "url": each.url} for each in window.table.sources()],
            "unverified": [unverified_words(each) for each in window.table.unverified()],
        }

    def lines(self) -> Iterator[str]:
        """Lay the answer out line by line in plain Japanese."""
        window = self.window
        clock = window.admitted_time and window.admitted_time.isoformat("minutes")
        yield f"{window.table.title}の表で数えました。"
        yield f"入院: {_day(window.admitted_on)} {clock or '時刻不明'}({window.arrival.label})"
        for each in window.tiers:
            until = f"{_day(each.until)}まで"
            if each.ask:
                until += f"が安全(文言で許されうるのは{_day(each.outer)}まで。確認が必要)"
            yield f"{each.tier.label}{each.tier.units}単位: {until}"
            yield f"    {each.tier.text}。{each.why}。"
        yield "日の数え方(左: 入院日を1日目と数える、右: 初日を数えない):"
        yield from (_day_line(day) for day in self.proof)
        yield f"事業所の営業日: {self.office}"
        yield f"祝日: {self.holidays_from}"
        yield from (f"※ {note}" for note in window_notes(window, self.provisional_years))
        yield "出典:"
        yield from (f"  - {each.title} {each.url}" for each in window.table.sources())
        yield "文書で確かめられていないこと:"
        yield from (f"  - {unverified_words(each)}" for each in window.table.unverified())


def add_window(commands: Commands) -> None:
    """Describe the command and what it takes."""
    window = commands.add_parser("window", help="入院時情報連携加算の、情報を渡す日を数える")
    window.add_argument(
        "--admitted",
        required=True,
        type=_admitted,
        help="入院日時。2026-11-19T18:10。時刻が不明なら日だけ",
    )
    window.add_argument(
        "--office", required=True, type=Path, help="居宅介護支援事業所の営業日のファイル(YAML)"
    )
    window.add_argument(
        "--holidays", type=Path, help="内閣府の祝日の一覧(syukujitsu.csv)。書かなければ計算による"
    )
    window.add_argument("--json", action="store_true", help="JSON で出す")


def answer_window(given: argparse.Namespace, today: date) -> WindowAnswer:
    """Work the answer out from the arguments; RulesError for what cannot be read or counted.

    today: decides only until which year holidays are gazetted, where no list is given.
    """
    admitted_on, admitted_time = given.admitted
    table = admission_table(admitted_on)
    if given.holidays is None:
        holidays = PublicHolidays(gazetted_until(today))
        holidays_from = f"計算による({holidays.known_until}年までは官報で公表済み)"
    else:
        holidays = PublicHolidays.of_csv(given.holidays)
        holidays_from = f"{given.holidays}({holidays.known_until}年まで)"
    office: OfficeHours = office_hours_of_file(given.office, holidays)
    window = fee_window(table, admitted_on, admitted_time, office)
    return WindowAnswer(window, day_count(window, office), holidays, holidays_from, given.office)


def _day_as_json(day: CountedDay) -> dict[str, Any]:
    """Lay one date of the proof out for another program."""
    return {
        "date": day.on.isoformat(),
        "weekday": WEEKDAY_LABELS[day.on.weekday()],
        "holiday": day.holiday,
        "open": day.is_open,
        "admission_is_day_1": day.admission_is_day_1,
        "first_day_not_counted": day.first_day_not_counted,
        "tiers": [{"tier": cover.tier.id, "ask": cover.ask} for cover in day.covers],
    }


def _day_line(day: CountedDay) -> str:
    """Say one date of the proof in one row."""
    second = f"{day.first_day_not_counted}日目" if day.first_day_not_counted else "数えない"
    state = "営業日" if day.is_open else "休業日"
    holiday = f"({day.holiday})" if day.holiday else ""
    tiers = "、".join(_cover(cover) for cover in day.covers)
    return f"  {_day(day.on)} {day.admission_is_day_1}日目/{second} {state}{holiday} {tiers}"


def _cover(cover: Cover) -> str:
    """Name a tier on a date, and that it must be asked about."""
    return f"{cover.tier.label}{'(確認が必要)' if cover.ask else ''}"


def _day(day: date) -> str:
    """Write a day as people read it on a screen."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAY_LABELS[day.weekday()]})"


def _admitted(text: str) -> tuple[date, time | None]:
    """Read `2026-11-19T18:10`, or the day alone where the time is not known.

    Seconds are taken too, as hospital systems write them: one second after closing is after.
    """
    day, joint, clock = text.partition("T")
    try:
        return day_of(day), _clock(clock) if joint else None
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"入院日時「{text}」は読めません。"
            "2026-11-19T18:10 か、時刻が不明なら 2026-11-19 と書いてください。"
        ) from None


def _clock(text: str) -> time:
    """Read 18:10 or 18:10:05; ValueError for any other form, a time zone included."""
    clock = time.fromisoformat(text)
    if clock.tzinfo is not None:
        raise ValueError(text)
    return clock if clock.isoformat("seconds") == text else time_of(text)
