"""Count a due: the last permitted day of a handoff, or no day where the paper gives none.

A due is a day, never an hour: late begins at 00:00 (Asia/Tokyo) of the day after. Every
counted due names its counting convention; the loader refuses it otherwise, because
regions really differ on whether the day of admission is day 1. Reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from rules.errors import CalendarError
from rules.kinds import Anchor, AnchorDay, Convention, Direction, IfClosed, Unit, Whose
from rules.moments import Calendars, Moments

HOURS_NOT_KNOWN = "{}の閉まる時刻が分からないため、営業時間内の入院として数えました"
TIME_NOT_KNOWN = "入院の時刻が分からないため、営業時間内の入院として数えました"
NO_DATE = "数え方が原文から読めていないため、日付を出しません"
MOVING = (IfClosed.NEXT_OPEN_DAY, IfClosed.PREVIOUS_OPEN_DAY)


@dataclass(frozen=True)
class Counted:
    """A due that the paper gives in days.

    unit, anchor_day, if_closed: None where the paper's convention could not be read; no day
    is counted then.
    latest: the number of the last permitted day, None where the paper gives only a guide.
    preferred: the number of the day that the paper would rather see.
    whose: whose open days count, None where the paper looks at no calendar, or where whose
    it looks at could not be read.
    after_hours: an admission after closing time counts as one of the next day.
    early: what was passed on before the anchor counts too.
    """

    direction: Direction
    anchor: Anchor
    unit: Unit | None
    anchor_day: AnchorDay | None
    latest: int | None = None
    preferred: int | None = None
    if_closed: IfClosed | None = IfClosed.STAY
    whose: Whose | None = None
    after_hours: bool = False
    early: bool = False

    @cached_property
    def unread(self) -> tuple[Convention, ...]:
        """List the conventions that could not be read; with one of them there is no day."""
        looks = self.unit is Unit.OPEN_DAYS or self.if_closed in MOVING
        return tuple(
            convention
            for convention, is_unread in (
                (Convention.UNIT, self.unit is None),
                (Convention.ANCHOR_DAY, self.anchor_day is None),
                (Convention.IF_CLOSED, self.if_closed is None),
                (Convention.WHOSE, looks and self.whose is None),
            )
            if is_unread
        )

    @cached_property
    def words(self) -> str:
        """Say in Japanese how the days are counted, or what of it could not be read."""
        if self.unit is None or self.anchor_day is None or self.if_closed is None or self.unread:
            unread = "・".join(each.label for each in self.unread)
            return "、".join((*self._limits, f"{NO_DATE}({unread})"))
        counted = f"{self.anchor.label}{self.anchor_day.label}({self.unit.label}"
        if self.whose is not None:
            counted += f"・{self.whose.label}の暦"
        counted += ")"
        parts = [counted, *self._limits]
        if self.unit is Unit.CALENDAR_DAYS:
            parts.append(self.if_closed.label)
        if self.after_hours:
            parts.append("営業時間の後の入院は翌日から")
        if self.early:
            parts.append("前もって渡してもよい")
        return "、".join(parts)

    @property
    def _limits(self) -> tuple[str, ...]:
        """Say the last day and the preferred one, as far as the paper has them."""
        return tuple(
            f"{self._limit(days)}{suffix}"
            for days, suffix in ((self.latest, "まで"), (self.preferred, "が目安"))
            if days is not None
        )

    def _limit(self, days: int) -> str:
        """Say one limit, such as "7日目" or "退院予定日の7日前".

        Which day is the third nobody can say while the convention is unread: "入院日から3日".
        """
        if self.direction is Direction.AFTER and self.unread:
            return f"{self.anchor.label}から{days}日"
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


class Window(NamedTuple):
    """The days of one handoff: from when, preferably by when, at the latest when."""

    opens: date | None = None
    preferred: date | None = None
    latest: date | None = None


NO_DAYS = Window()
# The days of one due, and one of its limits from the day of its anchor on.
Count = Callable[[Moments, Calendars], Window]
Limit = Callable[[date, Calendars], date]


def due_at(due: Due, moments: Moments, calendars: Calendars) -> Window:
    """Count the days of a due for one stay; a day whose anchor is not known is None.

    A due before the discharge may be worked on from the admission on. Raises
    CalendarError where a calendar is never open, or where the days of the calendar end.
    """
    return counter_of(due)(moments, calendars)


def assumed(due: Due, moments: Moments, calendars: Calendars) -> str:
    """Say what was assumed of the hour of the admission; empty where nothing had to be."""
    whose = due.whose if isinstance(due, Counted) and due.after_hours else None
    if whose is None or not calendars[whose].is_open(moments.admitted_on):
        return ""
    if calendars[whose].closing(moments.admitted_on) is None:
        return HOURS_NOT_KNOWN.format(whose.label)
    return "" if moments.admitted_time else TIME_NOT_KNOWN


def counter_of(due: Due) -> Count:
    """Make the count of a due, for whoever counts it for one stay after the other: `due_at`."""
    if isinstance(due, Event):
        return _of_event(due)
    anchor, whose, is_after_hours = due.anchor, due.whose, due.after_hours
    opens_with_anchor = due.direction is Direction.AFTER
    # A day counted by a convention that nobody read would be made up.
    is_read = not due.unread
    preferred = _limit(due, due.preferred) if is_read and due.preferred is not None else None
    latest = _limit(due, due.latest) if is_read and due.latest is not None else None

    def counted(moments: Moments, calendars: Calendars) -> Window:
        day = moments.on(anchor)
        opens = None if due.early else day if opens_with_anchor else moments.admitted_on
        if day is None:
            return Window(opens)
        try:
            if is_after_hours and whose is not None:
                late = calendars[whose].is_after_hours(day, moments.admitted_time)
                day += timedelta(late)
            return Window(
                opens,
                None if preferred is None else preferred(day, calendars),
                None if latest is None else latest(day, calendars),
            )
        except OverflowError:
            message = f"{day}からは期限を数えられません。日付を確かめてください。"
            raise CalendarError(message) from None

    return counted


def _of_event(due: Event) -> Count:
    """Say from when the work can be done, where the record knows it; there is no last day."""
    anchor = due.anchor
    if anchor is None:
        return lambda _moments, _calendars: NO_DAYS
    return lambda moments, _calendars: Window(moments.on(anchor))


def _limit(due: Counted, days: int) -> Limit:
    """Make the count of one limit from its anchor."""
    whose, is_after, if_closed = due.whose, due.direction is Direction.AFTER, due.if_closed
    step = 1 if is_after else -1
    anchor_counts = due.anchor_day is AnchorDay.DAY_1
    if whose is not None and due.unit is Unit.OPEN_DAYS:
        return lambda anchor, calendars: calendars[whose].open_day(
            anchor, days, step, anchor_counts=anchor_counts
        )
    distance = timedelta((days - anchor_counts) * step)
    if whose is None or if_closed is IfClosed.STAY:
        return lambda anchor, _calendars: anchor + distance
    rolls_forward = if_closed is IfClosed.NEXT_OPEN_DAY

    def moved_off_closed_days(anchor: date, calendars: Calendars) -> date:
        """Move a last day off a closed day, but never to the other side of its anchor."""
        day = anchor + distance
        calendar = calendars[whose]
        moved = calendar.next_open(day) if rolls_forward else calendar.previous_open(day)
        crossed = moved < anchor if is_after else moved > anchor
        return day if crossed else moved

    return moved_off_closed_days
