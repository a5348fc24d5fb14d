"""Decide for many stays at once, exactly as `decide` does for one.

The condition tree of an edition, which the engine gets rule by rule, is compiled to
columns here. The answer, the clauses that hold or are open, the handoffs and their days
are the same as `decide` gives, and tests hold the two to that. Words, reasons and missing
facts are not laid out for millions; ask `decide` about one row for those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rules.columns.dues import DayTables, DueColumns, Windows
from rules.columns.stays import NO_DAY, Codes, Days, StayColumns
from rules.columns.truths import ColumnConditions, Marks, Truths
from rules.condition import ALWAYS, Condition
from rules.edition import Clause, DueCase, Edition, HandoffRule
from rules.kinds import Coordination, Standing, Truth

# What the bytes of the answers mean, in order.
COORDINATIONS = (Coordination.NOT_REQUIRED, Coordination.UNDETERMINED, Coordination.REQUIRED)
STANDINGS = (None, Standing.UNDETERMINED, Standing.REQUIRED)
TRUTHS = (Truth.CLOSED, Truth.OPEN, Truth.MET)
# Small enough for the processor's nearest memory, large enough that Python does not count.
ROWS_AT_ONCE = 65_536

ConditionTruths = Mapping[Condition, Truths]


@dataclass(frozen=True)
class HandoffColumns:
    """One handoff in each row: its standing (a place in STANDINGS) and its days, or NO_DAY."""

    standing: Codes
    due: Days
    preferred: Days
    window_from: Days


@dataclass(frozen=True)
class DecisionColumns:
    """The answers for many stays.

    coordination: a place in COORDINATIONS. criteria, against: by clause id a place in
    TRUTHS; `against` holds being out of scope and the exclusions. handoffs: by rule id.
    """

    coordination: Codes
    criteria: Mapping[str, Codes]
    against: Mapping[str, Codes]
    handoffs: Mapping[str, HandoffColumns]


class ColumnEdition:
    """One edition, compiled to columns; holds no stay and can be shared."""

    def __init__(self, edition: Edition) -> None:
        """Compile an edition; FactError for a fact with more values than a byte holds."""
        self.edition = edition
        self._conditions = ColumnConditions((*edition.conditions, ALWAYS), edition.vocabulary)

    def decide(self, stays: StayColumns, tables: DayTables | None = None) -> DecisionColumns:
        """Decide every row at once; for very many rows take them from `decided_in_parts`.

        `tables` must cover the stays; without them they are made. Raises CalendarError for a
        calendar that no due can be counted by.
        """
        rows = len(stays)
        truths = self._conditions.truths(stays.facts, rows)
        coordination = self._coordination(truths, rows)
        dues = DueColumns(stays, tables or DayTables.covering(stays))
        return DecisionColumns(
            coordination,
            _clauses(self.edition.criteria, truths),
            _clauses(self.edition.grounds_against, truths),
            {
                rule.id: _handoff(rule, coordination, truths, stays, dues)
                for rule in self.edition.handoffs
            },
        )

    def decided_in_parts(
        self, stays: StayColumns, tables: DayTables | None = None, rows: int = ROWS_AT_ONCE
    ) -> Iterator[tuple[StayColumns, DecisionColumns]]:
        """Decide part after part, so that memory does not grow with the number of stays."""
        tables = tables or DayTables.covering(stays)
        for start in range(0, len(stays), rows):
            part = stays.part(start, start + rows)
            yield part, self.decide(part, tables)

    def _coordination(self, truths: ConditionTruths, rows: int) -> Codes:
        """Weigh criteria, exclusions and what is unread against each other, as `decide` does."""
        edition = self.edition
        criteria = _any([truths[each.condition] for each in edition.criteria], rows)
        against = _any([truths[each.condition] for each in edition.grounds_against], rows)
        unread = _any([truths[part.condition] for part in edition.holding_back], rows).could
        doubtful = _any([truths[part.condition] for part in edition.unread_exclusions], rows).could
        spoken_against = against.met | ~criteria.could
        required = criteria.met & ~against.could & ~doubtful
        not_required = spoken_against & ~unread
        # A criterion that holds with nothing open against it is never spoken against.
        return np.uint8(1) + required.view(np.uint8) - not_required.view(np.uint8)


def _any(truths: list[Truths], rows: int) -> Truths:
    """Mark where any of these conditions holds, and where any could."""
    met, could = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    for each in truths:
        met |= each.met
        could |= each.could
    return Truths(met, could)


def _clauses(clauses: tuple[Clause, ...], truths: ConditionTruths) -> dict[str, Codes]:
    """Lay out how each clause stands."""
    return {clause.id: truths[clause.condition].codes for clause in clauses}


def _handoff(
    rule: HandoffRule,
    coordination: Codes,
    truths: ConditionTruths,
    stays: StayColumns,
    dues: DueColumns,
) -> HandoffColumns:
    """Lay out one handoff: owed only where the answer and its own condition are."""
    own = truths[rule.condition]
    comes = (coordination != COORDINATIONS.index(Coordination.NOT_REQUIRED)) & own.could
    owed = (coordination == COORDINATIONS.index(Coordination.REQUIRED)) & own.met
    window = _chosen(rule, truths, stays, dues).only(comes)
    standing = comes.view(np.uint8) + owed.view(np.uint8)
    return HandoffColumns(standing, window.latest, window.preferred, window.opens)


def _chosen(
    rule: HandoffRule, truths: ConditionTruths, stays: StayColumns, dues: DueColumns
) -> Windows:
    """Choose the first case that fits; while an earlier one still could, the strictest of them."""
    if not rule.cases:
        return dues.windows(rule.due)
    rows = len(stays)
    chosen = Windows(*(np.full(rows, NO_DAY, dtype=np.int32) for _ in Windows._fields))
    undecided, found = np.ones(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    for case in (*rule.cases, DueCase(rule.due)):
        truth = truths[case.condition]
        fits = undecided & truth.could & _speaks_of(case, stays)
        window = dues.windows(case.due)
        better = fits & (~found | _is_earlier(window, chosen))
        chosen = Windows(
            *(np.where(better, new, old) for new, old in zip(window, chosen, strict=True))
        )
        found |= fits
        undecided &= ~(fits & truth.met)
    return chosen


def _speaks_of(case: DueCase, stays: StayColumns) -> Marks:
    """Mark the rows whose days are those of this case, whoever the person is."""
    marks = np.ones(len(stays), dtype=np.bool_)
    admitted = stays.admitted_on
    if case.admitted_from is not None:
        marks &= admitted >= np.datetime64(case.admitted_from, "D").astype(np.int32)
    if case.admitted_until is not None:
        marks &= admitted <= np.datetime64(case.admitted_until, "D").astype(np.int32)
    if case.days_left_below is not None:
        marks &= stays.days_left < case.days_left_below
    return marks


def _is_earlier(window: Windows, than: Windows) -> Marks:
    """Mark where a window is stricter: by its last day, then by the day the paper prefers."""
    sooner = window.latest < than.latest
    earlier: Marks = sooner | ((window.latest == than.latest) & (window.preferred < than.preferred))
    return earlier
