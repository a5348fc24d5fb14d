"""How days and moments are written on screens: 2026年11月20日(金), in Tokyo time."""

from datetime import date, datetime

from handoffs.tokyo import TOKYO

_WEEKDAYS = "月火水木金土日"


def day(on: date | None) -> str:
    """2026年11月20日(金); nothing for no day."""
    if on is None:
        return ""
    return f"{on.year}年{on.month}月{on.day}日({_WEEKDAYS[on.weekday()]})"


def short_day(on: date | None) -> str:
    """11/20(金); nothing for no day."""
    return "" if on is None else f"{on.month}/{on.day}({_WEEKDAYS[on.weekday()]})"


def month(on: date) -> str:
    """2026年11月."""
    return f"{on.year}年{on.month}月"


def moment(at: datetime | None) -> str:
    """2026年11月20日(金) 9:05 in Tokyo, whatever zone it came in; nothing for no moment."""
    if at is None:
        return ""
    there = at.astimezone(TOKYO)
    return f"{day(there.date())} {there.hour}:{there.minute:02d}"


def wait(seconds: float) -> str:
    """How long somebody has to wait, rounded up: 30秒 or 12分."""
    whole = max(int(seconds + 0.999), 1)
    return f"{whole}秒" if whole < 60 else f"{-(-whole // 60)}分"  # noqa: PLR2004
