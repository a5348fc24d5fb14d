"""Columns against `decide`: the same answers, clauses, handoffs and days, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    Anchor,
    AnchorDay,
    Calendar,
    CalendarError,
    Coordination,
    Edition,
    Facts,
    IfClosed,
    Moments,
    Unit,
    Whose,
    due_at,
)
from rules.columns import ColumnEdition, DecisionColumns
from rules.columns.dues import DayTables, DueColumns
from rules.columns.stays import day_at, stay_columns
from rules.condition import AtLeast, Leaf
from rules.due import Counted, Event
from rules.edition import DueCase
from rules.kinds import Direction
from tests.rules.columns.compared import (
    EDITIONS,
    ENGINE,
    Seen,
    columns_of,
    compare,
    compare_in_two,
)
from tests.rules.editions import changed
from tests.rules.imagined import Crowd
from tests.rules.imagined_stays import (
    CALENDARS,
    decided,
    drawn_calendars,
    drawn_moments,
    drawn_stay,
    said_by_columns,
    told,
)


def answers(seen: Seen, coordination: Coordination) -> int:
    return sum(seen[edition.region, coordination.value] for edition in EDITIONS)


def test_twenty_thousand_imagined_stays_stand_in_columns_as_they_are_decided() -> None:
    seen = compare(20_000, seed=20261122, engine_every=20)
    # A partial edition that has not read every criterion never says 不要: all together.
    for coordination in Coordination:
        assert answers(seen, coordination) > 500, seen


@pytest.mark.long
def test_a_million_imagined_stays_stand_in_columns_as_the_engine_decides_them() -> None:
    seen = compare_in_two(1_000_000, seed=20270401)
    assert sum(answers(seen, coordination) for coordination in Coordination) >= 1_000_000
    assert sum(seen[ENGINE, region] for region in {e.region for e in EDITIONS}) >= 1_000_000


def test_a_row_that_differs_from_its_decision_is_found() -> None:
    def wrong(columns: DecisionColumns, row: int) -> dict[str, object]:
        said = said_by_columns(columns, row)
        return said | {"coordination": Coordination.REQUIRED}

    with (
        patch("tests.rules.columns.compared.said_by_columns", wrong),
        pytest.raises(AssertionError),
    ):
        compare(1_000, seed=1, engine_every=1_000)


@st.composite
def counted_dues(draw: st.DrawFn) -> Counted:
    unit = draw(st.sampled_from(Unit))
    if_closed = IfClosed.STAY if unit is Unit.OPEN_DAYS else draw(st.sampled_from(IfClosed))
    looks = unit is Unit.OPEN_DAYS or if_closed is not IfClosed.STAY or draw(st.booleans())
    return Counted(
        direction=draw(st.sampled_from(Direction)),
        anchor=draw(st.sampled_from(Anchor)),
        unit=unit,
        anchor_day=draw(st.sampled_from((*AnchorDay, None))),
        latest=draw(st.none() | st.integers(0, 40)),
        preferred=draw(st.none() | st.integers(0, 40)),
        if_closed=if_closed,
        whose=draw(st.sampled_from(Whose)) if looks else None,
        after_hours=draw(st.booleans()),
        early=draw(st.booleans()),
    )


@given(counted_dues(), st.integers(0, 2**32))
@settings(max_examples=300)
def test_any_due_is_counted_in_columns_as_for_one_stay(due: Counted, seed: int) -> None:
    random = Random(seed)
    rows = [(Facts(), drawn_moments(random), drawn_calendars(random)) for _ in range(20)]
    stays = stay_columns(rows, EDITIONS[0].vocabulary)
    windows = DueColumns(stays, DayTables.covering(stays)).windows(due)
    for row, (_, moments, calendars) in enumerate(rows):
        one = due_at(due, moments, calendars)
        found = tuple(day_at(days, row) for days in windows)
        assert found == (one.opens, one.preferred, one.latest), (due, moments)


def test_an_event_has_no_date_but_a_day_on_which_its_work_begins() -> None:
    moments = Moments(date(2026, 11, 20), need_seen_on=date(2026, 11, 24))
    stays = stay_columns([(Facts(), moments, {})], EDITIONS[0].vocabulary)
    dues = DueColumns(stays, DayTables.covering(stays))
    opens, preferred, latest = dues.windows(Event("すみやかに", Anchor.NEED_SEEN))
    assert [day_at(days, 0) for days in (opens, preferred, latest)] == [
        date(2026, 11, 24),
        None,
        None,
    ]


def with_cases(edition: Edition, *cases: DueCase) -> Edition:
    """The same edition with cases before the general due of each handoff."""
    rules = tuple(replace(rule, cases=cases) for rule in edition.handoffs)
    return replace(edition, handoffs=rules)


def after_admission(latest: int | None, preferred: int | None = None) -> Counted:
    return Counted(
        Direction.AFTER,
        Anchor.ADMISSION,
        Unit.CALENDAR_DAYS,
        AnchorDay.DAY_1,
        latest,
        preferred,
    )


def test_dues_for_some_people_some_admissions_and_some_discharges_are_chosen_alike(
    tmp_path: Path,
) -> None:
    sound = changed(tmp_path)
    crowd, fact = Crowd(sound), "mobility"
    first, second, *_ = sound.vocabulary[fact].known_values
    edition = with_cases(
        sound,
        DueCase(after_admission(9, 4), Leaf(fact, (first,))),
        DueCase(after_admission(5), days_left_below=7),
        DueCase(after_admission(9, 2), Leaf(fact, (second,)), admitted_until=date(2026, 12, 1)),
        DueCase(after_admission(None, 3), admitted_from=date(2027, 1, 4)),
    )
    random = Random(7)
    stays = [drawn_stay(crowd, random) for _ in range(3_000)]
    chosen = Counter[object]()
    for stay, said in zip(stays, columns_of(edition, stays), strict=True):
        decision = decided(edition, stay)
        assert said == told(edition, decision, stay), stay
        chosen.update(duty.counting for duty in decision.handoffs)
    assert len(chosen) > 5


def test_a_score_counts_a_part_as_often_as_it_stands_there(tmp_path: Path) -> None:
    sound = changed(tmp_path)
    crowd = Crowd(sound)
    facts = list(crowd.values)[:3]
    leaves = [Leaf(fact, sound.vocabulary[fact].known_values[:1]) for fact in facts]
    score = AtLeast(3, (leaves[0], leaves[0], leaves[1], leaves[1], leaves[2]))
    criteria = (replace(sound.criteria[0], condition=score), *sound.criteria[1:])
    edition = replace(sound, criteria=criteria)
    random = Random(3)
    stays = [drawn_stay(crowd, random) for _ in range(1_000)]
    for stay, said in zip(stays, columns_of(edition, stays), strict=True):
        assert said == told(edition, decided(edition, stay), stay)


def test_nobody_is_decided_without_a_row() -> None:
    edition = EDITIONS[0]
    columns = ColumnEdition(edition).decide(stay_columns([], edition.vocabulary))
    assert isinstance(columns, DecisionColumns)
    assert len(columns.coordination) == 0


def test_a_calendar_that_no_search_would_come_to_the_end_of_is_refused() -> None:
    closed = frozenset(date(2026, 11, 1) + timedelta(days=day) for day in range(500))
    moments = Moments(date(2026, 11, 20))
    calendars = {Whose.HOSPITAL: Calendar(frozenset(range(7)), closed)}
    stays = stay_columns([(Facts(), moments, calendars)], EDITIONS[0].vocabulary)
    with pytest.raises(CalendarError, match="日より長く閉まっている"):
        DayTables.covering(stays)


def test_a_discharge_before_the_admission_is_refused() -> None:
    calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
    stays = stay_columns(
        [(Facts(), Moments(date(2026, 11, 20)), calendars)], EDITIONS[0].vocabulary
    )
    with pytest.raises(CalendarError, match="退院日"):
        replace(stays, discharged_on=stays.admitted_on - np.int32(1))


def test_columns_of_different_lengths_are_a_mistake() -> None:
    stays = stay_columns([], EDITIONS[0].vocabulary)
    with pytest.raises(ValueError, match="different lengths"):
        replace(stays, facts={"mobility": np.zeros(2, dtype=np.uint8)})


def test_tables_that_do_not_cover_a_stay_are_a_mistake() -> None:
    calendars = dict.fromkeys(Whose, CALENDARS[2])
    row = (Facts(), Moments(date(2026, 11, 20), time(9)), calendars)
    stays = stay_columns([row], EDITIONS[0].vocabulary)
    tables = DayTables(stays.books, 0, 10)
    with pytest.raises(ValueError, match="do not cover"):
        ColumnEdition(EDITIONS[0]).decide(stays, tables)
