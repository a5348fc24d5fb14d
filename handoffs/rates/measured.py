"""A figure with its words: counts, the names of their lines, and the definition in sentences.

The same for what was counted just now, what was kept, and what was frozen at a close, so that
page, command, sheet and files cannot differ. Counts nothing itself.
"""

from collections.abc import Mapping, Sequence

from handoffs.rates.counts import Counts
from handoffs.rates.cuts import CutBy, Labels
from handoffs.rates.definition import Definition, SeenBy
from handoffs.rates.figures import Cut, Figure, Measure, Row
from handoffs.rates.in_words import in_words
from handoffs.rates.office_lines import OTHERS, WITHHELD, tells_of_one
from handoffs.rates.tally import Sorted, counts_of

NOBODY = Figure(0, 0)


def count(definition: Definition, cases: Sorted, by: Sequence[CutBy], labels: Labels) -> Measure:
    """Count one definition over cases, cut as asked, with everybody else beside it."""
    return measured(definition, counts_of(definition, cases, by), by, labels)


def measured(
    definition: Definition, counts: Counts, by: Sequence[CutBy], labels: Labels
) -> Measure:
    """Put the words to counts. A split that was not counted is left out."""
    return Measure(
        id=definition.id,
        label=definition.label,
        definition=in_words(definition),
        total=counts.total,
        cuts=cuts_of(counts, by, labels),
        beside=counts.beside,
        complement=definition.complement,
        spread=counts.spread,
        middle=counts.middle,
        digest=definition.digest,
        event=definition.event.value,
        inside=definition.seen_by is SeenBy.BOTH_SIDES,
    )


def cuts_of(counts: Counts, by: Sequence[CutBy], labels: Labels) -> tuple[Cut, ...]:
    """The splits that were counted and are asked for, with the names of their lines."""
    return tuple(_cut(one, counts.cuts[one.id], labels) for one in by if one.id in counts.cuts)


def added(figures: Sequence[Figure]) -> Figure:
    """The counts of several figures together."""
    return Figure(
        sum(one.counted for one in figures),
        sum(one.of for one in figures),
        sum(one.unknown for one in figures),
    )


def _cut(by: CutBy, lines: Mapping[str, Figure], labels: Labels) -> Cut:
    rows = [Row(label, lines.get(key, NOBODY), key) for key, label in by.rows(labels, lines.keys())]
    if by.merges:
        if labels.no_offices:
            return Cut(by.label, (), by.id, labels.no_offices)
        if tells_of_one([row.key for row in rows if OTHERS in row.label and row.figure.of]):
            return Cut(by.label, (), by.id, WITHHELD)
        rows = _merged(rows)
    if by.largest_first:
        rows.sort(key=lambda row: -row.figure.counted)
    if by.rest:
        rows = _rest_together(rows, by.rest)
    return Cut(by.label, tuple(rows), by.id)


def _rest_together(rows: Sequence[Row], label: str) -> list[Row]:
    """Make one last line of those in which nothing is counted."""
    shown = [row for row in rows if row.figure.counted]
    rest = [row.figure for row in rows if not row.figure.counted]
    return [*shown, Row(f"{label}（{len(rest)}組）", added(rest), label)] if rest else shown


def _merged(rows: Sequence[Row]) -> list[Row]:
    """Make one line of those that are called the same."""
    lines: dict[str, Row] = {}
    for row in rows:
        one, other = lines.get(row.label, Row(row.label, NOBODY, row.label)), row.figure
        known = one.figure
        lines[row.label] = Row(
            row.label,
            added((known, other)),
            one.key,
        )
    return list(lines.values())
