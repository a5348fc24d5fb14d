"""Invented stays as columns, as many as wanted, and the calendars that they are counted by."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np

from rules import Calendar, Facts, Moments, Whose
from rules.columns.stays import (
    EPOCH,
    NO_DAY,
    NO_SECOND,
    Days,
    StayColumns,
    codes_of,
    day_at,
)
from rules.facts import UNKNOWN, Vocabulary

HOLIDAYS = frozenset({date(2026, 11, 3), date(2026, 11, 23), date(2027, 1, 1), date(2027, 1, 11)})
NEW_YEAR = frozenset(date(2026, 12, 29) + timedelta(days=day) for day in range(6))
# As many kinds of week and of own closed days as a prefecture may have.
BOOKS = 64
DAY = 86_400
# Some boxes were not asked; of the others one value is the usual one, the first unless that
# would speak for coordination of nearly everybody.
UNKNOWN_SHARE = 0.05
UNUSUAL_SHARE = 0.1
USUAL = {
    "care_manager": "unassigned",
    "care_service_before": "not_used",
    "care_service_wish": "not_wanted",
    "living": "with_family",
    "portable_toilet": "not_in_use",
    "ward_judgement": "not_needed",
    "stay_length": "longer",
}


def month_of_stays(number: int, vocabulary: Vocabulary, seed: int = 20261122) -> StayColumns:
    """Draw stays that begin in November 2026; half have a planned day, a third have left."""
    random = np.random.default_rng(seed)
    first = (date(2026, 11, 1) - EPOCH).days
    admitted = (first + random.integers(0, 30, number)).astype(np.int32)
    facts = {}
    for fact in vocabulary.values():
        shares = np.full(len(fact.known_values), UNUSUAL_SHARE / (len(fact.known_values) - 1))
        usual = fact.known_values.index(USUAL.get(fact.id, fact.known_values[0]))
        shares[usual] = 1 - UNKNOWN_SHARE - (shares.sum() - shares[usual])
        drawn = random.random(number, dtype=np.float32)
        limits = np.cumsum([UNKNOWN_SHARE, *shares])[:-1].astype(np.float32)
        facts[fact.id] = np.searchsorted(limits, drawn, side="right").astype(np.uint8)
    return StayColumns(
        facts=facts,
        admitted_on=admitted,
        admitted_second=np.where(
            random.random(number) < UNKNOWN_SHARE,
            np.int32(NO_SECOND),
            random.integers(0, DAY, number),
        ).astype(np.int32),
        planned_discharge_on=_later(random, admitted, 0.5),
        discharged_on=_later(random, admitted, 0.35),
        need_seen_on=_later(random, admitted, 0.4),
        discharge_known_on=_later(random, admitted, 0.4),
        calendars={whose: random.integers(0, BOOKS, number, np.uint16) for whose in Whose},
        books=tuple(_book(place) for place in range(BOOKS)),
    )


def _later(random: np.random.Generator, admitted: Days, known: float) -> Days:
    """Draw a day up to six weeks after the admission, for a share of the stays."""
    later = admitted + random.integers(0, 42, len(admitted), np.int32)
    return np.where(random.random(len(admitted)) < known, later, np.int32(NO_DAY))


def _book(place: int) -> Calendar:
    """Make one of the calendars: five or six days a week, an own closed day here and there."""
    own = frozenset({date(2026, 11, 1) + timedelta(days=place)})
    closes = tuple((weekday, time(17, 30)) for weekday in range(5))
    return Calendar(frozenset(range(5 + place % 2)), HOLIDAYS | NEW_YEAR | own, closes)


def stay_at(
    stays: StayColumns, row: int, vocabulary: Vocabulary
) -> tuple[Facts, Moments, dict[Whose, Calendar]]:
    """Read one row back as `decide` takes it."""
    given = {}
    for fact_id, codes in stays.facts.items():
        words = {code: value for value, code in codes_of(vocabulary[fact_id]).items()}
        value = words[int(codes[row])]
        if value != UNKNOWN:
            given[fact_id] = value
    admitted = day_at(stays.admitted_on, row)
    if admitted is None:
        message = "a stay without an admission"
        raise ValueError(message)
    second = int(stays.admitted_second[row])
    clock = None if second == NO_SECOND else time(second // 3600, second // 60 % 60, second % 60)
    moments = Moments(
        admitted,
        clock,
        day_at(stays.planned_discharge_on, row),
        day_at(stays.discharged_on, row),
        day_at(stays.need_seen_on, row),
        day_at(stays.discharge_known_on, row),
    )
    return (
        Facts(given),
        moments,
        {whose: stays.books[int(places[row])] for whose, places in stays.calendars.items()},
    )
