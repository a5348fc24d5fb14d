"""Say in words what differs between two editions, clause by clause, for those who must agree.

Clauses are the same where their ids are. What is compared is what decides or what is
read: words, conditions, who passes what to whom, the days, and what is unverified; examples
and line numbers are not. Order alone is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from rules.condition import All, AtLeast, Condition
from rules.condition_words import condition_words
from rules.difference.parts import NONE, ClausePart, clause_parts
from rules.due import Counted, Due
from rules.edition import Edition
from rules.kinds import Direction, Labelled, Unit

LIMITS = ("期限", "目安")
REIWA = date(2019, 5, 1)
HEISEI = date(1989, 1, 8)


class Changed(Labelled):
    """What happened to a clause."""

    ADDED = "added", "加わる"
    REMOVED = "removed", "なくなる"
    CHANGED = "changed", "変わる"


@dataclass(frozen=True)
class Step:
    """One thing of a clause that changed: what it is, its old words and its new ones."""

    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """Say it, such as "7日以内 → 5日以内"."""
        return f"{self.before} → {self.after}"


@dataclass(frozen=True)
class ClauseChange:
    """One clause that differs. article: where the paper says it. text: its words.

    counting: how the days are counted, where only their number changed.
    """

    changed: Changed
    id: str
    article: str
    text: str
    steps: tuple[Step, ...] = ()
    counting: str = ""

    def lines(self, since: str) -> Iterator[str]:
        """Say it; `since` is when the new edition takes force, or empty."""
        if self.changed is not Changed.CHANGED:
            yield f"{self.article}: {self.changed.label}: {self.text}{since}"
            return
        first, *others = self.steps
        yield f"{self.article}: {_step(first)}{since}"
        if self.counting:
            yield f"    数え方: {self.counting}"
        for step in others:
            yield f"    {_step(step)}"


@dataclass(frozen=True)
class Difference:
    """All that differs, in the order of the newer paper; what was removed stands last."""

    old: Edition
    new: Edition
    changes: tuple[ClauseChange, ...]

    def lines(self) -> Iterator[str]:
        """Say the whole difference."""
        yield f"{_name(self.old)} → {_name(self.new)}"
        if not self.changes:
            yield "条文・条件・期限に違いはありません。"
        since = _since(self.new.in_force)
        for change in self.changes:
            yield from change.lines(since)

    def as_json(self) -> dict[str, object]:
        """Lay the difference out for JSON."""
        return {
            "old": _ref(self.old),
            "new": _ref(self.new),
            "changes": [
                {
                    "changed": change.changed.value,
                    "id": change.id,
                    "article": change.article,
                    "text": change.text,
                    "steps": [
                        {"what": step.what, "before": step.before, "after": step.after}
                        for step in change.steps
                    ],
                }
                for change in self.changes
            ],
        }


def difference(old: Edition, new: Edition) -> Difference:
    """Compare two editions, of one region or of two."""
    before, after = dict(clause_parts(old)), dict(clause_parts(new))
    changes = [_change(key, before.get(key), part) for key, part in after.items()]
    removed = [_lone(Changed.REMOVED, p) for key, p in before.items() if key not in after]
    return Difference(old, new, (*(each for each in changes if each is not None), *removed))


def _change(
    key: tuple[str, str], before: ClausePart | None, after: ClausePart
) -> ClauseChange | None:
    """Compare one clause with itself in the older edition."""
    if before is None:
        return _lone(Changed.ADDED, after)
    steps = tuple(_steps(before, after))
    if not steps:
        return None
    counting = ""
    if steps[0].what in LIMITS and isinstance(after.due, Counted):
        counting = after.due.words.split("、")[0]
    return ClauseChange(Changed.CHANGED, key[1], after.article, after.text, steps, counting)


def _lone(changed: Changed, part: ClausePart) -> ClauseChange:
    """Name a clause that stands in one edition only."""
    return ClauseChange(changed, part.id, part.article, part.text)


def _steps(before: ClausePart, after: ClausePart) -> Iterator[Step]:
    """List what differs in one clause: the days first, then conditions, then words."""
    if before.due is not None and after.due is not None and before.due != after.due:
        yield from _due_steps(before.due, after.due)
    yield from _condition_steps(before, after)
    for what, words in after.said.items():
        if before.said.get(what) != words:
            yield Step(what, f"「{before.said.get(what, NONE)}」", f"「{words}」")


def _due_steps(before: Due, after: Due) -> Iterator[Step]:
    """Say how the days changed; where only numbers did, in numbers."""
    if not isinstance(before, Counted) or not isinstance(after, Counted):
        yield Step("期限", before.words, after.words)
        return
    ways = [due.words.split("、") for due in (before, after)]
    limits = [(_limit(due, due.latest), _limit(due, due.preferred)) for due in (before, after)]
    only_numbers = before.unread == after.unread and (
        before.direction,
        before.anchor,
        before.unit,
        before.anchor_day,
    ) == (after.direction, after.anchor, after.unit, after.anchor_day)
    if not only_numbers:
        yield Step("数え方", before.words, after.words)
        return
    for what, old, new in zip(LIMITS, *limits, strict=True):
        if old != new:
            yield Step(what, old, new)
    rest = [[w for w in words[1:] if not w.endswith(("まで", "が目安"))] for words in ways]
    for old, new in zip_longest(*rest, fillvalue=NONE):
        if old != new:
            yield Step("数え方", old, new)


def _limit(due: Counted, days: int | None) -> str:
    """Say a number of days as people say it."""
    if days is None:
        return NONE
    unit = "営業日" if due.unit is Unit.OPEN_DAYS else "日"
    if due.direction is Direction.AFTER:
        return f"{days}{unit}以内" if days else "当日"
    return f"{due.anchor.label}の{days}{unit}前まで" if days else f"{due.anchor.label}まで"


def _condition_steps(before: ClausePart, after: ClausePart) -> Iterator[Step]:
    """Say how a condition changed: the lines that came and went, or the whole of it."""
    old, new = before.condition, after.condition
    if old == new:
        return
    lines = [[condition_words(e, part.vocabulary) for e in _lines(part.condition)]
             for part in (before, after)]  # fmt: skip
    gone = [line for line in lines[0] if line not in lines[1]]
    come = [line for line in lines[1] if line not in lines[0]]
    same_kind = type(old) is type(new) and getattr(old, "count", 0) == getattr(new, "count", 0)
    if same_kind and (gone or come):
        yield Step("条件", "、".join(gone) or NONE, "、".join(come) or NONE)
    else:
        whole = [condition_words(part.condition, part.vocabulary) for part in (before, after)]
        yield Step("条件", *whole)


def _lines(condition: Condition) -> tuple[Condition, ...]:
    """Take a condition apart into what stands on lines of its own."""
    if isinstance(condition, All) and condition.parts:
        return condition.parts
    if isinstance(condition, AtLeast):
        return condition.parts
    return (condition,)


def _step(step: Step) -> str:
    """Say one step; the days need no heading."""
    return step.words if step.what == "期限" else f"{step.what}: {step.words}"


def _name(edition: Edition) -> str:
    """Name an edition with its day."""
    day = "施行日不明" if edition.in_force is None else f"{_era(edition.in_force)}施行"
    return f"{edition.title}({edition.region}、{day})"


def _since(in_force: date | None) -> str:
    """Say since when, to stand behind a change."""
    return "" if in_force is None else f" ({_era(in_force)}施行)"


def _era(day: date) -> str:
    """Write a day as paper does, such as 令和9年4月1日; before 平成 in the common era."""
    for name, first in (("令和", REIWA), ("平成", HEISEI)):
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def _ref(edition: Edition) -> dict[str, str | None]:
    """Name an edition for JSON."""
    in_force = None if edition.in_force is None else edition.in_force.isoformat()
    return {"region": edition.region, "in_force": in_force, "digest": edition.digest}
