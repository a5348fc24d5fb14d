"""A closed month's figures as they were frozen: counts, words and all, read back from its close.

Nothing is counted here. What hospitals are called is today's decision of the council; everything
else is of the day of the close, also where the definition has changed since.
"""

from collections.abc import Mapping, Sequence

from handoffs.rates.counts import Counts, counts_of_json
from handoffs.rates.cuts import PAIR, UNASKED, CutBy, Labels, cuts_called, unasked_cuts
from handoffs.rates.figures import Measure
from handoffs.rates.in_words import in_words
from handoffs.rates.measured import cuts_of
from handoffs.rates.month_close import MonthClose
from handoffs.rates.shelf import ORDER, shelf

_WORDS_NOT_KEPT = "この月は、いまの版とは違う数え方で数えました。その文は残っていません。"


def frozen_measures(
    row: MonthClose, by: Sequence[CutBy], labels: Labels
) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """The three figures of the agreement, and the others, each as it was frozen."""
    measures = {
        name: _measure(
            row,
            name,
            kept,
            _splits(kept, by) or (_unasked(row, name) if name in ORDER else ()),
            labels,
        )
        for name, kept in row.figures.items()
        if isinstance(kept, Mapping)
    }
    first = tuple(measures[name] for name in ORDER if name in measures)
    return first, tuple(one for name, one in sorted(measures.items()) if name not in ORDER)


def frozen_measure(
    row: MonthClose, name: str, by: Sequence[CutBy], labels: Labels
) -> Measure | None:
    """One figure as it was frozen, split as asked; None where it was not frozen that way."""
    kept = row.figures.get(name)
    if not isinstance(kept, Mapping):
        return None
    asked = _splits(kept, by)
    if any(one.id not in kept["cuts"] for one in asked):
        return None
    return _measure(row, name, kept, asked or _unasked(row, name), labels)


def _splits(kept: Mapping[str, object], by: Sequence[CutBy]) -> Sequence[CutBy]:
    """The splits to show where some are asked for; of what both sides say, the pairs alone."""
    return (PAIR,) if by and kept.get("inside") else by


def _unasked(row: MonthClose, name: str) -> Sequence[CutBy]:
    """The splits that a figure stands with unasked, by today's definition."""
    today = {one.id: one for one in shelf().of_region(row.region, row.month)}.get(name)
    return unasked_cuts(today) if today else cuts_called(UNASKED)


def holds(row: MonthClose, by: Sequence[CutBy]) -> bool:
    """Whether every figure was frozen with these splits."""
    return all(
        isinstance(kept, Mapping) and all(one.id in kept["cuts"] for one in _splits(kept, by))
        for kept in row.figures.values()
    )


def _measure(
    row: MonthClose,
    name: str,
    kept: Mapping[str, object],
    by: Sequence[CutBy],
    labels: Labels,
) -> Measure:
    counts: Counts = counts_of_json(kept)
    today = {one.id: one for one in shelf().of_region(row.region, row.month)}.get(name)
    same = today if today and today.digest == counts.definition else None
    words = kept.get("words")
    if not isinstance(words, list | tuple) or not words:
        words = in_words(same) if same else (_WORDS_NOT_KEPT,)
    return Measure(
        id=name,
        label=str(kept.get("label") or (today.label if today else name)),
        definition=tuple(words),
        total=counts.total,
        cuts=cuts_of(counts, by, labels),
        beside=counts.beside,
        complement=str(kept.get("complement", today.complement if today else "")),
        spread=counts.spread,
        middle=counts.middle,
        digest=counts.definition,
        event=str(kept.get("event", today.event.value if today else "")),
        inside=bool(kept.get("inside", False)),
    )
