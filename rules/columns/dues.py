"""Count dues over columns: the windows of `due_at` for many stays at once.

Open-day arithmetic is done once for each calendar and each day from which anybody
counts, in a table; a row only looks its answer up. Refuses a calendar whose closure is
longer than any that `moments` would search through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rules.columns.stays import NO_DAY, Days, StayColumns
from rules.due import Counted, Due, Event
from rules.errors import CalendarError
from rules.kinds import Anchor, AnchorDay, Direction, IfClosed, Unit, Whose
from rules.moments import SEARCHED_DAYS, Calendar

DAY = "datetime64[D]"
WEEK = 7
# 1970-01-01 was a Thursday.
EPOCH_WEEKDAY = 3
NEVER_LATE = 1 << 30
Dates = npt.NDArray[np.datetime64]


class Windows(NamedTuple):
    """The days of one handoff in each row; NO_DAY where there is none."""

    opens: Days
    preferred: Days
    latest: Days

    def only(self, marks: npt.NDArray[np.bool_]) -> Windows:
        """Keep the days of the marked rows; the others have none."""
        return Windows(*(np.where(marks, days, np.int32(NO_DAY)) for days in self))


@dataclass(frozen=True)
class _Limit:
    """One number of days with everything that says how it is counted."""

    due: Counted
    days: int


class DayTables:
    """The calendars of some stays over all the days from which they count.

    Shared by all editions and all parts of those stays. The tables are made when first
    asked for.
    """

    def __init__(self, books: tuple[Calendar, ...], first: int, last: int) -> None:
        """Prepare for calendars and the days from first to last, counted from 1970.

        Raises CalendarError for a closure that no search would come to the end of.
        """
        self._first = first
        # A day more, because an admission after hours counts from the next one.
        self._days: Dates = np.arange(first, last + 2).astype(DAY)
        self._books = [_working_days(book) for book in books]
        self._closes = books
        self._tables: dict[_Limit, Days] = {}

    @classmethod
    def covering(cls, stays: StayColumns) -> DayTables:
        """Prepare for everything that these stays may count from."""
        return cls(stays.books, *stays.first_and_last)

    @property
    def width(self) -> int:
        """Count the cells of one calendar."""
        return len(self._days) + 1

    def place(self, days: Days) -> npt.NDArray[np.int32]:
        """Find the column of each day; what has no day has the column behind the last."""
        places: npt.NDArray[np.int32] = np.minimum(
            days - np.int32(self._first), np.int32(len(self._days))
        )
        return places

    def refuse_beyond(self, first: int, last: int) -> None:
        """Raise ValueError, a mistake of the program, for days that the tables do not have."""
        if not self._first <= first <= last < self._first + len(self._days):
            message = "the day tables do not cover the days of the stays"
            raise ValueError(message)

    def closing_seconds(self, books: npt.NDArray[np.intp], days: Days) -> npt.NDArray[np.int32]:
        """Say from which second an admission is late, for each row."""
        found: npt.NDArray[np.int32] = self._closing[books, self.place(days)]
        return found

    @cached_property
    def _closing(self) -> npt.NDArray[np.int32]:
        """Say for each calendar and day from which second an admission is late."""
        pairs = zip(self._closes, self._books, strict=True)
        return np.array([_closing_seconds(each, self._days, book) for each, book in pairs])

    def counted(self, due: Counted, days: int) -> Days:
        """Make the table of one limit: for each calendar, each day, and no day."""
        # What does not move a limit must not make a second table of it.
        plain = replace(
            due,
            latest=None,
            preferred=None,
            after_hours=False,
            early=False,
            anchor=Anchor.ADMISSION,
        )
        limit = _Limit(plain, days)
        table = self._tables.get(limit)
        if table is None:
            table = np.full((len(self._books), len(self._days) + 1), NO_DAY, dtype=np.int32)
            for row, book in enumerate(self._books):
                table[row, :-1] = _counted(plain, days, self._days, book).astype(np.int32)
            self._tables[limit] = table
        return table


class DueColumns:
    """Counts the dues of some stays; what two dues share is looked up once."""

    def __init__(self, stays: StayColumns, tables: DayTables) -> None:
        """Take stays and tables that cover them; ValueError for days beyond the tables."""
        if len(stays):
            tables.refuse_beyond(*stays.first_and_last)
        self._stays = stays
        self._tables = tables
        self._anchors: dict[tuple[Anchor, Whose | None], Days] = {}
        self._cells: dict[tuple[Anchor, Whose, bool], npt.NDArray[np.intp]] = {}
        self._none = np.full(len(stays), NO_DAY, dtype=np.int32)

    def windows(self, due: Due) -> Windows:
        """Count one due in every row, as `due_at` does for one stay."""
        if isinstance(due, Event):
            opens = self._none if due.anchor is None else self._anchor(due.anchor)
            return Windows(opens, self._none, self._none)
        anchor = self._anchor(due.anchor)
        opens = anchor if due.direction is Direction.AFTER else self._stays.admitted_on
        return Windows(
            self._none if due.early else opens,
            self._day(due, due.preferred),
            self._day(due, due.latest),
        )

    def _day(self, due: Counted, days: int | None) -> Days:
        """Count one limit in every row."""
        if days is None or due.unread:
            return self._none
        if due.whose is not None:
            table = self._tables.counted(due, days)
            return np.take(table.ravel(), self._cell(due.anchor, due.whose, late=due.after_hours))
        anchor = self._anchor(due.anchor)
        return np.where(anchor == NO_DAY, anchor, anchor + np.int32(_distance(due, days)))

    def _cell(self, anchor: Anchor, whose: Whose, *, late: bool) -> npt.NDArray[np.intp]:
        """Find each row's cell in the tables, for its calendar and its anchor."""
        known = self._cells.get((anchor, whose, late))
        if known is None:
            books = self._stays.calendars[whose].astype(np.intp)
            days = self._anchor(anchor, whose if late else None)
            known = books * self._tables.width + self._tables.place(days)
            self._cells[anchor, whose, late] = known
        return known

    def _anchor(self, anchor: Anchor, late_by: Whose | None = None) -> Days:
        """Find the days of an anchor, a day later for an admission after hours."""
        known = self._anchors.get((anchor, late_by))
        if known is None:
            known = self._stays.on(anchor)
            if late_by is not None:
                books = self._stays.calendars[late_by].astype(np.intp)
                closing = self._tables.closing_seconds(books, known)
                known = known + (self._stays.admitted_second >= closing)
            self._anchors[anchor, late_by] = known
        return known


