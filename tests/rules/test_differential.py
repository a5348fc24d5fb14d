"""durable-rules behind its door, against a plain reading of the same files."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    Decision,
    Edition,
    Facts,
    Library,
    Moments,
    Whose,
    decide,
    edition_of,
)
from rules.check import impossible
from tests.rules.imagined import Crowd
from tests.rules.plain_reading import Answer, answer, paper

SHIPPED = Library.load().editions
SHAPES = tuple(
    edition_of(file) for file in sorted((Path(__file__).parent / "shapes").glob("*.yaml"))
)
EDITIONS = (*SHIPPED, *SHAPES)
PAPERS = {edition: paper(edition.file) for edition in EDITIONS}
CROWDS = {edition: Crowd(edition) for edition in EDITIONS}
MOMENTS = Moments(date(2026, 11, 20))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)


def told(decision: Decision) -> Answer:
    return Answer(
        decision.coordination.value,
        frozenset(reason.id for reason in decision.because),
        frozenset(reason.id for reason in decision.excluded_by),
        frozenset(decision.missing),
        frozenset((duty.rule_id, duty.standing.value) for duty in decision.handoffs),
    )


def decided(edition: Edition, known: dict[str, str]) -> Decision:
    return decide(edition, Facts(known), MOMENTS, CALENDARS)


def compare(editions: tuple[Edition, ...], cases: int, seed: int) -> Counter[tuple[Edition, str]]:
    """Compare in turn; somebody drawn twice for one edition is counted but not asked twice."""
    random = Random(seed)
    seen: Counter[tuple[Edition, str]] = Counter()
    met: dict[tuple[Edition, Facts], str] = {}
    for number in range(cases):
        edition = editions[number % len(editions)]
        known = CROWDS[edition].draw(random)
        patient = edition, Facts(known)
        if patient not in met:
            decision = decided(edition, known)
            assert told(decision) == answer(PAPERS[edition], known), (edition.file, known)
            met[patient] = decision.coordination.value
        seen[edition, met[patient]] += 1
    return seen


@pytest.mark.parametrize("editions", [SHIPPED, SHAPES], ids=["shipped", "shapes"])
def test_fifty_thousand_imagined_patients_get_the_answer_of_a_plain_reading(
    editions: tuple[Edition, ...],
) -> None:
    seen = compare(editions, 25_000, seed=20261120)
    for edition in editions:
        for coordination in Coordination:
            if not impossible(edition, coordination):
                assert seen[edition, coordination.value] > 15, (edition.file, coordination)


@pytest.mark.long
def test_a_million_imagined_patients_get_the_answer_of_a_plain_reading() -> None:
    assert sum(compare(EDITIONS, 1_000_000, seed=20270401).values()) == 1_000_000


@st.composite
def patients(draw: st.DrawFn) -> tuple[Edition, dict[str, str]]:
    edition = draw(st.sampled_from(EDITIONS))
    boxes = {
        fact: st.sampled_from((None, *values)) for fact, values in CROWDS[edition].values.items()
    }
    ticked = draw(st.fixed_dictionaries(boxes))
    return edition, {fact: value for fact, value in ticked.items() if value is not None}


@given(patients())
@settings(max_examples=1_000, deadline=None)
def test_any_patient_gets_the_answer_of_a_plain_reading(
    patient: tuple[Edition, dict[str, str]],
) -> None:
    edition, known = patient
    assert told(decided(edition, known)) == answer(PAPERS[edition], known)


@given(patients(), st.data())
@settings(max_examples=500, deadline=None)
def test_learning_one_more_fact_never_overturns_a_firm_answer(
    patient: tuple[Edition, dict[str, str]], data: st.DataObject
) -> None:
    edition, known = patient
    before = decided(edition, known)
    unasked = sorted(set(CROWDS[edition].values) - set(known))
    if not unasked:
        return
    fact = data.draw(st.sampled_from(unasked))
    value = data.draw(st.sampled_from(CROWDS[edition].values[fact]))
    after = decided(edition, {**known, fact: value})
    if before.coordination != "undetermined":
        assert after.coordination is before.coordination
        assert {r.id for r in before.because} <= {r.id for r in after.because}
        firm = {d.rule_id for d in before.handoffs if d.standing == "required"}
        assert firm <= {d.rule_id for d in after.handoffs if d.standing == "required"}
        assert {d.rule_id for d in after.handoffs} <= {d.rule_id for d in before.handoffs}
        assert before.tier in (None, after.tier)
        assert before.stage in (None, after.stage)
        assert {r.id for r in before.consult} <= {r.id for r in after.consult}
        assert {r.id for r in before.yields_to} <= {r.id for r in after.yields_to}
    if fact not in before.missing:
        assert after.coordination is before.coordination
        assert [(d.rule_id, d.standing, d.due) for d in after.handoffs] == [
            (d.rule_id, d.standing, d.due) for d in before.handoffs
        ]
        assert (after.tier, after.stage) == (before.tier, before.stage)


@given(patients())
@settings(max_examples=500, deadline=None)
def test_unknown_is_never_no(patient: tuple[Edition, dict[str, str]]) -> None:
    """不要 stands only where no way of filling the blanks would ask for coordination."""
    edition, known = patient
    if decided(edition, known).coordination != "not_required":
        return
    random = Random(0)
    for _ in range(20):
        filled = {
            fact: known.get(fact) or random.choice(values)
            for fact, values in CROWDS[edition].values.items()
        }
        assert answer(PAPERS[edition], filled).coordination == "not_required"
