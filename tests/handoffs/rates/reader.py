"""A reader who has everything that was published, and knows what the definitions mean.

Every count is a sum over kinds of cases (an atom is a set of counts that the same cases enter).
What a reader knows is the span of the published sums; a count can be worked out exactly if its
own sum lies in that span. Knows nothing of how the product hides: only what stands in the tables.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handoffs.rates.cases import Case
from handoffs.rates.coordination import Contact
from handoffs.rates.cuts import Labels, unasked_cuts
from handoffs.rates.definition import Asked, Counted, Definition, Event
from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Figure, Measure, MonthlyRates
from handoffs.rates.shelf import ORDER
from handoffs.rates.spread import spread_of
from handoffs.rates.tally import LEFT_OUT, Outcome, left_out, outcome_of

REST = "rest"
PARTS = (COUNTED, UNKNOWN, REST)
Cell = tuple[str, ...]
"""The measure, where in it (total, a split and its line, beside, spread), and the part."""

NOTHING = 1e-5

Known = dict[frozenset[Cell], int]
"""Published sums of cells with their values."""


def cells_of(definition: Definition, case: Case) -> frozenset[Cell]:
    """Every count of one figure that a case enters."""
    name = definition.id
    out = next((label for label, holds in left_out(definition) if holds(case)), None)
    if out is not None:
        return frozenset({(name, "beside", LEFT_OUT + out)})
    outcome = outcome_of(definition)(case)
    wanted = Outcome.MET if definition.counted is Counted.MET else Outcome.NOT_MET
    part = UNKNOWN if outcome is Outcome.UNKNOWN else COUNTED if outcome is wanted else REST
    found: set[Cell] = {(name, "total", "", part)}
    cuts = unasked_cuts(definition) if name in ORDER else ()
    found |= {(name, "cut", cut.id, cut.key(case), part) for cut in cuts}
    if definition.asked is Asked.CONTACT:
        found.add((name, "beside", case.contact.label))
    groups, _ = spread_of(definition, [case])
    found |= {(name, "spread", label) for label, number in groups if number}
    return frozenset(found)


def told_by(measures: Sequence[Measure]) -> Known:
    """What stands in published figures, as sums of cells."""
    known: Known = {}
    for measure in measures:
        _figure(known, (measure.id, "total", ""), measure.total)
        for cut in measure.cuts:
            for row in cut.rows:
                _figure(known, (measure.id, "cut", cut.id, row.key), row.figure)
        for label, number in measure.beside:
            if label.startswith(LEFT_OUT) or label in {c.label for c in Contact}:
                known[frozenset({(measure.id, "beside", label)})] = number
        for label, number in measure.spread:
            known[frozenset({(measure.id, "spread", label)})] = number
    return known


def _figure(known: Known, at: Cell, figure: Figure) -> None:
    parts = {part: (*at, part) for part in PARTS}
    if OF not in figure.hidden:
        known[frozenset(parts.values())] = figure.of
    if COUNTED not in figure.hidden:
        known[frozenset({parts[COUNTED]})] = figure.counted
    if UNKNOWN not in figure.hidden:
        known[frozenset({parts[UNKNOWN]})] = figure.unknown


class Reader:
    """The kinds of cases that there can be, by the counts that each enters."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        possible: Mapping[Event, Sequence[Case]],
    ) -> None:
        """Look at every case that can occur."""
        self.definitions = definitions
        atoms: dict[tuple[Event, frozenset[Cell]], int] = {}
        for event, cases in possible.items():
            for case in cases:
                atoms.setdefault((event, self._cells(event, case)), len(atoms))
        self.width = len(atoms)
        self._places: dict[Cell, list[int]] = {}
        for (_, cells), place in atoms.items():
            for cell in cells:
                self._places.setdefault(cell, []).append(place)

    def _cells(self, event: Event, case: Case) -> frozenset[Cell]:
        mine = (d for d in self.definitions if d.event is event)
        return frozenset().union(*(cells_of(d, case) for d in mine))

    def truth(self, cases: Mapping[Event, Sequence[Case]]) -> dict[Cell, int]:
        """How many cases really are in each cell."""
        counts: dict[Cell, int] = {}
        for event, those in cases.items():
            for case in those:
                for cell in self._cells(event, case):
                    counts[cell] = counts.get(cell, 0) + 1
        return counts

    def _sum(self, cells: frozenset[Cell]) -> np.ndarray:
        row = np.zeros(self.width)
        for cell in cells:
            row[self._places.get(cell, [])] += 1
        return row

    def can_work_out(
        self, known: Known, wanted: Sequence[Cell], more: np.ndarray | None = None
    ) -> list[Cell]:
        """Those of the wanted cells whose count follows from what is known, with `more` rows."""
        basis = self._basis(known, more)
        targets = np.array([self._sum(frozenset({cell})) for cell in wanted])
        left = targets - targets @ basis.T @ basis
        return [
            cell
            for cell, rest, target in zip(wanted, left, targets, strict=True)
            if target.any() and np.abs(rest).max() < NOTHING
        ]

    def _basis(self, known: Known, more: np.ndarray | None = None) -> np.ndarray:
        """An orthonormal basis of the span of known sums, by the small square of their products."""
        rows = np.array([self._sum(cells) for cells in known])
        if more is not None and len(more):
            rows = np.vstack([rows, more])
        sizes, turned = np.linalg.eigh(rows @ rows.T)
        real = sizes > 1e-9 * sizes[-1]
        basis: np.ndarray = (turned[:, real] / np.sqrt(sizes[real])).T @ rows
        return basis

    def with_sums(
        self,
        known: Sequence[Known],
        sums: Sequence[tuple[frozenset[int], frozenset[Cell]]],
        wanted: Sequence[Sequence[Cell]],
    ) -> list[tuple[int, Cell]]:
        """The wanted cells of each month that follow from all months and from sums over some.

        sums: over which months, and of which cells. A sum says something of one month where what
        it holds of the others is known of them: combinations are sought whose part in every
        other month lies in what that month's own publications tell.
        """
        every = np.array([self._sum(cells) for _, cells in sums])
        parts = [
            every * np.array([[number in months] for months, _ in sums])
            for number in range(len(known))
        ]
        squares = []
        for part, of_month in zip(parts, known, strict=True):
            basis = self._basis(of_month)
            left = part - part @ basis.T @ basis
            squares.append(left @ left.T)
        found = []
        for number, (of_month, cells) in enumerate(zip(known, wanted, strict=True)):
            if not cells:
                continue
            others = sum(square for place, square in enumerate(squares) if place != number)
            sizes, turned = np.linalg.eigh(others)
            free = turned[:, sizes < 1e-9 * max(1.0, sizes[-1])].T
            worked_out = self.can_work_out(of_month, cells, free @ parts[number])
            found += [(number, cell) for cell in worked_out]
        return found


Publish = Callable[[MonthlyRates], MonthlyRates]


def labels_for(hospitals: int) -> Labels:
    """Names for hospitals from 1 on."""
    return Labels({str(n): f"病院{n}" for n in range(1, hospitals + 1)}, {})
