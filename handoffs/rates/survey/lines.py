"""Which offices stand in which line of a survey's result, and which wait for each other.

The offices without a line of their own (`office_lines`) all wait until the survey is over: two
readings with one return between them would tell what that one said. Then it is chosen once whose
answers are told, and kept with the survey (`settling`): of two or more, and two or more are left,
since what the record counts of all of them together stands in the month's figures. Where one
alone would be left on a side, some of those that answered wait along with it.
"""

from collections.abc import Collection, Mapping, Sequence
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


def lines_of(
    rows: Mapping[int, Pair], labels: Mapping[int, str], told: Collection[int] | None
) -> Lines:
    """The lines in the order of the labels, those without a line of their own last.

    told: those of them whose answers are told, None before it is chosen. Where the record has
    cases of only one of them, there are no lines and no total at all, as in the month's figures.
    """
    named = [
        Line(label, (rows[office],), waits=rows[office][1] is None)
        for office, label in labels.items()
        if label != OTHERS and office in rows
    ]
    others = {office: row for office, row in rows.items() if _is_other(office, labels)}
    if _systems(list(others.values())) == 1:
        return Lines((), (), WITHHELD)
    lines = (*named, *_together(others, told or ()))
    return Lines(lines, tuple(pair for line in lines if not line.waits for pair in line.pairs))


def told_of(tables: Sequence[Mapping[int, Pair]], labels: Mapping[int, str]) -> tuple[int, ...]:
    """Choose whose answers are told, by the rows of every question of a survey that is over."""
    others = sorted({id_ for rows in tables for id_ in rows if _is_other(id_, labels)})
    back = [id_ for id_ in others if any(rows[id_][1] is not None for rows in tables)]
    for kept in range(len(back), 0, -1):
        told = tuple(back[:kept])
        if all(_is_fit({id_: rows[id_] for id_ in others}, told) for rows in tables):
            return told
    return ()


def _is_other(office: int, labels: Mapping[int, str]) -> bool:
    return labels.get(office, OTHERS) == OTHERS


def _together(others: Mapping[int, Pair], told: Collection[int]) -> tuple[Line, ...]:
    """Those without a line of their own: whose answers are told, and everybody else."""
    if not _is_fit(others, told):
        told = ()  # A case went away meanwhile, and one alone would be left.
    answered = tuple(row for id_, row in others.items() if id_ in told)
    waiting = tuple((system, None) for id_, (system, _) in others.items() if id_ not in told)
    lines = Line(OTHERS, answered), Line(OTHERS, waiting, waits=True)
    return tuple(line for line in lines if line.pairs)


def _is_fit(others: Mapping[int, Pair], told: Collection[int]) -> bool:
    """Whether no count on either side is of a single office."""
    answered = [row for id_, row in others.items() if id_ in told]
    surveys = sum(bool(survey and survey.of) for _, survey in answered)
    rest = [row for id_, row in others.items() if id_ not in told]
    return surveys != 1 and _systems(answered) != 1 and _systems(rest) != 1


def _systems(rows: Sequence[Pair]) -> int:
    return sum(bool(system.of) for system, _ in rows)
