"""No count from one to nine can be worked out from what is published, by exact arithmetic.

The oracle knows what the definitions mean (a whole is its parts, a cut adds up to its whole)
and nothing of how the product hides. It imports only the figures' shapes: every published
number becomes an equation with whole coefficients, and each hidden count is bounded by a
simplex over fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Cut, Figure, Measure, MonthlyRates, Row
from handoffs.rates.small_numbers import to_publish

STATES = {
    "counted": ("連絡なし", "家族を通じて"),
    "unknown": ("双方の記録が食い違う", "不明"),
    "rest": ("双方確認", "病院申告", "計画作成担当の申告"),
}
Parts = tuple[int, int, int]


def _figure(parts: Sequence[int]) -> Figure:
    counted, unknown, rest = parts
    return Figure(counted, counted + unknown + rest, unknown)


@st.composite
def tables(draw: st.DrawFn) -> MonthlyRates:
    """A month: cases thrown into two cuts, three totals of one whole, and counts beside."""
    number = st.one_of(st.just(0), st.integers(0, 12), st.integers(5, 200))
    lines = draw(st.lists(st.tuples(number, number, number), min_size=1, max_size=5))
    whole = [sum(line[k] for line in lines) for k in range(3)]
    # Another cut of the same cases: each part is divided among as many lines as drawn.
    cuts = draw(st.integers(1, 4))
    other = [[0, 0, 0] for _ in range(cuts)]
    for part in range(3):
        left = whole[part]
        for line in other[:-1]:
            line[part] = draw(st.integers(0, left))
            left -= line[part]
        other[-1][part] = left
    of = sum(whole)
    met = draw(st.integers(0, of))
    beside = []
    for part, labels in zip((0, 1, 2), STATES.values(), strict=True):
        left = whole[part]
        for label in labels[:-1]:
            count = draw(st.integers(0, left))
            beside.append((label, count))
            left -= count
        beside.append((labels[-1], left))
    measure = Measure(
        "missed_coordination", "率", ("分母",), _figure(whole),
        (
            Cut("甲", tuple(Row(str(n), _figure(p)) for n, p in enumerate(lines)), "hospital"),
            Cut("乙", tuple(Row(str(n), _figure(p)) for n, p in enumerate(other)), "area"),
        ),
        tuple(beside), event="discharges",
    )  # fmt: skip
    second = Measure(
        "conference_share", "二", ("分母",), Figure(met, of), (), (), event="discharges"
    )
    return MonthlyRates(
        "x", "x", date(2026, 10, 1), datetime(2026, 11, 1, tzinfo=UTC), provisional=False,
        measures=(measure,), trend=((date(2026, 10, 1), measure.total),), others=(second,),
    )  # fmt: skip


class Published:
    """Equations over unknown counts that are not negative."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.rows: list[tuple[dict[int, int], int]] = []

    def place(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def add(self, terms: dict[str, int], value: int) -> None:
        self.rows.append(({self.place(name): factor for name, factor in terms.items()}, value))

    def figure(self, name: str, figure: Figure) -> None:
        parts = [f"{name}.{part}" for part in ("counted", "unknown", "rest")]
        for part in parts:
            self.place(part)
        if OF not in figure.hidden:
            self.add(dict.fromkeys(parts, 1), figure.of)
        if COUNTED not in figure.hidden:
            self.add({parts[0]: 1}, figure.counted)
        if UNKNOWN not in figure.hidden:
            self.add({parts[1]: 1}, figure.unknown)

    def bounds(self, name: str) -> tuple[Fraction, Fraction]:
        """The least and the greatest that a count can be."""
        place = self.names[name]
        low = simplex(self.rows, len(self.names), {place: Fraction(1)})
        high = simplex(self.rows, len(self.names), {place: Fraction(-1)})
        return low, -high


UNBOUNDED = Fraction(-(10**9))


def simplex(
    rows: Sequence[tuple[dict[int, int], int]], width: int, cost: dict[int, Fraction]
) -> Fraction:
    """Minimise over non-negative unknowns, in two phases, by Bland's rule: exact, never cycling."""
    table, basis = [], []
    for number, (terms, value) in enumerate(rows):
        sign = -1 if value < 0 else 1
        line = [Fraction(sign * terms.get(k, 0)) for k in range(width)]
        line += [Fraction(int(k == number)) for k in range(len(rows))]
        table.append([*line, Fraction(sign * value)])
        basis.append(width + number)
    artificial = [Fraction(0)] * width + [Fraction(1)] * len(rows)
    assert _minimise(table, basis, artificial, width + len(rows)) == 0, "the tables contradict"
    for number, column in enumerate(basis):
        if column >= width:
            swap = next((k for k in range(width) if table[number][k] != 0), None)
            if swap is not None:
                _pivot(table, basis, number, swap)
    costs = [cost.get(k, Fraction(0)) for k in range(width)] + [Fraction(0)] * len(rows)
    return _minimise(table, basis, costs, width)


def _minimise(
    table: list[list[Fraction]], basis: list[int], costs: list[Fraction], width: int
) -> Fraction:
    while True:
        entering = None
        for column in range(width):
            if column in basis:
                continue
            reduced = costs[column] - sum(
                costs[basis[r]] * table[r][column] for r in range(len(table))
            )
            if reduced < 0:
                entering = column
                break
        if entering is None:
            return sum((costs[basis[r]] * table[r][-1] for r in range(len(table))), Fraction(0))
        ratios = [
            (table[r][-1] / table[r][entering], basis[r], r)
            for r in range(len(table))
            if table[r][entering] > 0
        ]
        if not ratios:
            return UNBOUNDED
        _pivot(table, basis, min(ratios)[2], entering)


def _pivot(table: list[list[Fraction]], basis: list[int], row: int, column: int) -> None:
    factor = table[row][column]
    table[row] = [value / factor for value in table[row]]
    for other in range(len(table)):
        if other != row and table[other][column] != 0:
            times = table[other][column]
            table[other] = [a - times * b for a, b in zip(table[other], table[row], strict=True)]
    basis[row] = column


def _equations(original: MonthlyRates, published: MonthlyRates) -> tuple[Published, dict[str, int]]:
    """What a reader of everything knows, and every count that was there, by name."""
    known, truth = Published(), {}

    def note(name: str, figure: Figure) -> None:
        rest = figure.of - figure.counted - figure.unknown
        parts = {"counted": figure.counted, "unknown": figure.unknown, "rest": rest}
        truth.update({f"{name}.{part}": count for part, count in parts.items()})

    (before,), (after,) = original.measures, published.measures
    note("total", before.total)
    known.figure("total", after.total)
    known.figure("total", published.trend[0][1])
    shown = {cut.id: cut for cut in after.cuts}
    for cut in before.cuts:
        rows = {row.label: row for row in shown[cut.id].rows} if cut.id in shown else {}
        if not rows:
            continue
        for row in cut.rows:
            name = f"{cut.id}.{row.label}"
            note(name, row.figure)
            known.figure(name, rows[row.label].figure)
        for part in ("counted", "unknown", "rest"):
            terms = {f"{cut.id}.{row.label}.{part}": 1 for row in cut.rows}
            known.add({**terms, f"total.{part}": -1}, 0)
    counts = dict(after.beside)
    for part, labels in STATES.items():
        for label in labels:
            truth[f"state.{label}"] = dict(before.beside)[label]
            known.place(f"state.{label}")
            if label in counts:
                known.add({f"state.{label}": 1}, counts[label])
        terms = {f"state.{label}": 1 for label in labels}
        known.add({**terms, f"total.{part}": -1}, 0)
    (second,), (second_after,) = original.others, published.others
    note("second", second.total)
    known.figure("second", second_after.total)
    # Both wholes are of the same people, and a reader of the definitions knows it.
    same = {f"total.{part}": 1 for part in ("counted", "unknown", "rest")}
    known.add({**same, **{f"second.{p}": -1 for p in ("counted", "unknown", "rest")}}, 0)
    return known, truth


@settings(max_examples=25, deadline=None)
@given(tables())
def test_no_small_count_can_be_worked_out_of_everything_published(rates: MonthlyRates) -> None:
    published = to_publish(rates)
    known, truth = _equations(rates, published)
    for name, count in truth.items():
        if 0 < count < 10:
            low, high = known.bounds(name)
            assert low < high, f"{name} must be {count}"


@given(tables())
def test_what_is_published_is_true_and_never_small(rates: MonthlyRates) -> None:
    published = to_publish(rates)
    pairs = [(rates.measures[0].total, published.measures[0].total)]
    pairs += [(rates.others[0].total, published.others[0].total)]
    shown = {cut.id: cut for cut in published.measures[0].cuts}
    for cut in rates.measures[0].cuts:
        if cut.id in shown:
            pairs += zip(
                (r.figure for r in cut.rows), (r.figure for r in shown[cut.id].rows), strict=True
            )
    for before, after in pairs:
        for name in (COUNTED, OF, UNKNOWN):
            if name in after.hidden:
                assert getattr(after, name) == 0, "what is hidden is not in there"
            else:
                assert getattr(after, name) == getattr(before, name)
                assert not 0 < getattr(after, name) < 10
    assert all(count == 0 or count >= 10 for _, count in published.measures[0].beside)


@given(tables())
def test_large_counts_stay(rates: MonthlyRates) -> None:
    counts = [
        part
        for figure in (
            rates.measures[0].total,
            rates.others[0].total,
            *(row.figure for cut in rates.measures[0].cuts for row in cut.rows),
        )
        for part in (figure.counted, figure.of, figure.unknown,
                     figure.of - figure.counted - figure.unknown)
    ]  # fmt: skip
    beside = [count for _, count in rates.measures[0].beside]
    first, second = rates.measures[0].total, rates.others[0].total
    close = [
        abs(one - two)
        for one in (first.counted, first.unknown, first.of - first.counted - first.unknown)
        for two in (second.counted, second.of - second.counted)
        if one and two
    ]
    if all(count == 0 or count >= 10 for count in (*counts, *beside, *close)):
        assert to_publish(rates).measures[0] == rates.measures[0]
        assert to_publish(rates).others == rates.others


@pytest.mark.parametrize(
    ("figure", "hidden"),
    [
        (Figure(120, 1500, 0), set()),
        (Figure(120, 1500, 4), {"unknown", "rest"}),
        (Figure(6, 80, 0), {"counted", "rest"}),
        (Figure(0, 9, 0), {"counted", "of", "unknown", "rest"}),
        (Figure(0, 0, 0), set()),
        (Figure(10, 20, 0), set()),
    ],
)
def test_a_total_keeps_what_it_can(figure: Figure, hidden: set[str]) -> None:
    measure = Measure("m", "m", (), figure, (), (), event="discharges")
    rates = MonthlyRates(
        "x", "x", date(2026, 10, 1), datetime(2026, 11, 1, tzinfo=UTC), provisional=False,
        measures=(measure,), trend=(),
    )  # fmt: skip
    assert set(to_publish(rates).measures[0].total.hidden) == hidden
