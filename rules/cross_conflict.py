"""What two regions' rules differ in, and the line to say about it on the telephone.

A line proposes the earlier day only while it can still be kept. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.kinds import Coordination, HandoffKind, Labelled, Party
from rules.moments import Moments

Between = tuple[HandoffKind, Party, Party]
Days = tuple[date | None, date | None]


class Difference(Labelled):
    """What the two rules differ in."""

    ANSWER = "answer", "退院調整の要否"
    LAST_DAY = "last_day", "期限"
    ONE_SIDED = "one_sided", "一方の地域だけが求める引継ぎ"


class Passed(Labelled):
    """Why nobody can keep to a last day any more."""

    BEFORE_ADMISSION = "before_admission", "入院より前の日です"
    PAST = "past", "もう過ぎた日です"


@dataclass(frozen=True)
class Conflict:
    """One thing on which the parties must talk. differs: what differs, to be said on the telephone.

    proposed: the day that is proposed, where the two differ in that.
    """

    about: Difference
    kind: HandoffKind | None
    differs: str
    asks: str = ""
    proposed: date | None = None

    def say(self, moments: Moments, on: date) -> str:
        """Put the line for the telephone together, as it is said on a day."""
        if self.about is not Difference.LAST_DAY:
            return f"{self.differs}{self.asks}"
        return f"{self.differs}{proposal(self.proposed, moments.admitted_on, on)}"


def passed(day: date | None, admitted_on: date, on: date) -> Passed | None:
    """Say why nobody can keep to a day, as seen on another; None where it can still be kept."""
    if day is None or day >= max(on, admitted_on):
        return None
    return Passed.BEFORE_ADMISSION if day < admitted_on else Passed.PAST


def proposal(day: date | None, admitted_on: date, on: date) -> str:
    """Propose the earlier day, or what is left to do where nobody can keep to it any more."""
    gone = passed(day, admitted_on, on)
    if gone is None:
        return f"早いほうの{_spoken(day)}まででよろしいでしょうか。"
    return f"早いほうの{_spoken(day)}は{gone.label}。これからすぐに行うことでよろしいでしょうか。"


def answers_differ(
    answers: tuple[Coordination, Coordination], names: tuple[str, str], taken: Coordination
) -> Conflict:
    """Say that one rule asks for coordination and the other does not, or not yet."""
    said = "、".join(
        f"{name}のルールでは「{answer.label}」" for name, answer in zip(names, answers, strict=True)
    )
    return Conflict(
        Difference.ANSWER,
        None,
        f"退院調整は、{said}です。",
        f"今回は「{taken.label}」として進めてよろしいでしょうか。",
    )


def one_sided(between: Between, asks: str, other: str, *, is_partial: bool) -> Conflict:
    """Say that only one region asks for a handoff.

    is_partial: the other's paper could be read only in parts, which is not to say no.
    """
    kind, sender, receiver = between
    differs = (
        f"{asks}のルールでは「{kind.label}」({sender.label}から{receiver.label}へ)を"
        "行うことになっています。"
    )
    differs += (
        f"{other}の手引きは一部しか確かめられておらず、同じ決まりがあるか分かりません。"
        "そちらではどうされていますか。"
        if is_partial
        else f"{other}のルールには、この決まりがありません。"
    )
    return Conflict(Difference.ONE_SIDED, kind, differs, "今回は行うことでよろしいでしょうか。")


def days_differ(
    kind: HandoffKind, names: tuple[str, str], days: Days, proposed: date | None
) -> Conflict:
    """Say that the last days differ."""
    said = "、".join(
        f"{name}のルールでは{_spoken(day)}" for name, day in zip(names, days, strict=True)
    )
    return Conflict(
        Difference.LAST_DAY, kind, f"「{kind.label}」の期限は、{said}です。", proposed=proposed
    )


def _spoken(day: date | None) -> str:
    """Say a day on the telephone."""
    return "日付の定めなし" if day is None else f"{day.month}月{day.day}日"
