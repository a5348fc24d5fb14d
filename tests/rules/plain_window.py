"""The sentences of 入院時情報連携加算 read straight off, with holidays from another library.

Imports nothing from rules: an oracle that shared its code would share its mistakes.
"""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday

ONE = timedelta(days=1)

Tier = tuple[date, date, bool]


def public_holidays(first: int, last: int) -> set[date]:
    """The public holidays of several years."""
    return {day for year in range(first, last + 1) for day, _ in jpholiday.year_holidays(year)}


def plain(day: date, open_days: set[date], how: str) -> tuple[Tier, Tier]:
    """The two tiers as (until, outer, ask); `how` the admission falls if the day is open."""
    if day < date(2024, 4, 1):
        return (
            (day + 2 * ONE, day + 3 * ONE, True),
            (day + 6 * ONE, day + 7 * ONE, True),
        )
    third, fourth = day + 2 * ONE, day + 3 * ONE
    if day not in open_days:
        ask = third not in open_days
        return (day + ONE, day + ONE, False), (third, fourth if ask else third, ask)
    if how == "in hours":
        return (day, day, False), (third, third, False)
    second = third, third, False
    if third not in open_days:
        second = (fourth, fourth, False) if fourth in open_days else (third, fourth, True)
    if how == "after hours":
        return (day + ONE, day + ONE, False), second
    return (day, day + ONE, True), (third, second[1], second[1] != third)
