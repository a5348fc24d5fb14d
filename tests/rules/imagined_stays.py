"""Imagined stays for tests that compare columns with `decide`: facts, days and calendars.

Days that fall on closed days, on the day itself, after hours and nowhere at all come up often.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from unittest.mock import patch

from rules import (
    MONDAY_TO_FRIDAY,
    Calendar,
    Calendars,
    Decision,
    Edition,
    Facts,
    Moments,
    Truth,
    Whose,
    decide,
)
from rules.columns import COORDINATIONS, STANDINGS, TRUTHS, DecisionColumns
from rules.columns.stays import day_at
from rules.condition import weigh
from rules.condition_marks import Marks
from rules.prepared import PreparedEdition
from tests.rules.imagined import Crowd

NEW_YEAR = frozenset(date(2026, 12, 29) + timedelta(days=n) for n in range(6))
CALENDARS = (
    MONDAY_TO_FRIDAY,
    Calendar(frozenset(range(5)), NEW_YEAR | {date(2026, 11, 23), date(2027, 1, 11)}),
    Calendar(frozenset(range(6)), NEW_YEAR, tuple((day, time(17, 30)) for day in range(6))),
    Calendar(frozenset({2}), frozenset({date(2026, 12, 9)}), ((2, time(12, 0)),)),
    Calendar(frozenset(range(7)), closes=((4, time(0, 0)),)),
)


@dataclass(frozen=True)
class ImaginedStay:
    facts: Facts
    moments: Moments
    calendars: Calendars


def drawn_stay(crowd: Crowd, random: Random) -> ImaginedStay:
    return ImaginedStay(Facts(crowd.draw(random)), drawn_moments(random), drawn_calendars(random))


def drawn_moments(random: Random) -> Moments:
    admitted = date(2026, 11, 1) + timedelta(days=random.randrange(90))

    def later(most: int) -> date | None:
        return None if random.random() < 0.3 else admitted + timedelta(days=random.randrange(most))

    clock = None if random.random() < 0.3 else time(random.randrange(24), random.choice((0, 30)))
    need_seen = None if random.random() < 0.5 else admitted + timedelta(days=random.randrange(9))
    known = later(40)
    return Moments(admitted, clock, later(60), later(60), need_seen, known)


def drawn_calendars(random: Random) -> Mapping[Whose, Calendar]:
    return {whose: random.choice(CALENDARS) for whose in Whose}


def trees_read() -> AbstractContextManager[object]:
    """Let `decide` do everything that it does, but read the trees in place of the engine."""

    def read(words: PreparedEdition, facts: Facts) -> Marks:
        return words._reading.marks(facts)

    return patch("rules.prepared.PreparedEdition.marks", read)


def decided(edition: Edition, stay: ImaginedStay) -> Decision:
    return decide(edition, stay.facts, stay.moments, stay.calendars)


def told(edition: Edition, decision: Decision, stay: ImaginedStay) -> dict[str, object]:
    """What columns also say, from one decision."""

    def standing_of(clauses: object) -> dict[str, Truth]:
        return {c.id: weigh(c.condition, stay.facts).truth for c in clauses}  # type: ignore[attr-defined]

    criteria, against = standing_of(edition.criteria), standing_of(edition.grounds_against)
    assert {key for key, truth in criteria.items() if truth is Truth.MET} == {
        reason.id for reason in decision.because
    }
    return {
        "coordination": decision.coordination,
        "criteria": criteria,
        "against": against,
        "handoffs": {
            duty.rule_id: (duty.standing, duty.due, duty.preferred, duty.window_from)
            for duty in decision.handoffs
        },
    }


def said_by_columns(columns: DecisionColumns, row: int) -> dict[str, object]:
    """The same, from one row of columns."""
    return {
        "coordination": COORDINATIONS[columns.coordination[row]],
        "criteria": {key: TRUTHS[codes[row]] for key, codes in columns.criteria.items()},
        "against": {key: TRUTHS[codes[row]] for key, codes in columns.against.items()},
        "handoffs": {
            rule_id: (
                STANDINGS[each.standing[row]],
                day_at(each.due, row),
                day_at(each.preferred, row),
                day_at(each.window_from, row),
            )
            for rule_id, each in columns.handoffs.items()
            if each.standing[row]
        },
    }
