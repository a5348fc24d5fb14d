"""No small count follows from all figures, splits, sums beside them, months and formats together.

Months are made of drawn cases, counted by every definition, and published; `Reader` then tries
to work out each count from one to nine. That the reader finds what is there to be found is shown
on publications that were spoilt on purpose.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.miss_reason import MissCause
from handoffs.parties import WardKind
from handoffs.plan_office import PlanStatus
from handoffs.rates import small_numbers
from handoffs.rates.cases import Case
from handoffs.rates.coordination import Contact
from handoffs.rates.cuts import unasked_cuts
from handoffs.rates.definition import Event
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.measured import count
from handoffs.rates.quarter import quarter_of
from handoffs.rates.shelf import ORDER, shelf
from handoffs.rates.small_numbers import to_publish
from handoffs.rates.tally import Sorted
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from rules import Coordination
from tests.handoffs.rates.reader import Cell, Known, Reader, labels_for, told_by

HOSPITALS = 4
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
DEFINITIONS = shelf().of_region("mihon", MONTHS[0])
Cases = dict[Event, list[Case]]


def draw_case(random: Random, event: Event, even: float = 0.5) -> Case:
    """Somebody who can be. `even` near 1 makes the rare things rare."""

    def rare() -> bool:
        return random.random() > even

    left = event is Event.DISCHARGES or rare()
    contact = random.choice(list(Contact)) if rare() else Contact.AGREED
    said_by_office = {Contact.AGREED: True, Contact.OFFICE_ONLY: True}.get(contact)
    informed = not rare()
    to_information = random.randrange(20) if informed else None
    group = "" if rare() else random.choice(("要介護", "要介護", "要支援"))
    return Case(
        hospital_id=1 if not rare() else random.randint(1, HOSPITALS),
        group=group,
        plan=random.choice(list(PlanStatus)) if rare() else PlanStatus.ASSIGNED,
        destination=None
        if not left
        else random.choice(list(Destination))
        if rare()
        else Destination.HOME,
        in_region=random.choice((True, False, None)) if rare() else True,
        coordination=random.choice(list(Coordination)),
        excluded=random.random() < 0.05,
        wants_no_contact=random.random() < 0.05,
        contact=contact,
        advised=rare(),
        informed=informed,
        information_may_come=not left and rare(),
        told_of_admission=not rare(),
        care_level=CareNeedLevel.CARE_2,
        ward_kind=random.choice(list(WardKind)),
        municipality=random.choice("甲乙"),
        stay_days=9 if left else None,
        weekday=random.randrange(7) if left else None,
        miss_cause=random.choice(list(MissCause)) if rare() else None,
        said_by_office=said_by_office,
        said_by_hospital=contact in {Contact.AGREED, Contact.HOSPITAL_ONLY} or None,
        through_family=contact is Contact.THROUGH_FAMILY,
        known_to_office=not rare(),
        conference=contact.took_place and rare(),
        discharge_information=not rare(),
        # What the hospital sent is a word about the discharge, and no contact yet.
        notice_days=random.randrange(20) if contact.took_place != rare() else None,
        information_in_time=None if rare() else informed and not rare(),
        information_confirmed=informed and rare(),
        information_days=to_information,
        heard_from_family=rare(),
    )


@cache
def reader() -> Reader:
    """Somebody who knows every kind of case that there can be."""
    random = Random(7)
    return Reader(
        DEFINITIONS, {event: [draw_case(random, event) for _ in range(1500)] for event in Event}
    )


def month_of(cases: Cases, month: date, trend: Sequence[tuple[date, Figure]]) -> MonthlyRates:
    labels = labels_for(HOSPITALS)
    counted = {
        d.id: count(d, Sorted(cases[d.event]), unasked_cuts(d) if d.id in ORDER else (), labels)
        for d in DEFINITIONS
    }
    first = tuple(counted[name] for name in ORDER)
    return MonthlyRates(
        "mihon", "見本", month, datetime(2026, 11, 2, tzinfo=UTC), provisional=False,
        measures=first, others=tuple(m for n, m in counted.items() if n not in ORDER),
        trend=(*trend, (month, first[0].total)),
    )  # fmt: skip


def drawn(seed: int, size: int, even: float) -> list[tuple[Cases, MonthlyRates]]:
    """Three months, the later ones with the earlier in their trend."""
    random, made = Random(seed), []
    trend: list[tuple[date, Figure]] = []
    for month in MONTHS:
        cases = {event: [draw_case(random, event, even) for _ in range(size)] for event in Event}
        rates = month_of(cases, month, trend)
        trend.append((month, rates.measures[0].total))
        made.append((cases, rates))
    return made


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
        if small_numbers.is_small(figure.of):
            return frozenset({"of", "counted", "unknown", "rest"})
        parts = small_numbers._parts(figure)
        return frozenset(name for name, number in parts.items() if small_numbers.is_small(number))

    monkeypatch.setattr(small_numbers, "_hidden_of", only_small)
    assert caught(to_publish)


def test_the_reader_finds_a_line_that_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_line(cut: object) -> object:
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

        return replace(
            published, measures=put_back(published.measures), others=put_back(published.others)
        )

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
