"""Which offices stand in which line of a survey's result, and which wait for each other.

The offices without a line of their own (`office_lines`) all wait until the survey is over: two
readings with one return between them would tell what that one said. Then they have a line for
those that answered and one for those that did not, each only where it is of two or more: what the
record counts of all of them together stands in the month's figures, and less the one line it
would be the other. Where one alone would be left on a side, some of those that answered wait
along with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoffs.rates.figures import Figure
from handoffs.rates.office_lines import OTHERS, WITHHELD

Pair = tuple[Figure, Figure | None]
"""What the record counts of an office, and what its survey says; None where it waits."""


@dataclass(frozen=True)
class Line:
    """The offices of one line. waits: their answers, as far as there are any, are not shown."""

    label: str
    pairs: tuple[Pair, ...]
    waits: bool = False


@dataclass(frozen=True)
class Lines:
    """The lines of a question, and whose answers are in its total; `note`: why there are none."""

    lines: tuple[Line, ...]
    answered: tuple[Pair, ...]
    note: str = ""


def lines_of(rows: Mapping[int, Pair], labels: Mapping[int, str], *, over: bool) -> Lines:
    """The lines in the order of the labels, those without a line of their own last.

    over: no more answers are taken. Where the record has cases of only one of those without a
    line, there are no lines and no total at all, as in the month's figures.
    """
    named = [
        Line(label, (rows[office],), waits=rows[office][1] is None)
        for office, label in labels.items()
        if label != OTHERS and office in rows
    ]
    others = [
        (system, survey if over else None)
        for office, (system, survey) in rows.items()
        if labels.get(office, OTHERS) == OTHERS
    ]
    if _systems(others) == 1:
        return Lines((), (), WITHHELD)
    lines = (*named, *_together(others))
    return Lines(lines, tuple(pair for line in lines if not line.waits for pair in line.pairs))


def _together(rows: Sequence[Pair]) -> tuple[Line, ...]:
    """Those without a line of their own, who answered and who did not."""
    back = [row for row in rows if row[1] is not None]
    silent = [row for row in rows if row[1] is None]
    for kept in range(len(back), -1, -1):
        answered, waiting = back[:kept], [*back[kept:], *silent]
        if _fits(answered) and _fits([(system, None) for system, _ in waiting]):
            lines = Line(OTHERS, tuple(answered)), Line(OTHERS, tuple(waiting), waits=True)
            return tuple(line for line in lines if line.pairs)
    return ()


def _systems(rows: Sequence[Pair]) -> int:
    return sum(bool(system.of) for system, _ in rows)


def _fits(rows: Sequence[Pair]) -> bool:
    """Whether no count of these is of a single office."""
    surveys = sum(bool(survey and survey.of) for _, survey in rows)
    return _systems(rows) != 1 and surveys != 1
