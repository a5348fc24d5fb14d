"""No small count follows from all figures, splits, sums beside them, months and formats together.

Months are made of drawn cases, counted by every definition, and published; `Reader` then tries
to work out each count from one to nine. That the reader finds what is there to be found is shown
on publications that were spoilt on purpose.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.rates import small_numbers
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.quarter import quarter_of
from handoffs.rates.small_numbers import to_publish
from handoffs.rates.smallness import is_small, parts_of
from tests.handoffs.rates.drawn_months import (
    DEFINITIONS,
    Cases,
    drawn,
    reader,
)
from tests.handoffs.rates.reader import Cell, Known, told_by


def found(cases: Cases, known: Known) -> list[Cell]:
    """The small counts of a month that can be worked out of what is known of it."""
    small = [cell for cell, number in reader().truth(cases).items() if 0 < number < 10]
    return reader().can_work_out(known, small) if known and small else []


def everything(published: Sequence[MonthlyRates], which: int) -> Known:
    """What all publications together say of one month: its own, trends, the council's quarter."""
    own = published[which]
    known = told_by((*own.measures, *own.others))
    for month in published:
        for day, figure in month.trend:
            if day == own.month:
                known |= told_by((replace(own.measures[0], total=figure, cuts=(), beside=()),))
    return known


CASES = st.tuples(st.integers(0, 10**6), st.integers(5, 250), st.floats(0.5, 0.98))


@settings(max_examples=12, deadline=None)
@given(CASES)
def test_no_small_count_of_any_figure_follows_from_everything_published(
    drawing: tuple[int, int, float],
) -> None:
    months = drawn(*drawing)
    published = [to_publish(rates) for _, rates in months]
    for which, (cases, _) in enumerate(months):
        assert found(cases, everything(published, which)) == []


@settings(max_examples=12, deadline=None)
@given(CASES)
def test_the_council_s_quarter_says_no_more_than_its_months(
    drawing: tuple[int, int, float],
) -> None:
    published = [to_publish(rates) for _, rates in drawn(*drawing)]
    for line in quarter_of("見本", published).lines:
        by_month = [
            next(m for m in month.measures if m.id == line.measure.id) for month in published
        ]
        assert [figure for _, figure in line.figures] == [m.total for m in by_month]
        if line.sum is not None:
            assert not any(m.total.hidden for m in by_month)


@cache
def some_months() -> list[tuple[Cases, MonthlyRates]]:
    """Months of several sizes, for spoilt publications."""
    small = [drawn(seed, 50 + 30 * seed, 0.85)[0] for seed in range(6)]
    return small + [drawn(seed, 300, 0.93)[0] for seed in range(8)]


def caught(publish: Callable[[MonthlyRates], MonthlyRates]) -> bool:
    """Whether the reader finds a small count in any of some months."""
    return any(
        found(cases, told_by((*spoilt.measures, *spoilt.others)))
        for cases, rates in some_months()
        for spoilt in [publish(rates)]
    )


def test_the_reader_finds_nothing_in_what_is_published() -> None:
    assert not caught(to_publish)


def test_the_reader_finds_what_the_second_hiding_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_small(figure: Figure) -> frozenset[str]:
        if is_small(figure.of):
            return frozenset({"of", "counted", "unknown", "rest"})
        parts = parts_of(figure)
        return frozenset(name for name, number in parts.items() if is_small(number))

    monkeypatch.setattr(small_numbers, "_hidden_of", only_small)
    assert caught(to_publish)


def test_the_reader_finds_a_line_that_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_line(cut: object, _already: object) -> object:
        rows = tuple(
            replace(row, figure=Figure(0, 0, 0, frozenset({"of", "counted", "unknown", "rest"})))
            if small_numbers._has_small(row.figure)
            else row
            for row in cut.rows  # type: ignore[attr-defined]
        )
        return replace(cut, rows=rows)  # type: ignore[type-var]

    monkeypatch.setattr(small_numbers, "_cut", one_line)
    assert caught(to_publish)


@pytest.mark.parametrize("which", range(len(DEFINITIONS)))
def test_the_reader_finds_any_one_figure_that_is_left_as_it_is(which: int) -> None:
    def but_one(rates: MonthlyRates) -> MonthlyRates:
        name = DEFINITIONS[which].id
        raw = {m.id: m for m in (*rates.measures, *rates.others)}
        published = to_publish(rates)

        def put_back(those: Sequence[Measure]) -> tuple[Measure, ...]:
            return tuple(raw[m.id] if m.id == name else m for m in those)

        inside = (raw[name],) if raw[name].inside else ()
        others = (*put_back(published.others), *inside)
        return replace(published, measures=put_back(published.measures), others=others)

    assert caught(but_one)


def test_the_reader_finds_what_a_complement_gives_away() -> None:
    def with_complement(rates: MonthlyRates) -> MonthlyRates:
        published = to_publish(rates)
        before, after = rates.measures[0].total, published.measures[0].total
        told = replace(
            after,
            counted=before.of - before.counted - before.unknown,
            of=before.of,
            unknown=before.unknown,
            hidden=frozenset(),
        )
        turned = replace(told, counted=before.counted)
        return replace(
            published,
            measures=(replace(published.measures[0], total=turned), *published.measures[1:]),
        )

    assert caught(with_complement)


def test_the_reader_finds_the_states_beside_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_numbers, "_beside", lambda measure, _hidden: measure.beside)
    assert caught(to_publish)
