"""Count a due: the last permitted day of a handoff, or no day where the paper gives none.

A due is a day, never an hour: late begins at 00:00 (Asia/Tokyo) of the day after. Every
counted due names its counting convention; the loader refuses it otherwise, because
regions really differ on whether the day of admission is day 1. Reads no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from rules.errors import CalendarError
from rules.kinds import Anchor, AnchorDay, Direction, IfClosed, Unit, Whose
from rules.moments import Calendars, Moments


@dataclass(frozen=True)
class Counted:
    """A due that the paper gives in days.

    latest: the number of the last permitted day, None where the paper gives only a guide.
    preferred: the number of the day that the paper would rather see.
    whose: whose open days count, None where the paper looks at no calendar.
    after_hours: an admission after closing time counts as one of the next day.
    early: what was passed on before the anchor counts too.
    """

    direction: Direction
    anchor: Anchor
    unit: Unit
    anchor_day: AnchorDay
    latest: int | None = None
    preferred: int | None = None
    if_closed: IfClosed = IfClosed.STAY
    whose: Whose | None = None
    after_hours: bool = False
    early: bool = False

    @cached_property
    def words(self) -> str:
        """Say in Japanese how the days are counted."""
        counted = f"{self.anchor.label}{self.anchor_day.label}({self.unit.label}"
        if self.whose is not None:
            counted += f"・{self.whose.label}の暦"
        counted += ")"
        limits = [
            f"{self._limit(days)}{suffix}"
            for days, suffix in ((self.latest, "まで"), (self.preferred, "が目安"))
            if days is not None
        ]
        parts = [counted, *limits]
        if self.unit is Unit.CALENDAR_DAYS:
            parts.append(self.if_closed.label)
        if self.after_hours:
            parts.append("営業時間の後の入院は翌日から")
        if self.early:
            parts.append("前もって渡してもよい")
        return "、".join(parts)

    def _limit(self, days: int) -> str:
        """Say one limit, such as "7日目" or "退院予定日の7日前"."""
        if self.direction is Direction.AFTER:
            return f"{days}日目" if days else "当日"
        return f"{self.anchor.label}の{days}日前" if days else f"{self.anchor.label}の当日"


@dataclass(frozen=True)
class Event:
    """A due that the paper ties to an event, without a number: it has no date.

    words_of_paper: what the paper says, such as "退院の見通しが立ったら". anchor: the day
    from which the work can be done, where the record knows it.
    """

    words_of_paper: str
    anchor: Anchor | None = None

    @property
    def words(self) -> str:
        """Say that there is no number of days, in the paper's words."""
        return f"日数の定めなし({self.words_of_paper})"


Due = Counted | Event


@dataclass(frozen=True)
class Window:
    """The days of one handoff: from when, preferably by when, at the latest when."""

    opens: date | None = None
    preferred: date | None = None
    latest: date | None = None


def due_at(due: Due, moments: Moments, calendars: Calendars) -> Window:
    """Count the days of a due for one stay; a day whose anchor is not known is None.

    A due before the discharge may be worked on from the admission on. Raises
    CalendarError where a calendar is never open, or where the days of the calendar end.
    """
    if isinstance(due, Event):
        return Window(opens=None if due.anchor is None else moments.on(due.anchor))
    anchor = moments.on(due.anchor)
    opens = anchor if due.direction is Direction.AFTER else moments.admitted_on
    if due.early:
        opens = None
    if anchor is None:
        return Window(opens=opens)
    try:
        if due.after_hours and due.whose is not None:
            late = calendars[due.whose].is_after_hours(anchor, moments.admitted_time)
            anchor += timedelta(days=int(late))
        return Window(
            opens=opens,
            preferred=_day(due, due.preferred, anchor, calendars),
            latest=_day(due, due.latest, anchor, calendars),
        )
    except OverflowError:
        raise CalendarError(
            f"{anchor}からは期限を数えられません。日付を確かめてください。"
        ) from None


def _day(due: Counted, days: int | None, anchor: date, calendars: Calendars) -> date | None:
    """Count one limit from its anchor."""
    if days is None:
        return None
    step = 1 if due.direction is Direction.AFTER else -1
    anchor_counts = due.anchor_day is AnchorDay.DAY_1
    if due.unit is Unit.OPEN_DAYS and due.whose is not None:
        return calendars[due.whose].open_day(anchor, days, step, anchor_counts=anchor_counts)
    distance = days - 1 if anchor_counts else days
    return _moved(due, anchor + timedelta(days=distance * step), anchor, calendars)


def _moved(due: Counted, day: date, anchor: date, calendars: Calendars) -> date:
    """Move a last day off a closed day, but never to the other side of its anchor."""
    if due.if_closed is IfClosed.STAY or due.whose is None:
        return day
    calendar = calendars[due.whose]
    if due.if_closed is IfClosed.NEXT_OPEN_DAY:
        moved = calendar.next_open(day)
    else:
        moved = calendar.previous_open(day)
    crossed = moved < anchor if due.direction is Direction.AFTER else moved > anchor
    return day if crossed else moved
