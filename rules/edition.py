"""An edition: one whole agreed document, as it was written, ready to be asked.

Nothing is inherited between editions or regions; what two editions share stands in
both, as on the paper. These classes hold what a file said after it was checked
(`edition_file` reads it); they decide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from rules.condition import Condition
from rules.due import Due
from rules.facts import Fact, Facts, Vocabulary
from rules.kinds import Concern, Coordination, HandoffKind, Party
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

    line: where it stands in the file, for messages.
    """

    id: str
    text: str
    condition: Condition
    source: str
    line: int


@dataclass(frozen=True)
class HandoffRule:
    """One thing that one party must pass to another where the condition holds."""

    id: str
    kind: HandoffKind
    sender: Party
    receiver: Party
    condition: Condition
    due: Due
    text: str
    source: str
    line: int


@dataclass(frozen=True)
class Unverified:
    """A part of the paper that could not be read: what it concerns, and for whom.

    condition: the people it concerns; it always holds where everybody is meant.
    """

    concern: Concern
    text: str
    condition: Condition
    line: int

    @property
    def forbids_not_required(self) -> bool:
        """Whether nobody it concerns may be told 不要."""
        return self.concern in (Concern.SCOPE, Concern.CRITERIA)


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


@dataclass(frozen=True)
class Example:
    """One imagined patient with the answer that the paper gives."""

    name: str
    given: Facts
    moments: Moments
    closed: frozenset[date]
    expect: Expectation
    line: int


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of one region's rule. Two are the same only if they are one object.

    in_force: its first day; None for a reference edition that is never in force by
    itself. ends: its last day, only where the rule was abolished. partial: only parts of
    the paper could be read. out_of_scope: when the rule does not speak of a person at
    all, as an exclusion; None where it speaks of everybody.
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
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that a decision asks about, each once, in order."""
        return without_repeats(
            (
                *(clause.condition for clause in (*self.criteria, *self.grounds_against)),
                *(rule.condition for rule in self.handoffs),
                *(part.condition for part in self.holding_back),
            )
        )
