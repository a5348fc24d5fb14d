"""When an organization can be told something: its open days and hours.

The one seam between the reminders and the hours of an organization: `hours_of` reads the hours
that the organization itself has written down. Counts no deadline; that is the rules' work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handoffs.calendars import WEEKDAYS, calendar_of
from handoffs.parties import Organization
from handoffs.tokyo import TOKYO, day_of
from rules import Calendar

OPENS, CLOSES = time(9), time(17)
"""The hours of an organization that gave none."""

LONG_CLOSURE = 3
"""So many closed days in a row are told of on the eve."""

_LOOK_AHEAD = 60


@dataclass(frozen=True)
class Hours:
    """Open days with the hours of each weekday."""

    calendar: Calendar
    of_weekday: Mapping[int, tuple[time, time]]

    def opening(self, day: date) -> tuple[datetime, datetime]:
        """From when to when a day is worked."""
        opens, closes = self.of_weekday.get(day.weekday(), (OPENS, CLOSES))
        return (
            datetime.combine(day, opens, tzinfo=TOKYO),
            datetime.combine(day, closes, tzinfo=TOKYO),
        )

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself if somebody is there, else when the next open day begins."""
        day = day_of(moment)
        for ahead in range(_LOOK_AHEAD):
            candidate = day + timedelta(days=ahead)
            if not self.calendar.is_open(candidate):
                continue
            opens, closes = self.opening(candidate)
            if moment < closes:
                return max(moment, opens)
        return moment  # Closed for two months: nobody keeps such a calendar; waiting helps nobody.

    def open_days_after(self, moment: datetime, count: int) -> datetime:
        """When the `count`-th open day after a moment's own day begins; `count` is at least 1."""
        day = day_of(moment)
        for _ in range(_LOOK_AHEAD):
            day += timedelta(days=1)
            count -= self.calendar.is_open(day)
            if count == 0:
                break
        return self.opening(day)[0]

    def reopens_after(self, day: date) -> date | None:
        """The day on which work goes on, if a long closure begins after this open day."""
        if not self.calendar.is_open(day):
            return None
        for closed in range(_LOOK_AHEAD):
            following = day + timedelta(days=closed + 1)
            if self.calendar.is_open(following):
                return following if closed >= LONG_CLOSURE else None
        return None


def hours_of(organization: Organization | None, around: date) -> Hours:
    """The open days and hours of an organization around a day."""
    given = organization.hours if organization is not None else {}
    read = {
        number: span
        for number, name in enumerate(WEEKDAYS)
        if (span := _span(given.get(name, ""))) is not None
    }
    return Hours(calendar_of(organization, around), read)


def _span(text: str) -> tuple[time, time] | None:
    """Read hours such as "08:30-17:30"; None for anything else."""
    opens, _, closes = text.partition("-")
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        return None
