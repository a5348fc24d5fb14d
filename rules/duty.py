"""One handoff that is owed, or that waits for facts: what, between whom, by when, and how.

Chooses among the dues of a handoff, and lays a duty out for JSON. Whether the handoff
is owed at all is the decision's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.arrangement import Channel, Fallback, Sheet, Stage
from rules.condition_marks import Marks, Reading, Waits
from rules.due import Counted, Window, assumed, counter_of
from rules.edition import DueCase, HandoffRule
from rules.kinds import Direction, HandoffKind, Party, Recipient, Standing, Strength
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
    procedure, or that the last day had passed. desk: who it is on the receiver's side, where
    the paper names one of its own. also_to, follows, fallbacks, stage, sheet, channels: as
    the edition says; empty where it says nothing.
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
    desk: Recipient | None = None

    @property
    def receiver_label(self) -> str:
        """Who receives, in words."""
        return (self.desk or self.receiver).label

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
            "desk": "" if self.desk is None else self.desk.value,
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


class Asked(NamedTuple):
    """What a decision is made from, and how the conditions of the edition stand for it."""

    moments: Moments
    calendars: Calendars
    marks: Marks


class PreparedDue:
    """One due of a handoff, and the duty that it makes before anything is known of a patient.

    bit: that of the condition of its case, 0 for the general due, which needs none. waits: what
    that condition waits for.
    """

    def __init__(
        self, rule: HandoffRule, case: DueCase, counting: str, reading: Reading | None = None
    ) -> None:
        """Take the words of the case, and those of the handoff where it has none."""
        self.case = case
        self.bit = reading.bit(case.condition) if reading else 0
        self.waits = reading.waits(case.condition) if reading else Waits(())
        self.days = counter_of(case.due)
        self._assumes = isinstance(case.due, Counted) and case.due.after_hours
        # Only a day counted back from the discharge is overtaken when that becomes known late.
        self.looks_back = isinstance(case.due, Counted) and case.due.direction is Direction.BEFORE
        blank = Duty(
            rule_id=rule.id,
            kind=rule.kind,
            sender=rule.sender,
            receiver=rule.receiver,
            standing=Standing.UNDETERMINED,
            due=None,
            window_from=None,
            preferred=None,
            waits_for=(),
            text=case.text or rule.text,
            source=case.source or rule.source,
            counting=counting,
            strength=rule.strength,
            short_notice=case.days_left_below is not None,
            also_to=rule.also_to,
            follows=rule.follows,
            fallbacks=rule.fallbacks,
            stage=rule.stage,
            sheet=rule.sheet,
            channels=rule.channels,
            desk=rule.desk,
        )
        self._words = vars(blank)

    def duty(
        self, window: Window, asked: Asked, waits_for: tuple[str, ...], *, is_owed: bool
    ) -> Duty:
        """Put the days and the standing of one patient in.

        The fields are laid over a copy: to set twenty, one by one, as a frozen class does,
        costs several times as much, and they were all set once.
        """
        duty = object.__new__(Duty)
        fields = self._words.copy()
        fields["window_from"], fields["preferred"], fields["due"] = window
        fields["waits_for"] = waits_for
        if is_owed:
            fields["standing"] = Standing.REQUIRED
        moments = asked.moments
        if self._assumes:
            said = assumed(self.case.due, moments, asked.calendars)
            fields["counting"] += f"、{said}" if said else ""
        known_on, latest = moments.discharge_known_on, window.latest
        overtaken = known_on is not None and latest is not None and latest < known_on
        if self.looks_back and overtaken:
            fields["short_notice"] = True
        object.__setattr__(duty, "__dict__", fields)
        return duty


class PreparedHandoff:
    """One handoff of an edition, with the dues of which the first that fits is chosen."""

    def __init__(self, rule: HandoffRule, reading: Reading) -> None:
        """Lay out what does not depend on the patient; `reading` reads every condition of it."""
        self.bit = reading.bit(rule.condition)
        self._waits = reading.waits(rule.condition)
        self._cases = tuple(PreparedDue(rule, case, case.due.words, reading) for case in rule.cases)
        self._general = PreparedDue(rule, DueCase(rule.due), rule.due.words)
        # Which case it is nobody knows yet, so its words are those of the handoff itself.
        self._strictest = {
            each: PreparedDue(rule, DueCase(each.case.due), f"{each.case.due.words}({STRICTEST})")
            for each in (*self._cases, self._general)
        }

    def duty(self, asked: Asked, waiting: tuple[str, ...], *, is_required: bool) -> Duty:
        """Put the handoff together; it is owed only where the answer and its own condition are.

        waiting: what the answer waits for. is_required: the answer is 要. Raises
        CalendarError where a due needs a calendar that is never open.
        """
        met, could = asked.marks
        is_met = bool(met & self.bit)
        due, window, moving = self._chosen(asked)
        waits = waiting
        if moving or not is_met:
            own = () if is_met else self._waits.of(could & ~met)
            waits = without_repeats((*waiting, *own, *moving))
        return due.duty(window, asked, waits, is_owed=is_required and is_met)

    def _chosen(self, asked: Asked) -> tuple[PreparedDue, Window, tuple[str, ...]]:
        """Choose the first due that fits; while an earlier one still could, the strictest.

        A date that turns out too early costs nothing; one that turns out too late does.
        With it come its days, and the facts that could still move them.
        """
        moments, calendars, (met, could) = asked
        if not self._cases:
            return self._general, self._general.days(moments, calendars), ()
        possible: list[PreparedDue] = []
        waits: list[str] = []
        for each in (*self._cases, self._general):
            if each.bit and not (could & each.bit and each.case.speaks_of(moments)):
                continue
            possible.append(each)
            if not each.bit or met & each.bit:
                break
            waits += each.waits.of(could & ~met)
        if len(possible) == 1:
            return possible[0], possible[0].days(moments, calendars), ()
        counted = [(each.days(moments, calendars), each) for each in possible]
        window, strictest = min(counted, key=lambda each: _lateness(each[0]))
        return self._strictest[strictest], window, tuple(waits)


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
