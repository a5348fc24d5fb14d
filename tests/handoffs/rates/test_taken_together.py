"""What months, quarters and years publish tells nothing small when all of it lies on one table.

A year of drawn months is published month by month, with trends, the council's quarters and the
yearly report, and `Reader` tries to work out each count from one to nine from all of it at once.
Of two publications of one month (速報 and 確定, or a close and the next) every line that stands in
both, and all others together, must be the same or differ by ten. That both tests find what is
there to be found is shown on publications that were spoilt on purpose.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.rates import published_again, quarter, small_numbers
from handoffs.rates.definition import Event
from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Figure, MonthlyRates
from handoffs.rates.measured import NOBODY, added
from handoffs.rates.quarter import quarter_of
from handoffs.rates.small_numbers import to_publish
from handoffs.rates.yearly import leaving
from handoffs.rates.yearly.fiscal_year import months_of
from handoffs.rates.yearly.indicators import OwnIndicator
from handoffs.rates.yearly.leaving import to_leave
from handoffs.rates.yearly.own_figures import OwnSeries, OwnYear, complement
from tests.handoffs.rates.drawn_months import Cases, draw_case, drawn, month_of, reader
from tests.handoffs.rates.reader import PARTS, REST, Cell, Known, told_by

MONTHS = months_of(2025)
Drawn = Sequence[tuple[Cases, MonthlyRates]]
Sum = tuple[frozenset[int], frozenset[Cell]]


def known_of(published: Sequence[MonthlyRates], which: int) -> Known:
    """What the publications of single months tell of one: its own, and the others' trends."""
    own = published[which]
    known = told_by((*own.measures, *own.others))
    for month in published:
        for day, figure in month.trend:
            if day == own.month:
                known |= told_by((replace(own.measures[0], total=figure, cuts=(), beside=()),))
    return known


def sums_told(name: str, months: frozenset[int], figure: Figure) -> list[Sum]:
    """The sums over some months that a published figure of all of them tells."""
    cells = {part: (name, "total", "", part) for part in PARTS}
    told: list[Sum] = []
    if OF not in figure.hidden:
        told.append((months, frozenset(cells.values())))
    told += [
        (months, frozenset({cells[part]}))
        for part in (COUNTED, UNKNOWN)
        if part not in figure.hidden
    ]
    return told


def quarters_told(published: Sequence[MonthlyRates]) -> list[Sum]:
    """What the council's four quarters tell beside the months."""
    told: list[Sum] = []
    for first in range(0, 12, 3):
        for line in quarter_of("見本", published[first : first + 3]).lines:
            if line.sum is not None:
                three = frozenset(range(first, first + 3))
                told += sums_told(line.measure.id, three, line.sum)
    return told


def year_told(made: Drawn, published: Sequence[MonthlyRates]) -> list[Sum]:
    """What the yearly report tells: its two figures over twelve months."""
    hidden = {
        (measure.id, month.month): measure.total.hidden
        for month in published
        for measure in (*month.measures, *month.others)
    }
    told: list[Sum] = []
    for indicator in OwnIndicator:
        turned = indicator is OwnIndicator.COORDINATION
        totals = [
            (rates.month, next(m.total for m in rates.measures if m.id == indicator.value))
            for _, rates in made
        ]
        year = OwnYear(
            2025,
            tuple((month, complement(one) if turned else one) for month, one in totals),
            is_whole=True,
        )
        ((leaves,),) = [
            one.years for one in to_leave([OwnSeries(indicator, (), "", (year,))], hidden)
        ]
        every = frozenset(range(12))
        # The complement and the unknown say the same of the parts as the figure itself.
        told += sums_told(indicator.value, every, leaves.total)
    return told


def found(made: Drawn) -> list[tuple[int, Cell]]:
    """The small counts of any month that follow from everything that is published of the year."""
    published = [to_publish(rates) for _, rates in made]
    wanted = [
        [cell for cell, number in reader().truth(cases).items() if 0 < number < 10]
        for cases, _ in made
    ]
    known = [known_of(published, which) for which in range(12)]
    sums = [*quarters_told(published), *year_told(made, published)]
    return reader().with_sums(known, sums, wanted) if sums else []


SIZES = st.tuples(st.integers(0, 10**6), st.integers(40, 400), st.floats(0.7, 0.98))


@settings(max_examples=4, deadline=None)
@given(SIZES)
def test_no_small_count_follows_from_months_quarters_and_years_together(
    drawing: tuple[int, int, float],
) -> None:
    assert found(drawn(*drawing, MONTHS)) == []


@cache
def uneven_year() -> list[tuple[Cases, MonthlyRates]]:
    """Large months, and one in each quarter that hides counts."""
    made: list[tuple[Cases, MonthlyRates]] = []
    for place, month in enumerate(MONTHS):
        size = (60, 500, 500)[place % 3] if place < 3 else 700
        made += drawn(place, size, 0.85, (month,))
    return made


def test_the_uneven_year_gives_nothing_away() -> None:
    assert found(uneven_year()) == []


def test_a_year_whose_one_month_hides_is_found_by_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaving, "_PAIR", 0)
    monkeypatch.setattr(leaving, "LEAST", 0)
    assert found(uneven_year())


