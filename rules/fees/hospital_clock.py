"""By which day a hospital must have taken each step of 入退院支援加算.

Calendar days from the admission, whichever days the hospital is open: the only closed
days that the sources speak of are weekends and public holidays, and only for the 3-day step.
A step without days ("as early as possible") has no date. Promises no fee.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.fees import Clock, Counting, HospitalTable, IfAllClosed
from rules.moments import MONDAY_TO_FRIDAY
from rules.public_holidays import PublicHolidays

DAY = timedelta(days=1)
LONGEST_CLOSURE = 60


@dataclass(frozen=True)
class Step:
    """One step with its safe last day and its outer one; both None where no day is given."""

    clock: Clock
    until: date | None
    outer: date | None
    why: str

    @property
    def ask(self) -> bool:
        """Whether the wording leaves open which of the two days holds."""
        return self.until != self.outer


def hospital_steps(
    table: HospitalTable,
    fee: str,
    admitted_on: date,
    holidays: PublicHolidays,
    *,
    long_term_care_ward: bool,
    at_night: bool | None,
) -> tuple[Step, ...]:
    """List the steps of 加算1 (fee "1") or 加算2 ("2") with their days.

    at_night: whether the person came in at night; None where that is not known. From which
    hour it is night no source says, so the caller does.
    """
    return tuple(
        _step(table, clock, admitted_on, holidays, long_term=long_term_care_ward, night=at_night)
        for clock in table.clocks
        if clock.fee == fee
    )


def _step(
    table: HospitalTable,
    clock: Clock,
    admitted_on: date,
    holidays: PublicHolidays,
    *,
    long_term: bool,
    night: bool | None,
) -> Step:
    """Work out one step."""
    days = (clock.long_term_care_days or clock.days) if long_term else clock.days
    if days is None:
        return Step(clock, None, None, clock.text)
    until = admitted_on + (days - 1) * DAY
    unsettled = table.counting is Counting.UNSETTLED
    outer = until + DAY if unsettled else until
    why = f"入院日を1日目と数えて{days}日目まで"
    if unsettled:
        why += "(翌日から数えるなら一日あと。どちらかは文書で確かめていません)"
    if clock.if_all_closed is not IfAllClosed.FIRST_OPEN_WEEKDAY:
        return Step(clock, until, outer, why)
    weekday = _first_weekday(until, holidays)
    if any(_is_weekday(admitted_on + n * DAY, holidays) for n in range(1, days)):
        return Step(clock, until, outer, why)
    if not _is_weekday(admitted_on, holidays):
        return Step(clock, weekday, weekday, f"{days}日間がすべて土日・休日なので、最初の平日まで")
    if night:
        return Step(clock, weekday, weekday, "休みの前の夜の入院なので、最初の平日まで")
    if night is None:
        why = "休みの前の日の入院です。夜の入院なら最初の平日まで、そうでなければ早い日までです"
        return Step(clock, until, max(outer, weekday), why)
    return Step(clock, until, outer, why)


def _first_weekday(after: date, holidays: PublicHolidays) -> date:
    """Find the first weekday that is no public holiday, after a day."""
    days = (after + n * DAY for n in range(1, LONGEST_CLOSURE))
    return next(day for day in days if _is_weekday(day, holidays))


def _is_weekday(day: date, holidays: PublicHolidays) -> bool:
    """Say whether a day is neither weekend nor public holiday."""
    return MONDAY_TO_FRIDAY.is_open(day) and holidays.name_of(day) is None
