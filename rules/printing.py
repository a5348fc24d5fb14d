"""Say a decision, and the outcome of a check, on a terminal in plain Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.decision import Decision, Duty
from rules.edition import Edition
from rules.facts import Vocabulary
from rules.kinds import Standing

WEEKDAY_LABELS = "月火水木金土日"


def decision_lines(decision: Decision, vocabulary: Vocabulary, calendar: str) -> Iterator[str]:
    """Lay a decision out line by line; `calendar` says which days were taken as open."""
    ref = decision.edition
    in_force = "施行日不明" if ref.in_force is None else f"{ref.in_force} 施行"
    yield f"版: {ref.title}({ref.region}、{in_force})"
    yield f"判定: {decision.coordination.label}"
    for heading, reasons in (
        ("当てはまる基準", decision.because),
        ("除外", decision.excluded_by),
    ):
        yield from _section(heading, (f"{r.text}({r.source})" for r in reasons))
    yield from _section("「不要」と言えない理由", decision.held_back)
    yield from _section("まだ分からない項目", (_asked(vocabulary, f) for f in decision.missing))
    yield from _section("引継ぎ", (_duty_line(duty, vocabulary) for duty in decision.handoffs))
    yield from _section("この版で確かめられていないこと", decision.unverified)
    yield f"暦: {calendar}"


def check_line(edition: Edition) -> str:
    """Say in one row of the table that an edition does what its examples say."""
    in_force = "undated   " if edition.in_force is None else f"{edition.in_force}"
    partial = "部分的" if edition.partial else "全体"
    examples = f"例{len(edition.examples):>3}"
    return f"○ {edition.region:<10} {in_force}  {examples}  {partial}  {edition.title}"


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Set lines under a heading, or nothing where there are none."""
    listed = list(lines)
    if listed:
        yield f"{heading}:"
        yield from (f"  - {line}" for line in listed)


def _asked(vocabulary: Vocabulary, fact_id: str) -> str:
    """Name a fact that is still to be asked, with its words."""
    fact = vocabulary[fact_id]
    return f"{fact.label}({fact_id}: {'・'.join(fact.known_values)})"


def _duty_line(duty: Duty, vocabulary: Vocabulary) -> str:
    """Say one handoff: what, between whom, by when, and what it waits for."""
    days = "期限の日付なし" if duty.due is None else f"{_day(duty.due)}まで"
    if duty.preferred is not None:
        days += f"(目安 {_day(duty.preferred)})"
    line = f"{duty.kind.label} {duty.sender.label}→{duty.receiver.label} {days}"
    if duty.standing is Standing.UNDETERMINED:
        waits = "、".join(vocabulary[fact].label for fact in duty.waits_for)
        line += f" {duty.standing.label}" + (f"({waits})" if waits else "")
    return f"{line}\n      {duty.text}({duty.source})\n      数え方: {duty.counting}"


def _day(day: date) -> str:
    """Write a day as people read it on a screen."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAY_LABELS[day.weekday()]})"
