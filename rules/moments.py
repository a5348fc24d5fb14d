"""When things happened to one stay, and which days are open: all that a due needs.

Reads no clock and computes no holiday: the caller puts public holidays among the
closed days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from rules.errors import CalendarError
from rules.kinds import Anchor, Whose

LAST_WEEKDAY = 6
# Longer than any closure; a calendar that stays closed for so long is a mistake.
SEARCHED_DAYS = 400


@dataclass(frozen=True)
class Moments:
    """The days of one stay that dues are counted from; None where not (yet) known.

    discharge_known_on: the day on which the planned discharge became known.
    """

    admitted_on: date
    admitted_time: time | None = None
    planned_discharge_on: date | None = None
    discharged_on: date | None = None
    need_seen_on: date | None = None
    discharge_known_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a discharge before the admission; CalendarError says which."""
        for label, day in (
            ("退院予定日", self.planned_discharge_on),
            ("退院日", self.discharged_on),
        ):
            if day is not None and day < self.admitted_on:
                message = (
                    f"{label}({day})が入院日({self.admitted_on})より前です。"
                    "どちらかの日付を直してください。"
                )
                raise CalendarError(message)

    def on(self, anchor: Anchor) -> date | None:
        """Find the day of an anchor; until someone has left, the planned day stands in."""
        if anchor is Anchor.ADMISSION:
            return self.admitted_on
        if anchor is Anchor.PLANNED_DISCHARGE:
            return self.planned_discharge_on
        if anchor is Anchor.DISCHARGE:
            return self.discharged_on or self.planned_discharge_on
        return self.need_seen_on

    @property
    def days_left(self) -> int | None:
        """Count the days from the news of the planned discharge to that day.

        Where the day of the news is not known, those since the admission: nobody in
        hospital has had longer notice. None while no discharge is planned.
        """
        if self.planned_discharge_on is None:
            return None
        known_on = max(self.admitted_on, self.discharge_known_on or self.admitted_on)
        return (self.planned_discharge_on - known_on).days


@dataclass(frozen=True)
class Calendar:
    """Which days are open: weekdays (Monday is 0) minus the closed days, holidays included.

    closes: the closing time of weekdays, as pairs; a weekday that is not there has none
    that anybody knows.
    """

    open_weekdays: frozenset[int]
    closed: frozenset[date] = field(default_factory=frozenset)
    closes: tuple[tuple[int, time], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a calendar that is never open, or a weekday that does not exist."""
        if not self.open_weekdays or not all(0 <= d <= LAST_WEEKDAY for d in self.open_weekdays):
            message = "開いている曜日は、月曜=0 から 日曜=6 の中から一つ以上選んでください。"
            raise CalendarError(message)

    def is_open(self, day: date) -> bool:
        """Say whether this day is open."""
        return day.weekday() in self.open_weekdays and day not in self.closed

    def closing(self, day: date) -> time | None:
        """Find the closing time of a day's weekday; None where nobody knows it."""
        return dict(self.closes).get(day.weekday())

    def is_after_hours(self, day: date, clock: time | None) -> bool:
        """Say whether a moment lies at or after the closing time of an open day.

        Where the time or the closing time is not known it does not: that counts from the
        earlier day, which nobody can be late by.
        """
        closing = self.closing(day)
        if clock is None or closing is None or not self.is_open(day):
            return False
        return clock >= closing

    def next_open(self, day: date) -> date:
        """Find the first open day from this day on, itself included."""
        return self._search(day, 1)

    def previous_open(self, day: date) -> date:
        """Find the last open day up to this day, itself included."""
        return self._search(day, -1)

    def open_day(self, anchor: date, count: int, step: int, *, anchor_counts: bool) -> date:
        """Find the count-th open day after (step 1) or before (step -1) an anchor.

        Where the anchor counts and is closed, day 1 is the first open day beyond it.
        """
        day = self._search(anchor if anchor_counts else anchor + timedelta(days=step), step)
        for _ in range(count - 1):
            day = self._search(day + timedelta(days=step), step)
        return day

    def _search(self, day: date, step: int) -> date:
        """Walk day by day in one direction until a day is open."""
        if self.is_open(day):
            return day
        for days in range(1, SEARCHED_DAYS):
            candidate = day + timedelta(days=days * step)
            if self.is_open(candidate):
                return candidate
        message = (
            f"{day}から{SEARCHED_DAYS}日のあいだ、開いている日がありません。暦を直してください。"
        )
        raise CalendarError(message)


Calendars = Mapping[Whose, Calendar]

MONDAY_TO_FRIDAY = Calendar(frozenset(range(5)))
