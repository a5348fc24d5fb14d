"""When an office is open: its own hours by weekday, its closed days, public holidays.

For the fee of a care manager the hours of that office's own operating rules count,
never the hospital's. Refuses what a fee window cannot be counted by: several spans a day,
hours over midnight, an office that never opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path

from rules.errors import CalendarError, InputError
from rules.public_holidays import PublicHolidays
from rules.reading.document import Entry, read, time_of
from rules.reading.facts_file import WEEKDAYS

CLOSED = "closed"
OPEN = "open"


class Arrival(StrEnum):
    """How an admission falls against the hours of the office."""

    IN_HOURS = "in_hours"
    AFTER_HOURS = "after_hours"
    CLOSED_DAY = "closed_day"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words for people."""
        return {
            Arrival.IN_HOURS: "営業時間が終わるまでの入院",
            Arrival.AFTER_HOURS: "営業時間が終わったあとの入院",
            Arrival.CLOSED_DAY: "営業日でない日の入院",
            Arrival.UNKNOWN: "入院時刻が不明",
        }[self]


@dataclass(frozen=True)
class OfficeHours:
    """The hours and closed days of one office, public holidays included.

    closes: by weekday (Monday is 0) the closing time; a weekday that is absent is closed.
    Only the end of the day counts: an admission before opening is one in hours.
    """

    closes: Mapping[int, time]
    closed: frozenset[date]
    open_on_public_holidays: bool
    holidays: PublicHolidays

    @classmethod
    def of(
        cls,
        hours: Mapping[str, str],
        closed: Iterable[date],
        *,
        open_on_public_holidays: bool,
        holidays: PublicHolidays,
    ) -> OfficeHours:
        """Build from `{"mon": "08:30-17:30", …}`; CalendarError for hours that are not such."""
        if not hours:
            raise CalendarError("営業日が一つもありません。開いている曜日と時間を書いてください。")
        closes = {}
        for weekday, span in hours.items():
            if weekday not in WEEKDAYS:
                raise CalendarError(
                    f"「{weekday}」は曜日ではありません。{'・'.join(WEEKDAYS)} で書いてください。"
                )
            closes[WEEKDAYS.index(weekday)] = closing_time(span)
        return cls(closes, frozenset(closed), open_on_public_holidays, holidays)

    def is_open(self, day: date) -> bool:
        """Say whether the office is open on a day."""
        if day.weekday() not in self.closes or day in self.closed:
            return False
        return self.open_on_public_holidays or self.holidays.name_of(day) is None

    def arrival(self, day: date, clock: time | None) -> Arrival:
        """Say how an admission falls; on a closed day the time of day does not matter.

        The closing time itself is in hours.
        """
        if not self.is_open(day):
            return Arrival.CLOSED_DAY
        if clock is None:
            return Arrival.UNKNOWN
        late = clock > self.closes[day.weekday()]
        return Arrival.AFTER_HOURS if late else Arrival.IN_HOURS


def closing_time(span: str) -> time:
    """Read the end of `08:30-17:30`; CalendarError for any other form of hours."""
    if any(joint in span for joint in (",", "、", "/", " ")) or span.count("-") > 1:
        raise CalendarError(
            f"「{span}」のように一日の途中で閉まる時間は書けません。"
            "開く時刻と閉まる時刻だけを 08:30-17:30 のように書いてください。"
        )
    try:
        opens, closes = (time_of(part) for part in span.split("-"))
    except ValueError:
        raise CalendarError(
            f"「{span}」は営業時間として読めません。08:30-17:30 のように書いてください"
            "(休みの曜日は書きません)。"
        ) from None
    if closes <= opens:
        raise CalendarError(
            f"「{span}」は日をまたぐか、開いている時間がありません。"
            "閉まる時刻を、開く時刻よりあとの 23:59 までにしてください。"
        )
    return closes


def office_hours_of_file(file: Path, holidays: PublicHolidays) -> OfficeHours:
    """Read an office from YAML: `open`, `public_holidays` and `closed`.

    Public holidays are closed unless the file says `public_holidays: open`. InputError, with
    the line and what to write, where anything else stands there.
    """
    entry, _ = read(file, InputError)
    lines = entry.mapping(known=("open", "public_holidays", "closed"), required=("open",))
    hours = lines["open"].mapping(known=WEEKDAYS)
    if not hours:
        raise lines["open"].refusal(
            "営業日が一つもありません。", "mon: 08:30-17:30 のように書いてください。"
        )
    public = lines["public_holidays"].word((CLOSED, OPEN)) if "public_holidays" in lines else CLOSED
    closed = lines["closed"].items(may_be_empty=True) if "closed" in lines else []
    return OfficeHours(
        {WEEKDAYS.index(weekday): _closing_at(span) for weekday, span in hours.items()},
        frozenset(day.day() for day in closed),
        public == OPEN,
        holidays,
    )


def _closing_at(entry: Entry) -> time:
    """Read the hours of one weekday, pointing at their line where they are refused."""
    try:
        return closing_time(entry.text())
    except CalendarError as wrong:
        found, stop, instead = str(wrong).partition("。")
        raise entry.refusal(found + stop, instead) from None
