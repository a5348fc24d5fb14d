"""One handoff that is owed, or that waits for facts: what, between whom, by when, and how.

Chooses among the dues of a handoff, and lays a duty out for JSON. Whether the handoff
is owed at all is the decision's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.arrangement import Channel, Fallback, Sheet, Stage
from rules.condition import Condition, Weighing
from rules.due import Window, due_at
from rules.edition import DueCase, HandoffRule
from rules.kinds import HandoffKind, Party, Recipient, Standing, Strength, Truth
from rules.moments import Calendars, Moments
from rules.wording import without_repeats

STRICTEST = "どの場合か分かるまでは、いちばん早いもの"


@dataclass(frozen=True)
class Duty:
    """One handoff that is owed, or that waits for facts.

    rule_id: unique within the edition. due: the last permitted day, None where the paper
    gives none or its anchor is not known yet. window_from: the first day on which the work
    can be done. preferred: the day that the paper would rather see. waits_for: the facts
    that could still make it owed, drop it, or move its days. text: the paper's own words.
    counting: how the days are counted, in Japanese. strength: how what was not done is
    worded. short_notice: the discharge became known so late that the paper has another
    procedure, or that the last day had passed. also_to, follows, fallbacks, stage, sheet,
    channels: as the edition says; empty where it says nothing.
    """

    rule_id: str
    kind: HandoffKind
    sender: Party
    receiver: Party
    standing: Standing
    due: date | None
    window_from: date | None
    preferred: date | None
    waits_for: tuple[str, ...]
    text: str
    source: str
    counting: str
    strength: Strength = Strength.DUTY
    short_notice: bool = False
    also_to: tuple[Recipient, ...] = ()
    follows: str | None = None
    fallbacks: tuple[Fallback, ...] = ()
    stage: Stage | None = None
    sheet: Sheet | None = None
    channels: tuple[Channel, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Lay the duty out for JSON; what the edition does not say is left out."""
        said: dict[str, object] = {
            "rule_id": self.rule_id,
            "kind": self.kind.value,
            "sender": self.sender.value,
            "receiver": self.receiver.value,
            "standing": self.standing.value,
            "due": iso(self.due),
            "window_from": iso(self.window_from),
            "preferred": iso(self.preferred),
            "waits_for": list(self.waits_for),
            "text": self.text,
            "source": self.source,
            "counting": self.counting,
        }
        beside: dict[str, object] = {
            "strength": "" if self.strength is Strength.DUTY else self.strength.value,
            "short_notice": self.short_notice,
            "also_to": [each.value for each in self.also_to],
            "follows": self.follows,
            "fallbacks": [
                {"sender": each.sender.value, "text": each.text} for each in self.fallbacks
            ],
            "stage": None if self.stage is None else self.stage.id,
            "sheet": None if self.sheet is None else _sheet_as_json(self.sheet),
            "channels": [_channel_as_json(channel) for channel in self.channels],
        }
        return said | {key: value for key, value in beside.items() if value}


@dataclass(frozen=True)
class ChosenDue:
    """The days of a handoff with the case they come from, and the facts that could move them."""

    window: Window
    counting: str
    case: DueCase
    waits_for: tuple[str, ...] = ()


def chosen_due(
    rule: HandoffRule,
    moments: Moments,
    calendars: Calendars,
    weighings: Mapping[Condition, Weighing],
) -> ChosenDue:
    """Choose the first case that fits; while an earlier one still could, the strictest of them.

    A date that turns out too early costs nothing; one that turns out too late does.
    """
    possible: list[DueCase] = []
    waits: list[str] = []
    for case in (*rule.cases, DueCase(rule.due)):
        weighing = weighings.get(case.condition)
        if not case.speaks_of(moments) or (weighing and weighing.truth is Truth.CLOSED):
            continue
        possible.append(case)
        if weighing is None or weighing.truth is Truth.MET:
            break
        waits += weighing.waits_for
    counted = [(due_at(case.due, moments, calendars), case) for case in possible]
    window, case = min(counted, key=lambda each: _lateness(each[0]))
    if not waits:
        return ChosenDue(window, case.due.words, case)
    return ChosenDue(
        window, f"{case.due.words}({STRICTEST})", DueCase(case.due), without_repeats(waits)
    )


def is_short_notice(chosen: ChosenDue, moments: Moments) -> bool:
    """Whether the discharge became known too late for the usual procedure, or its last day."""
    if chosen.case.days_left_below is not None:
        return True
    known_on, latest = moments.discharge_known_on, chosen.window.latest
    return known_on is not None and latest is not None and latest < known_on


def _lateness(window: Window) -> tuple[date, date]:
    """Order windows by their last day, then by the day the paper would rather see."""
    return window.latest or date.max, window.preferred or date.max


def iso(day: date | None) -> str | None:
    """Write a day as ISO, or nothing."""
    return None if day is None else day.isoformat()


def _sheet_as_json(sheet: Sheet) -> dict[str, object]:
    """Lay out which sheet it is, and whether another may stand in for it."""
    return {"id": sheet.id, "title": sheet.title, "substitution": sheet.substitution.value}


def _channel_as_json(channel: Channel) -> dict[str, object]:
    """Lay out one way of sending."""
    return {
        "means": channel.means.value,
        "use": channel.use.value,
        "shows": [each.value for each in channel.shows],
        "counts_pages": channel.counts_pages,
        "text": channel.text,
    }
