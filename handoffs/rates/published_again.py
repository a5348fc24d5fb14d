"""A month that was closed, opened again and closed: its splits beside those published before.

Two publications of one month differ by whoever came in between. A line that grew by one is one
person with everything that the line says of them, so a split leaves again only where none of
its lines, nor those that stay hidden taken together, changed by one to nine; and a line that
was hidden stays hidden, because another partner beside it could give it away.
"""

from collections.abc import Iterator, Sequence

from handoffs.rates.figures import OF, Cut, Figure, MonthlyRates
from handoffs.rates.measured import NOBODY, added
from handoffs.rates.smallness import REST, is_small, parts_of


def hidden_before(name: str, cut: Cut, before: Sequence[MonthlyRates]) -> frozenset[str]:
    """The keys of the lines of one figure's split that an earlier publication hid."""
    return frozenset(
        row.key for one in _published(name, cut.id, before) for row in one.rows if row.figure.hidden
    )


def tells_of_few(name: str, cut: Cut, shown: Cut, before: Sequence[MonthlyRates]) -> bool:
    """Whether a split, beside one that was published, tells of one to nine who came or went.

    cut: with every count; shown: the same as it would leave.
    """
    return any(
        _differs_by_few(now, then, hidden)
        for earlier, whole in _with_totals(name, cut.id, before)
        for now, then, hidden in _blocks(cut, shown, earlier, whole)
    )


def _blocks(
    cut: Cut, shown: Cut, earlier: Cut, whole: Figure
) -> Iterator[tuple[Figure, Figure, frozenset[str]]]:
    """Each line that stands in both, and all others together, as they are and as they were.

    With what cannot be known of it: where the whole hides a part, nobody can take lines from it.
    """
    then = {row.key: row.figure for row in earlier.rows}
    now = {row.key: row.figure for row in cut.rows}
    stay = {
        row.key
        for row in shown.rows
        if not row.figure.hidden and not then.get(row.key, NOBODY).hidden
    }
    for key in stay:
        yield now[key], then.get(key, NOBODY), frozenset()
    rest_now = added([figure for key, figure in now.items() if key not in stay])
    rest_then = _less(whole, added([then.get(key, NOBODY) for key in stay]))
    yield rest_now, rest_then, whole.hidden


def _less(whole: Figure, part: Figure) -> Figure:
    return Figure(whole.counted - part.counted, whole.of - part.of, whole.unknown - part.unknown)


def _differs_by_few(now: Figure, then: Figure, hidden: frozenset[str]) -> bool:
    """Whether a count that could be known of both differs by one to nine."""
    if is_small(abs(now.of - then.of)):
        return True
    one, other = parts_of(now), parts_of(then)
    return any(
        is_small(abs(one[part] - other[part]))
        for part in one
        if not hidden or (part != REST and part not in hidden)
    )


def _published(name: str, cut_id: str, before: Sequence[MonthlyRates]) -> Iterator[Cut]:
    for cut, _ in _with_totals(name, cut_id, before):
        yield cut


def _with_totals(
    name: str, cut_id: str, before: Sequence[MonthlyRates]
) -> Iterator[tuple[Cut, Figure]]:
    for rates in before:
        for measure in rates.measures:
            if measure.id == name and OF not in measure.total.hidden:
                yield from ((cut, measure.total) for cut in measure.cuts if cut.id == cut_id)
