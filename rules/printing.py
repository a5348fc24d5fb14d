"""Say a decision, and the outcome of a check, on a terminal in plain Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.decision import Decision
from rules.duty import Duty
from rules.edition import Edition
from rules.facts import Vocabulary
from rules.kinds import Standing, Strength

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
    yield from _section("言い切れない理由", decision.held_back)
    if decision.tier is not None:
        yield f"区分: {decision.tier.text}"
    if decision.stage is not None:
        yield f"始まる段階: {decision.stage.text}"
    for heading, reasons in (
        ("先に見る文書", decision.yields_to),
        ("相手と話し合うこと", decision.consult),
    ):
        yield from _section(heading, (f"{r.text}({r.source})" for r in reasons))
    if decision.main_contact is not None:
        roles = "・".join(role.label for role in decision.main_contact.one_of)
        yield f"主な連絡先: {roles}のうち一人({decision.main_contact.source})"
    yield from _section("まだ分からない項目", (_asked(vocabulary, f) for f in decision.missing))
    yield from _section("引継ぎ", (_duty_line(duty, vocabulary) for duty in decision.handoffs))
    yield from _section("この版で確かめられていないこと", decision.unverified)
    yield f"暦: {calendar}"


def check_line(edition: Edition) -> str:
    """Say in one row of the table that an edition does what its examples say."""
    in_force = "undated   " if edition.in_force is None else f"{edition.in_force}"
    partial = "部分的" if edition.partial else "全体"
    examples = f"例{len(edition.examples):>3}"
    return f"○ {edition.region:<18} {in_force}  {examples}  {partial}  {edition.title}"


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
    receivers = "・".join((duty.receiver_label, *(each.label for each in duty.also_to)))
    line = f"{duty.kind.label} {duty.sender.label}→{receivers} {days}"
    if duty.standing is Standing.UNDETERMINED:
        waits = "、".join(vocabulary[fact].label for fact in duty.waits_for)
        line += f" {duty.standing.label}" + (f"({waits})" if waits else "")
    told = [f"{duty.text}({duty.source})", f"数え方: {duty.counting}", *_manner(duty)]
    return "\n      ".join((line, *told))


def _manner(duty: Duty) -> Iterator[str]:
    """Say how a handoff is done, as far as the edition says so."""
    if duty.strength is Strength.STANDARD:
        yield f"強さ: {duty.strength.label}"
    if duty.short_notice:
        yield "急な退院: すぐに"
    yield from (f"できないとき: {each.sender.label} {each.text}" for each in duty.fallbacks)
    if duty.sheet is not None:
        yield f"様式: {duty.sheet.title}({duty.sheet.substitution.label})"
    for channel in duty.channels:
        yield f"送り方: {channel.means.label} {channel.use.label}({channel.text})"


def _day(day: date) -> str:
    """Write a day as people read it on a screen."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAY_LABELS[day.weekday()]})"
