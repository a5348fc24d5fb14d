"""The days of an imagined stay, and the days on which hospital and office are closed.

The same days as `python -m rules simulate` takes. What is left empty is not known, but for the
admission, which is today. Keeps nothing.
"""

import re
from datetime import date, timedelta

from handoffs.calendars import calendar_of
from handoffs.era import DateError, DateNeedsEra, parse_date
from handoffs.errors import BadEntry
from rules import Calendar, CalendarError, Calendars, Moments, Whose
from web.inputs import Posted

DAYS = (
    ("planned_discharge_on", "退院予定日"),
    ("discharge_known_on", "退院予定が分かった日"),
    ("discharged_on", "退院日"),
    ("need_seen_on", "支援が必要と分かった日"),
)
"""The fields of days beside the admission, with their labels."""

PARTIES = (("hospital", Whose.HOSPITAL, "病院"), ("office", Whose.OFFICE, "事業所"))
USUAL_REST = "土日祝"
LONGEST_CLOSURE = 100
LONGEST_TEXT = 300
_WEEKDAYS = "月火水木金土日"
_HOLIDAYS = "祝"
_BETWEEN = re.compile(r"[、,，・\s]+")
_UNTIL = re.compile(r"(?:から|[〜～~–])")


def moments_of(posted: Posted, today: date) -> Moments:
    """Read the days of the stay; BadEntry where one cannot be read or they contradict."""
    admitted_on = posted.day("admitted_on") or today
    admitted_time = posted.clock("admitted_time")
    days = {name: posted.day(name) for name, _ in DAYS}
    if posted.errors:
        raise BadEntry(posted.errors)
    for name, label in DAYS:
        day = days[name]
        if name != "discharge_known_on" and day is not None and day < admitted_on:
            posted.refuse(name, f"{label}が入院日より前です。どちらかの日付を直してください。")
    if posted.errors:
        raise BadEntry(posted.errors)
    return Moments(admitted_on, admitted_time, **days)


def calendars_of(posted: Posted, moments: Moments, today: date) -> Calendars:
    """Read who is closed when, for the years around the stay; BadEntry as `moments_of`."""
    days = (moments.planned_discharge_on, moments.discharged_on, moments.need_seen_on)
    until = max(moments.admitted_on, *(day for day in days if day is not None), moments.admitted_on)
    public = calendar_of(None, moments.admitted_on, until)
    calendars = {Whose.PUBLIC: public}
    for name, whose, label in PARTIES:
        calendars[whose] = _calendar(posted, name, label, public, today)
    if posted.errors:
        raise BadEntry(posted.errors)
    return calendars


def _calendar(posted: Posted, name: str, label: str, public: Calendar, today: date) -> Calendar:
    """Read one calendar; after a complaint the public one stands in."""
    rest = posted.text(f"{name}_rest", longest=40)
    if f"{name}_rest" not in posted.values:
        rest = USUAL_REST
    resting = rest.replace("曜日", "").replace("祝日", _HOLIDAYS).replace("なし", "")
    resting = _BETWEEN.sub("", resting)
    closing = posted.clock(f"{name}_closes")
    if set(resting) - set(_WEEKDAYS + _HOLIDAYS):
        posted.refuse(
            f"{name}_rest",
            f"{label}の休みの曜日を「土日祝」のように書いてください。休みがなければ「なし」と書きます。",
        )
        return public
    own = _closed(posted, f"{name}_closed", today)
    weekdays = frozenset(n for n, day in enumerate(_WEEKDAYS) if day not in resting)
    closes = () if closing is None else tuple((day, closing) for day in sorted(weekdays))
    holidays = public.closed if _HOLIDAYS in resting else frozenset()
    try:
        return Calendar(weekdays, holidays | own, closes)
    except CalendarError as error:
        posted.refuse(f"{name}_rest", str(error))
        return public


def _closed(posted: Posted, name: str, today: date) -> frozenset[date]:
    """Read closed days, single ones and stretches such as R8.12.29からR9.1.3."""
    found: set[date] = set()
    for part in _BETWEEN.split(posted.text(name, longest=LONGEST_TEXT)):
        if not part:
            continue
        try:
            ends = [parse_date(each, today=today) for each in _UNTIL.split(part)]
        except (DateError, DateNeedsEra):
            ends = []
        first, last = (ends[0], ends[-1]) if ends else (today, today)
        length = (last - first).days
        if not 1 <= len(ends) <= 2 or not 0 <= length <= LONGEST_CLOSURE:  # noqa: PLR2004 -- from, to
            posted.refuse(
                name,
                "休業日が読めません。R8.12.30、R9.1.2 のように区切るか、"
                "R8.12.29からR9.1.3 のように書いてください。",
            )
            return frozenset()
        found |= {first + timedelta(days=n) for n in range(length + 1)}
    return frozenset(found)
