"""When one's own organization is open: hours, closed days and public holidays.

Whoever works there may enter them. What is due on open days is counted by them, and so is the
fee window of a care manager's office.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.calendars import WEEKDAYS, rest_to_come
from handoffs.era import DateError, DateNeedsEra, parse_date
from handoffs.errors import BadEntry, Overtaken
from handoffs.office_hours import HoursEntry, HoursShown, hours_shown, set_hours
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted, typed_day

pages = Blueprint("office_hours", __name__)

_LABELS = ("月", "火", "水", "木", "金", "土", "日")
_HOLIDAYS = (("closed", "休み"), ("open", "開いている"))
_DONE = {
    "saved": "営業日・営業時間を登録しました。入院中の方の期限に変わるものはありませんでした。",
    "recounted": "営業日・営業時間を登録し、入院中の方の期限を数え直しました。"
    "変わった期限は、それぞれの経過に残っています。",
}
_LONGEST_LIST = 4000
_LONGEST_RANGE = 62
_RANGE = re.compile(r"[〜～~]|から")


@pages.get("/office-hours")
def show() -> ResponseReturnValue:
    """Show the hours as they stand, to be changed."""
    shown = _shown()
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return hours_screen(
        shown, values_of(shown) | draft, {}, _DONE.get(request.args.get("done", ""))
    )


@pages.post("/office-hours")
def show_posted() -> ResponseReturnValue:
    """Take the hours in; what is due on open days is counted anew."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = read_hours(posted)
        with acting() as session:
            moved = set_hours(session, entry, library=desk().library, by=actor(), now=now())
            location = url_for("office_hours.show", done="recounted" if moved else "saved")
            taken_in(session, location)
    except BadEntry as bad:
        return hours_screen(_shown(), posted.values, bad.fields), 422
    except Overtaken as overtaken:
        shown = _shown()
        values = posted.values | {"seen": shown.seen}
        return hours_screen(shown, values, {"seen": overtaken.message}), 409
    return redirect(location, code=303)


def _shown() -> HoursShown:
    with reading() as session:
        return hours_shown(session, actor())


def values_of(shown: HoursShown) -> dict[str, str]:
    """What stands in the fields before anything is typed."""
    days = shown.closed
    if shown.is_missing and not days:
        days = tuple(sorted(rest_to_come(day_of(now()))))  # What the region decided, to begin with.
    values = {
        "closed": "\n".join(day_lines(days)),
        "public_holidays": "open" if shown.open_on_public_holidays else "closed",
        "seen": shown.seen,
    }
    for day, (opens, closes) in shown.spans.items():
        values |= {f"{day}_opens": opens, f"{day}_closes": closes}
    return values


def day_lines(days: Sequence[date]) -> Iterator[str]:
    """Write days as people read them: those in a row as one range a line."""
    rows: list[list[date]] = []
    for day in days:
        if rows and day - rows[-1][-1] == timedelta(days=1) and len(rows[-1]) <= _LONGEST_RANGE:
            rows[-1].append(day)
        else:
            rows.append([day])
    for row in rows:
        ends = dict.fromkeys((row[0], row[-1]))
        yield "〜".join(typed_day(day) for day in ends)


def read_hours(posted: Posted) -> HoursEntry:
    """Read the form. Raises BadEntry."""
    spans = {}
    for day in WEEKDAYS:
        opens, closes = posted.clock(f"{day}_opens"), posted.clock(f"{day}_closes")
        if (opens is None) != (closes is None):
            missing = "opens" if opens is None else "closes"
            posted.refuse(f"{day}_{missing}", "開く時刻と閉まる時刻の両方を入力してください。")
        elif opens is not None and closes is not None:
            spans[day] = (opens, closes)
    public = posted.one_of(
        "public_holidays", ("closed", "open"), ask="祝日に開いているかを選んでください。"
    )
    closed = read_days(posted, "closed")
    seen = posted.text("seen", longest=16)
    posted.finish()
    return HoursEntry(
        spans=spans, closed=closed, open_on_public_holidays=public == "open", seen=seen
    )


def read_days(posted: Posted, name: str) -> frozenset[date]:
    """Read one day or one range of days a line; complaints stay with `posted`."""
    found: set[date] = set()
    text = posted.text(name, longest=_LONGEST_LIST)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.update(_days(line))
        except DateNeedsEra:
            message = "年が決められません。R8.12.29 か 2026-12-29 のように書いてください。"
            posted.refuse(name, f"{number}行目: {message}")
        except DateError as error:
            posted.refuse(name, f"{number}行目: {error}")
    return frozenset(found)


def _days(line: str) -> Iterator[date]:
    """Every day of `R8.12.29` or `R8.12.29〜R9.1.3`. Raises DateError."""
    ends = [parse_date(part.strip(), today=day_of(now())) for part in _RANGE.split(line.strip())]
    first, last = ends[0], ends[-1]
    length = (last - first).days
    if len(ends) > 2 or not 0 <= length <= _LONGEST_RANGE:  # noqa: PLR2004 - a range has two ends.
        raise DateError("「始まりの日〜終わりの日」の形で、二か月までの間にしてください。")
    return (first + timedelta(days=passed) for passed in range(length + 1))


def _is_open(shown: HoursShown, day: date) -> bool:
    """Whether an organization works on the weekday of a day."""
    return WEEKDAYS[day.weekday()] in shown.spans


def hours_screen(
    shown: HoursShown,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    done: str | None = None,
    *,
    action: str = "",
    back: str = "/",
) -> str:
    """Render the page of somebody's hours; `action` takes it in, `back` leads away unchanged."""
    today = day_of(now())
    left_out = () if shown.is_missing else sorted(rest_to_come(today) - set(shown.closed))
    return render_template(
        "office_hours/hours.html",
        action=action or url_for("office_hours.show_posted"),
        back=back,
        shown=shown,
        weekdays=tuple(zip(WEEKDAYS, _LABELS, strict=True)),
        holidays=_HOLIDAYS,
        left_out=tuple(day_lines([day for day in left_out if _is_open(shown, day)])),
        values=values,
        errors=errors,
        done=done,
    )