def test_a_quarter_s_sum_beside_a_hidden_month_is_found_by_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = {rates.month: rates for _, rates in uneven_year()}

    def in_any_case(figures: Sequence[tuple[date, Figure]]) -> Figure:
        of_month = [
            next(
                m.total
                for m in raw[month].measures
                if OF in figure.hidden or m.total.of == figure.of
            )
            for month, figure in figures
        ]
        return added(of_month)

    monkeypatch.setattr(quarter, "_sum", in_any_case)
    assert found(uneven_year())


Publishing = Callable[[MonthlyRates, Sequence[MonthlyRates]], MonthlyRates]


def tells_of_few(first: MonthlyRates, second: MonthlyRates) -> bool:
    """Whether a split of two publications of one month tells of one to nine who came between.

    Knows what a split is (its lines add up to the whole), and nothing of how the product hides.
    """
    for one in first.measures:
        other = next(m for m in second.measures if m.id == one.id)
        for cut in one.cuts:
            again = next((c for c in other.cuts if c.id == cut.id), None)
            if again is None:
                continue
            then = {row.key: row.figure for row in cut.rows}
            now = {row.key: row.figure for row in again.rows}
            both = [key for key in now if not now[key].hidden and not _of(then, key).hidden]
            pairs = [(now[key], _of(then, key)) for key in both]
            rest = (
                _less(other.total, added([now[key] for key in both])),
                _less(one.total, added([_of(then, key) for key in both])),
            )
            hidden = one.total.hidden | other.total.hidden
            if any(_few(*pair, frozenset()) for pair in pairs) or _few(*rest, hidden):
                return True
            # A partner that changes lets the two publications be subtracted crosswise.
            left = {k for k, f in then.items() if f.hidden} - {
                k for k, f in now.items() if f.hidden
            }
            if left & now.keys():
                return True
    return False


def _of(lines: dict[str, Figure], key: str) -> Figure:
    return lines.get(key, NOBODY)


def _less(whole: Figure, part: Figure) -> Figure:
    return Figure(whole.counted - part.counted, whole.of - part.of, whole.unknown - part.unknown)


def _few(now: Figure, then: Figure, hidden: frozenset[str]) -> bool:
    changes = {OF: now.of - then.of, COUNTED: now.counted - then.counted}
    changes[UNKNOWN] = now.unknown - then.unknown
    changes[REST] = changes[OF] - changes[COUNTED] - changes[UNKNOWN]
    gone = hidden | ({REST} if hidden else set())
    return any(0 < abs(change) < 10 for part, change in changes.items() if part not in gone)


def twice(seed: int, size: int, more: int) -> tuple[MonthlyRates, MonthlyRates]:
    """One month as it was first, and with some more cases."""
    random = Random(seed)
    cases = {event: [draw_case(random, event, 0.9) for _ in range(size)] for event in Event}
    first = month_of(cases, MONTHS[0], ())
    for those in cases.values():
        those += [draw_case(random, Event.DISCHARGES, 0.9) for _ in range(more)]
    return first, month_of(cases, MONTHS[0], ())


MORE = st.tuples(st.integers(0, 10**6), st.integers(100, 500), st.integers(0, 120))


@settings(max_examples=40, deadline=None)
@given(MORE)
def test_two_publications_of_a_month_never_tell_of_few(drawing: tuple[int, int, int]) -> None:
    before, after = twice(*drawing)
    early = to_publish(replace(before, provisional=True))
    closed = to_publish(before)
    again = to_publish(after, (closed,))
    assert not any(measure.cuts for measure in early.measures)
    assert any(measure.cuts for measure in closed.measures) or drawing[1] < 200
    assert not tells_of_few(early, again)
    assert not tells_of_few(closed, again)


def test_a_month_of_which_nothing_changed_leaves_as_it_left_before() -> None:
    before, after = twice(7, 400, 0)
    closed = to_publish(before)
    assert any(measure.cuts for measure in closed.measures)
    assert to_publish(after, (closed,)) == closed


def caught(publish: Publishing) -> bool:
    """Whether any of some months, published twice, tells of few."""
    for seed in range(30):
        before, after = twice(seed, 300, seed * 5)
        first = publish(replace(before, provisional=seed % 2 == 0), ())
        if tells_of_few(first, publish(after, (first,))):
            return True
    return False


def test_the_product_is_not_caught() -> None:
    assert not caught(to_publish)


def test_splits_of_a_provisional_month_are_caught() -> None:
    def at_once(rates: MonthlyRates, before: Sequence[MonthlyRates]) -> MonthlyRates:
        del before
        return to_publish(replace(rates, provisional=False))

    assert caught(at_once)


def test_a_second_close_that_looks_at_no_change_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_numbers, "tells_of_few", lambda *_: False)
    assert caught(to_publish)


def test_a_second_close_that_forgets_what_it_hid_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_numbers, "hidden_before", lambda *_: frozenset())
    assert caught(to_publish)


def test_a_second_close_that_forgets_the_hidden_lines_together_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines_alone = published_again._blocks

    def without_rest(*given: object) -> Sequence[object]:
        return list(lines_alone(*given))[:-1]  # type: ignore[arg-type]

    monkeypatch.setattr(published_again, "_blocks", without_rest)
    assert caught(to_publish)
