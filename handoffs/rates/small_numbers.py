"""Take out of a month's figures what is too small to leave the health centre.

Every count from one to nine is taken out, and further ones with it, so that none can be worked
out from the totals (docs/decisions/0008). What was taken out is not in the result at all: a
hidden count stands there as nothing, and its name stands in `hidden`. Zero is no small number.

Leaving are the three figures with the four splits that nobody has to ask for, and the totals of
the others. No two of those splits contain each other; the finer ones, which do (要介護度 within
要介護・要支援), stay on the screen. Splits leave only once a month is closed: a line of 速報 beside
the same line of 確定 would tell of the few who came in between. A month that closed again shows
of a split what cannot be set against its earlier close (`again`).
tests/handoffs/rates/test_small_numbers.py and test_taken_together.py hold this against
arithmetic of their own.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from handoffs.rates.coordination import Contact
from handoffs.rates.cuts import UNASKED
from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Cut, Figure, Measure, MonthlyRates, Row
from handoffs.rates.published_again import hidden_before, tells_of_few
from handoffs.rates.smallness import LEAST, PARTS, REST, is_small, parts_of
from handoffs.rates.tally import LEFT_OUT


def to_publish(rates: MonthlyRates, before: Sequence[MonthlyRates] = ()) -> MonthlyRates:
    """The same month without what is too small; with the four splits at most.

    `before` is what was published of its earlier closes.
    """
    measures, others = [], []
    shown: list[Measure] = []
    for measure in rates.measures:
        one = _protected(measure, shown, whole=True)
        cuts = () if rates.provisional else _splits(one, measure, before)
        measures.append(replace(one, cuts=cuts))
        shown.append(measure)
    for measure in rates.others:
        if measure.inside:
            continue
        others.append(_protected(measure, shown, whole=False))
        shown.append(measure)
    return replace(
        rates,
        measures=tuple(measures),
        others=tuple(others),
        trend=tuple((month, _shown(figure, _hidden_of(figure))) for month, figure in rates.trend),
    )


def _splits(one: Measure, measure: Measure, before: Sequence[MonthlyRates]) -> tuple[Cut, ...]:
    """The four splits of a figure whose whole is shown, without their small lines."""
    if OF in one.total.hidden:
        return ()
    found = []
    for cut in measure.cuts:
        if cut.id in UNASKED:
            shown = _cut(cut, hidden_before(measure.id, cut, before))
            if shown is not None and not tells_of_few(measure.id, cut, shown, before):
                found.append(shown)
    return tuple(found)


def _has_small(figure: Figure) -> bool:
    return is_small(figure.of) or any(map(is_small, parts_of(figure).values()))


def _hidden_of(figure: Figure) -> frozenset[str]:
    """Which counts of a total have to go: the small ones, and others that would give them away."""
    if is_small(figure.of):
        return frozenset({OF, *PARTS})
    parts = parts_of(figure)
    hidden = {name for name, count in parts.items() if is_small(count)}
    # The largest goes along: with a small one, the two together would be small again.
    while hidden and (len(hidden) < 2 or sum(parts[name] for name in hidden) < LEAST):  # noqa: PLR2004 - a pair.
        others = [name for name in PARTS if name not in hidden]
        if not others:
            break
        hidden.add(max(others, key=lambda name: parts[name]))
    return frozenset(hidden)


def _shown(figure: Figure, hidden: frozenset[str]) -> Figure:
    """The figure with the hidden counts gone."""
    if not hidden:
        return figure
    return Figure(
        counted=0 if COUNTED in hidden else figure.counted,
        of=0 if OF in hidden else figure.of,
        unknown=0 if UNKNOWN in hidden else figure.unknown,
        hidden=hidden,
    )


def _protected(measure: Measure, shown: Sequence[Measure], *, whole: bool) -> Measure:
    hidden = _hidden_of(measure.total)
    if any(
        _gives_away(measure, other) or (not whole and _parts_give_away(measure, other))
        for other in shown
    ):
        hidden = frozenset({OF, *PARTS})
    beside = _beside(measure, hidden) if whole and OF not in hidden else ()
    return replace(
        measure,
        total=_shown(measure.total, hidden),
        cuts=(),
        beside=beside,
        beside_hidden=len(beside) < len(measure.beside),
        spread=() if hidden else _spread(measure),
        middle="" if hidden else measure.middle,
    )


def _gives_away(measure: Measure, other: Measure) -> bool:
    """Whether two totals side by side leave a small count between them.

    Figures of one event nest: whoever is in the smaller whole, or in the smaller numerator of
    the same whole, is in the larger one too.
    """
    if measure.event != other.event:
        return False
    one, two = measure.total, other.total
    if is_small(abs(one.of - two.of)):
        return True
    return one.of == two.of and is_small(abs(one.counted - two.counted))


def _parts_give_away(measure: Measure, other: Measure) -> bool:
    """Whether a part of one total, beside a part of another, leaves a small count between them.

    The definitions say which parts nest: who is unknown to 退院前の会議 is a part of who is unknown
    to もれ, and the difference is 双方の記録が食い違う. Any two parts that are close count as such,
    and a part that is hidden must not be told by one that is equal to it.
    """
    if measure.event != other.event:
        return False
    hidden = _hidden_of(other.total)
    return any(
        one and two and (is_small(abs(one - two)) or (one == two and name in hidden))
        for name, two in parts_of(other.total).items()
        for one in parts_of(measure.total).values()
    )


def _cut(cut: Cut, already: AbstractSet[str] = frozenset()) -> Cut | None:
    """Hide whole lines: the small ones, and others until there are two and ten cases in them.

    already: the lines that were hidden when the month was published before.
    """
    lines = {place: row.figure for place, row in enumerate(cut.rows) if row.figure.of}
    hidden = {
        place
        for place, figure in lines.items()
        if _has_small(figure) or cut.rows[place].key in already
    }
    while hidden and (len(hidden) < 2 or sum(lines[p].of for p in hidden) < LEAST):  # noqa: PLR2004 - a pair.
        others = [place for place in lines if place not in hidden]
        if not others:
            break
        hidden.add(min(others, key=lambda place: lines[place].of))
    if len(hidden) == 1:
        return None  # The one line is the whole, which shows more than a line may.
    every = frozenset({OF, *PARTS})
    return replace(
        cut,
        rows=tuple(
            Row(row.label, _shown(row.figure, every if place in hidden else frozenset()), row.key)
            for place, row in enumerate(cut.rows)
        ),
    )


_STATES = {
    COUNTED: {Contact.NONE.label, Contact.THROUGH_FAMILY.label},
    UNKNOWN: {Contact.CONTRADICTED.label, Contact.UNKNOWN.label},
    REST: {Contact.AGREED.label, Contact.HOSPITAL_ONLY.label, Contact.OFFICE_ONLY.label},
}
"""Which states of the contact make up which count of the first figure."""


def _beside(measure: Measure, hidden: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """The counts beside a figure that may stand there; left out all together where one is small."""
    counts = dict(measure.beside)
    gone: set[str] = set()
    for part, labels in _STATES.items():
        present = labels & counts.keys()
        if part in hidden or any(is_small(counts[label]) for label in present):
            gone |= present
    left_out = {label for label in counts if label.startswith(LEFT_OUT)}
    if any(is_small(counts[label]) for label in left_out):
        gone |= left_out
    gone |= {label for label, count in counts.items() if is_small(count)}
    return tuple((label, count) for label, count in measure.beside if label not in gone)


def _spread(measure: Measure) -> tuple[tuple[str, int], ...]:
    """The groups of an answer; none of them where one is small."""
    return () if any(is_small(count) for _, count in measure.spread) else measure.spread
