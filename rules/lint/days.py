"""Faults that lie in the days: what is over, and what would be due before it can be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rules.condition import any_of
from rules.due import Counted, Due, due_at
from rules.edition import Edition, HandoffRule
from rules.facts import Facts
from rules.kinds import Anchor, Direction, HandoffKind, Whose
from rules.lint.finding import Fault, Finding
from rules.lint.search import TooLarge, never, somebody
from rules.moments import MONDAY_TO_FRIDAY, Moments
from rules.public_holidays import PublicHolidays

# Far longer than most; a due that lies before the admission even here is a mistake.
LONG_STAY = timedelta(days=60)
SOME_MONDAY = date(2024, 4, 1)
OF_ADMISSION = (HandoffKind.ADMISSION_NOTICE, HandoffKind.ADMISSION_INFORMATION)
OF_DISCHARGE = (HandoffKind.DISCHARGE_INFORMATION, HandoffKind.AFTER_DISCHARGE_INFORMATION)
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)


def stale_parts(
    edition: Edition, on: date, holidays: PublicHolidays | None = None
) -> Iterator[Finding]:
    """Find what is over on a day: the edition itself, a case of a due, the list of holidays."""
    if edition.ends is not None and edition.ends < on:
        found = f"この版は{edition.ends}で終わっていて、{on}には有効ではありません。"
        yield _whole(edition, found, "次の版を加えるか、終わりの日(ends)を確かめてください。")
    for rule in edition.handoffs:
        for case in rule.cases:
            starts = edition.in_force or date.min
            if case.admitted_until is not None and case.admitted_until < max(starts, on):
                unused = case.admitted_until < starts
                found = f"引継ぎ「{rule.id}」の{case.admitted_until}までの期限は、"
                found += "施行日より前に終わっています。" if unused else "もう終わっています。"
                yield Finding(
                    Fault.UNREACHABLE if unused else Fault.STALE,
                    edition.file,
                    rule.line,
                    rule.id,
                    found,
                    "新しい定めがあれば書き足してください。",
                    note=not unused,
                )
    looks = any(_looks_at_closed_days(due) for rule in edition.handoffs for due in _dues(rule))
    if looks and holidays is not None and holidays.known_until < on.year:
        found = f"祝日の一覧が{holidays.known_until}年までで、{on.year}年の期限を数えられません。"
        yield _whole(edition, found, "内閣府の新しい一覧を取り込んでください。")


def early_deadlines(edition: Edition) -> Iterator[Finding]:
    """Find dues that end before what they wait for can have happened."""
    rules = {rule.id: rule for rule in edition.handoffs}
    for rule in edition.handoffs:
        for due in _dues(rule):
            found = _before_its_trigger(rule, due, rules)
            if found:
                yield Finding(
                    Fault.DEADLINE,
                    edition.file,
                    rule.line,
                    rule.id,
                    f"引継ぎ「{rule.id}」の{found}",
                    "いつから数えるか(after・before)と日数を、紙と見比べてください。",
                    _owed_by(edition, rule),
                )
                break


def _before_its_trigger(rule: HandoffRule, due: Due, rules: dict[str, HandoffRule]) -> str:
    """Say in which way a due comes too early, or nothing."""
    if not isinstance(due, Counted):
        return ""
    back = due.direction is Direction.BEFORE
    if rule.kind in OF_ADMISSION and back:
        return "期限が退院から逆算されていて、短い入院では入院日より前になります。"
    if rule.kind in OF_DISCHARGE and due.anchor is Anchor.ADMISSION:
        return "期限が入院日から数えられていて、退院より前に来ます。"
    if rule.kind is HandoffKind.AFTER_DISCHARGE_INFORMATION and back:
        return "期限が退院より前です。"
    earlier = rules.get(rule.follows or "")
    if earlier is not None and _is_before(due, earlier.due):
        return f"期限が、先に行う「{earlier.id}」の期限より前です。"
    for days in range(7):
        admitted_on = SOME_MONDAY + timedelta(days=days)
        leaves_on = admitted_on + LONG_STAY
        moments = Moments(admitted_on, None, leaves_on, need_seen_on=admitted_on)
        window = due_at(due, moments, CALENDARS)
        if window.latest is not None and window.opens is not None and window.latest < window.opens:
            return f"期限が、{LONG_STAY.days}日間の入院でも始められる日より前です。"
    return ""


def _is_before(due: Counted, earlier: Due) -> bool:
    """Whether a due ends before another one that is counted in the same way."""
    if not isinstance(earlier, Counted) or due.latest is None or earlier.latest is None:
        return False
    ways = [(d.direction, d.anchor, d.unit, d.anchor_day) for d in (due, earlier)]
    if ways[0] != ways[1]:
        return False
    if due.direction is Direction.AFTER:
        return due.latest < earlier.latest
    return due.latest > earlier.latest


def _dues(rule: HandoffRule) -> tuple[Due, ...]:
    """List the general due and those of its cases."""
    return (rule.due, *(case.due for case in rule.cases))


def _looks_at_closed_days(due: Due) -> bool:
    """Whether somebody's open days move a due."""
    return isinstance(due, Counted) and due.whose is not None


def _owed_by(edition: Edition, rule: HandoffRule) -> Facts | None:
    """Find somebody for whom the handoff is owed."""
    asks = any_of(tuple(clause.condition for clause in edition.criteria))
    against = tuple(never(c.condition, edition.vocabulary) for c in edition.grounds_against)
    try:
        return somebody((rule.condition, asks, *against), edition.vocabulary)
    except TooLarge:
        return None


def _whole(edition: Edition, found: str, instead: str) -> Finding:
    """Say something of the whole edition."""
    return Finding(Fault.STALE, edition.file, 0, "", found, instead)
