"""Read condition trees over columns: which conditions hold, or could hold, in each row.

The trees are those of the edition (`condition`), read here for many rows at once; the
engine reads the same ones for one patient. Everything is comparing and joining
columns of bytes, so that the cost of a row is that of its distinct leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rules.columns.stays import UNKNOWN_CODE, Codes, codes_of
from rules.condition import All, Condition, Leaf
from rules.facts import Vocabulary

Marks = npt.NDArray[np.bool_]


class Truths(NamedTuple):
    """Where a condition holds, and where it holds or could still hold."""

    met: Marks
    could: Marks

    @property
    def codes(self) -> Codes:
        """Code a truth as one byte: 0 cannot hold, 1 open, 2 met."""
        return self.met.view(np.uint8) + self.could.view(np.uint8)


@dataclass(frozen=True)
class _Runs:
    """A leaf, as runs of neighbouring codes: (first code, how many follow)."""

    fact: str
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Joined:
    """At least `needed` of the parts, each named by its step with how often it counts."""

    needed: int
    parts: tuple[tuple[int, int], ...]


class ColumnConditions:
    """The conditions of an edition as steps, each distinct part once."""

    def __init__(self, conditions: tuple[Condition, ...], vocabulary: Vocabulary) -> None:
        """Compile conditions; FactError for a fact with more values than a byte holds."""
        self._vocabulary = vocabulary
        self._steps: list[_Runs | _Joined] = []
        self._places: dict[Condition, int] = {}
        self._wanted = {condition: self._place(condition) for condition in conditions}

    def truths(self, facts: Mapping[str, Codes], rows: int) -> dict[Condition, Truths]:
        """Read every condition in every row."""
        never, always = np.zeros(rows, dtype=np.bool_), np.ones(rows, dtype=np.bool_)
        unasked = Truths(never, always)
        asked = {step.fact for step in self._steps if isinstance(step, _Runs)}
        unknown = {fact: facts[fact] == UNKNOWN_CODE for fact in asked if fact in facts}
        found: list[Truths] = []
        for step in self._steps:
            if isinstance(step, _Joined):
                parts = [(found[place], times) for place, times in step.parts]
                found.append(_joined(step.needed, parts, rows))
            elif step.fact not in facts:
                found.append(unasked)
            else:
                met = _in_runs(facts[step.fact], step.runs)
                found.append(Truths(met, met | unknown[step.fact]))
        return {condition: found[place] for condition, place in self._wanted.items()}

    def _place(self, condition: Condition) -> int:
        """Find the step of a condition, and compile it the first time."""
        known = self._places.get(condition)
        if known is None:
            self._steps.append(self._step(condition))
            known = self._places[condition] = len(self._steps) - 1
        return known

    def _step(self, condition: Condition) -> _Runs | _Joined:
        """Compile one condition after its parts."""
        if isinstance(condition, Leaf):
            codes = codes_of(self._vocabulary[condition.fact])
            return _Runs(condition.fact, _runs(codes[value] for value in condition.allowed))
        needed = len(condition.parts) if isinstance(condition, All) else condition.count
        times = Counter(self._place(part) for part in condition.parts)
        return _Joined(needed, tuple(times.items()))


def _runs(codes: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Gather codes into runs of neighbours; levels are mostly listed in their order."""
    ordered = sorted(codes)
    groups = groupby(enumerate(ordered), key=lambda each: each[1] - each[0])
    runs = [[code for _, code in group] for _, group in groups]
    return tuple((run[0], len(run) - 1) for run in runs)


def _in_runs(codes: Codes, runs: tuple[tuple[int, int], ...]) -> Marks:
    """Mark the rows whose code lies in one of the runs.

    One subtraction and one comparison find a run, because bytes below its first code
    wrap round to large ones.
    """
    marks: Marks | None = None
    for first, more in runs:
        each = (codes - np.uint8(first)) <= np.uint8(more) if more else codes == np.uint8(first)
        marks = each if marks is None else np.logical_or(marks, each, out=marks)
    return np.zeros(len(codes), dtype=np.bool_) if marks is None else marks


def _joined(needed: int, parts: list[tuple[Truths, int]], rows: int) -> Truths:
    """Join parts as `weigh` does: enough that hold, or enough that still could."""
    met = _enough(needed, [(part.met, times) for part, times in parts], rows)
    could = _enough(needed, [(part.could, times) for part, times in parts], rows)
    return Truths(met, could)


def _enough(needed: int, parts: list[tuple[Marks, int]], rows: int) -> Marks:
    """Mark the rows where at least `needed` of the parts are marked."""
    total = sum(times for _, times in parts)
    if needed <= 0 or total < needed:
        return np.full(rows, needed <= 0)
    if needed in (1, total):
        join = np.logical_or if needed == 1 else np.logical_and
        joined = parts[0][0]
        for place, (marks, _) in enumerate(parts[1:]):
            joined = join(joined, marks, out=joined if place else None)
        return joined
    count = np.zeros(rows, dtype=np.uint16)
    for marks, times in parts:
        count += marks.astype(np.uint16) * np.uint16(times)
    enough: Marks = count >= np.uint16(needed)
    return enough