def _distance(due: Counted, days: int) -> int:
    """Say how many calendar days a limit lies from its anchor, before it is moved."""
    step = 1 if due.direction is Direction.AFTER else -1
    return step * (days - 1 if due.anchor_day is AnchorDay.DAY_1 else days)


def _counted(due: Counted, days: int, anchors: Dates, book: np.busdaycalendar) -> Dates:
    """Count one limit from every anchor by one calendar."""
    forward = due.direction is Direction.AFTER
    step = 1 if forward else -1
    if due.unit is Unit.OPEN_DAYS:
        start = anchors if due.anchor_day is AnchorDay.DAY_1 else anchors + step
        roll = "forward" if forward else "backward"
        return _offset(start, step * max(days - 1, 0), roll, book)
    last = anchors + _distance(due, days)
    if due.if_closed is IfClosed.STAY:
        return last
    roll = "forward" if due.if_closed is IfClosed.NEXT_OPEN_DAY else "backward"
    moved = _offset(last, 0, roll, book)
    crossed = moved < anchors if forward else moved > anchors
    return np.where(crossed, last, moved)


def _offset(days: Dates, by: int, roll: str, book: np.busdaycalendar) -> Dates:
    """Count open days from each day, itself moved onto an open one first."""
    return np.busday_offset(days, by, roll=roll, busdaycal=book)  # type: ignore[call-overload, no-any-return]


def _working_days(book: Calendar) -> np.busdaycalendar:
    """Hand a calendar over to NumPy; CalendarError for a closure that is a mistake."""
    closed = np.array(sorted(book.closed), dtype=DAY)
    week = [weekday in book.open_weekdays for weekday in range(WEEK)]
    calendar = np.busdaycalendar(weekmask=week, holidays=closed)
    if len(closed) * WEEK >= SEARCHED_DAYS - WEEK:
        around = np.arange(closed[0] - WEEK, closed[-1] + WEEK + 1)
        open_days = around[np.is_busday(around, busdaycal=calendar)]
        if np.any(np.diff(open_days).astype(np.int64) > SEARCHED_DAYS):
            message = f"{SEARCHED_DAYS}日より長く閉まっている暦があります。暦を直してください。"
            raise CalendarError(message)
    return calendar


def _closing_seconds(
    calendar: Calendar, days: Dates, book: np.busdaycalendar
) -> npt.NDArray[np.int32]:
    """Say for each day, and for no day, from which second an admission is after hours."""
    by_weekday = np.full(WEEK, NEVER_LATE, dtype=np.int32)
    for weekday, clock in dict(calendar.closes).items():
        by_weekday[weekday] = clock.hour * 3600 + clock.minute * 60 + clock.second
    seconds = by_weekday[(days.astype(np.int64) + EPOCH_WEEKDAY) % WEEK]
    is_open = np.is_busday(days, busdaycal=book)
    return np.append(np.where(is_open, seconds, np.int32(NEVER_LATE)), np.int32(NEVER_LATE))
