"""An edition: one whole agreed document, as it was written, ready to be asked.

Nothing is inherited between editions or regions; what two editions share stands in
both, as on the paper. These classes hold what a file said after it was checked
(`edition_file` reads it); they decide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from pathlib import Path

from rules.arrangement import Channel, Fallback, FormerName, MainContact, Sheet, Stage, Tier
from rules.condition import ALWAYS, Condition
from rules.due import Due
from rules.facts import Fact, Facts, Vocabulary
from rules.kinds import Concern, Coordination, HandoffKind, Party, Recipient, Strength
from rules.moments import Moments
from rules.wording import without_repeats


@dataclass(frozen=True)
class EditionRef:
    """Which document a decision was made under; enough to find it again years later.

    in_force: None for a reference edition whose day is not known. digest: SHA-256 of the
    file's bytes, in hexadecimal.
    """

    region: str
    in_force: date | None
    title: str
    digest: str


@dataclass(frozen=True)
class Source:
    """The published document that an edition restates."""

    title: str
    url: str


@dataclass(frozen=True)
class Clause:
    """A criterion, or an exclusion: its words, its condition and where the paper says so.

    line: where it stands in the file, for messages. tier: of which tier a criterion is.
    region: of a clause that yields to another document, the region of that one.
    """

    id: str
    text: str
    condition: Condition
    source: str
    line: int
    tier: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class DueCase:
    """A due that stands in for the general one, for some people, admissions or discharges.

    condition: the people; it always holds where all are meant. days_left_below: only where
    fewer days than these are left when the discharge becomes known. admitted_from,
    admitted_until: the first and last admission day. text, source: the paper's words for
    this case, None where they are those of the handoff.
    """

    due: Due
    condition: Condition = ALWAYS
    days_left_below: int | None = None
    admitted_from: date | None = None
    admitted_until: date | None = None
    text: str | None = None
    source: str | None = None

    def speaks_of(self, moments: Moments) -> bool:
        """Whether the days of a stay are those of this case, whoever the person is."""
        if self.admitted_from is not None and moments.admitted_on < self.admitted_from:
            return False
        if self.admitted_until is not None and moments.admitted_on > self.admitted_until:
            return False
        if self.days_left_below is None:
            return True
        return moments.days_left is not None and moments.days_left < self.days_left_below


@dataclass(frozen=True)
class HandoffRule:
    """One thing that one party must pass to another where the condition holds.

    condition: what is written under `when`, joined with the row of a routing table, the
    tier and the stage, where there are such. desk: who it is on the receiver's side, where the
    paper names one of its own. due: the general one. cases: those that go before it, the
    first that fits. also_to: who gets it beside the receiver. follows: the
    handoff that comes before this one. fallbacks: who does it where the sender cannot.
    routed: the routing table that it is a row of.
    """

    id: str
    kind: HandoffKind
    sender: Party
    receiver: Party
    condition: Condition
    due: Due
    text: str
    source: str
    line: int
    cases: tuple[DueCase, ...] = ()
    strength: Strength = Strength.DUTY
    also_to: tuple[Recipient, ...] = ()
    follows: str | None = None
    fallbacks: tuple[Fallback, ...] = ()
    stage: Stage | None = None
    tier: Tier | None = None
    sheet: Sheet | None = None
    channels: tuple[Channel, ...] = ()
    routed: str | None = None
    desk: Recipient | None = None

    @property
    def receiver_label(self) -> str:
        """Who receives, in words."""
        return (self.desk or self.receiver).label


@dataclass(frozen=True)
class Unverified:
    """A part of the paper that could not be read: what it concerns, and for whom.

    condition: the people it concerns; it always holds where everybody is meant. An exclusion
    that was not read in full holds an answer back only for people who are named.
    """

    concern: Concern
    text: str
    condition: Condition
    line: int

    @property
    def forbids_not_required(self) -> bool:
        """Whether nobody it concerns may be told 不要."""
        return self.concern in (Concern.SCOPE, Concern.CRITERIA)

    @property
    def forbids_required(self) -> bool:
        """Whether nobody it names may be told 要: they may be excluded, nobody could read it."""
        return self.concern is Concern.EXCLUSIONS and self.condition != ALWAYS


@dataclass(frozen=True)
class Expectation:
    """What an example says will come out; None where it does not say."""

    coordination: Coordination
    because: tuple[str, ...] | None = None
    excluded_by: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    handoffs: tuple[str, ...] | None = None
    waiting: tuple[str, ...] | None = None
    due: Mapping[str, date | None] = field(default_factory=dict)
    tier: str | None = None
    stage: str | None = None
    consult: tuple[str, ...] | None = None
    yields_to: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Example:
    """One imagined patient with the answer that the paper gives."""

    name: str
    given: Facts
    moments: Moments
    closed: frozenset[date]
    expect: Expectation
    line: int
    closes: time | None = None


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of one region's rule. Two are the same only if they are one object.

    in_force: its first day; None for a reference edition that is never in force by
    itself. ends: its last day, only where the rule was abolished. partial: only parts of
    the paper could be read. out_of_scope: when the rule does not speak of a person at
    all, as an exclusion; None where it speaks of everybody. consult: when the parties must
    talk because several rules apply. yields_to: when another document goes before this
    one. formerly: earlier names; the region's id outlives them all.
    """

    file: Path
    digest: str
    region: str
    region_name: str
    in_force: date | None
    ends: date | None
    title: str
    source: Source
    partial: bool
    vocabulary: Vocabulary
    own_facts: tuple[Fact, ...]
    out_of_scope: Clause | None
    criteria: tuple[Clause, ...]
    exclusions: tuple[Clause, ...]
    handoffs: tuple[HandoffRule, ...]
    unverified: tuple[Unverified, ...]
    examples: tuple[Example, ...]
    tiers: tuple[Tier, ...] = ()
    stages: tuple[Stage, ...] = ()
    consult: tuple[Clause, ...] = ()
    yields_to: tuple[Clause, ...] = ()
    strength: Strength = Strength.DUTY
    sheets: tuple[Sheet, ...] = ()
    channels: tuple[Channel, ...] = ()
    main_contact: MainContact | None = None
    area: tuple[str, ...] = ()
    formerly: tuple[FormerName, ...] = ()

    @property
    def ref(self) -> EditionRef:
        """Name this edition for a record."""
        return EditionRef(self.region, self.in_force, self.title, self.digest)

    @cached_property
    def grounds_against(self) -> tuple[Clause, ...]:
        """Everything that takes a person out: being out of scope, then the exclusions."""
        scope = () if self.out_of_scope is None else (self.out_of_scope,)
        return (*scope, *self.exclusions)

    @cached_property
    def holding_back(self) -> tuple[Unverified, ...]:
        """The unverified parts for whose sake 不要 may not be said."""
        return tuple(part for part in self.unverified if part.forbids_not_required)

    @cached_property
    def unread_exclusions(self) -> tuple[Unverified, ...]:
        """The unverified parts for whose sake 要 may not be said."""
        return tuple(part for part in self.unverified if part.forbids_required)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that a decision asks about, each once, in order."""
        return without_repeats(
            (
                *(clause.condition for clause in (*self.criteria, *self.grounds_against)),
                *(rule.condition for rule in self.handoffs),
                *(case.condition for rule in self.handoffs for case in rule.cases),
                *(tier.condition for tier in self.tiers),
                *(stage.condition for stage in self.stages),
                *(clause.condition for clause in (*self.consult, *self.yields_to)),
                *(part.condition for part in (*self.holding_back, *self.unread_exclusions)),
            )
        )
