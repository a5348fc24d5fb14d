"""Condition trees: three values, opposites, and their spelling as alternatives."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from rules import VOCABULARY, Facts, Truth
from rules.condition import (
    ALWAYS,
    NEVER,
    All,
    AtLeast,
    Condition,
    Leaf,
    any_of,
    facts_of,
    opposite,
    size,
    terms,
    weigh,
)

FACTS = ("mobility", "housework", "portable_toilet")
TURNED = {Truth.MET: Truth.CLOSED, Truth.OPEN: Truth.OPEN, Truth.CLOSED: Truth.MET}


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    fact = draw(st.sampled_from(FACTS))
    values = VOCABULARY[fact].known_values
    allowed = draw(st.sets(st.sampled_from(values), min_size=1, max_size=len(values) - 1))
    return Leaf(fact, tuple(sorted(allowed)))


@st.composite
def choices(draw: st.DrawFn, parts: st.SearchStrategy[Condition]) -> Condition:
    chosen = tuple(draw(st.lists(parts, min_size=1, max_size=3)))
    if draw(st.booleans()):
        return All(chosen)
    # A part that stands several times is one with several points.
    chosen = tuple(part for part in chosen for _ in range(draw(st.integers(1, 3))))
    return AtLeast(draw(st.integers(1, len(chosen))), chosen)


CONDITIONS = st.recursive(leaves(), choices, max_leaves=5)
PATIENTS = st.fixed_dictionaries(
    {fact: st.sampled_from(tuple(VOCABULARY[fact].values)) for fact in FACTS}
).map(Facts)


@given(CONDITIONS, PATIENTS)
def test_the_opposite_holds_exactly_where_the_condition_cannot(
    condition: Condition, patient: Facts
) -> None:
    turned = opposite(condition, VOCABULARY)
    assert weigh(turned, patient).truth is TURNED[weigh(condition, patient).truth]
    assert set(weigh(turned, patient).waits_for) == set(weigh(condition, patient).waits_for)


@given(CONDITIONS, PATIENTS)
def test_alternatives_say_the_same_as_the_tree(condition: Condition, patient: Facts) -> None:
    alternatives = [weigh(All(term), patient).truth for term in terms(condition)]
    assert len(alternatives) <= size(condition)
    truth = weigh(condition, patient).truth
    assert (Truth.MET in alternatives) == (truth is Truth.MET)
    assert (set(alternatives) == {Truth.CLOSED}) == (truth is Truth.CLOSED)


@given(CONDITIONS, PATIENTS)
def test_what_is_settled_stays_settled_and_waits_for_nothing(
    condition: Condition, patient: Facts
) -> None:
    weighing = weigh(condition, patient)
    assert (weighing.truth is Truth.OPEN) == bool(weighing.waits_for)
    assert all(patient[fact] == "unknown" for fact in weighing.waits_for)
    if weighing.truth is Truth.OPEN:
        return
    for values in product(*(VOCABULARY[fact].known_values for fact in FACTS)):
        learned = dict(zip(FACTS, values, strict=True)) | dict(patient.given)
        assert weigh(condition, Facts(learned)).truth is weighing.truth


def test_at_least_two_of_three_is_open_while_one_is_missing() -> None:
    signs = AtLeast(2, tuple(Leaf(fact, (VOCABULARY[fact].known_values[-1],)) for fact in FACTS))
    one = Facts({"mobility": "full_help", "housework": "independent"})
    assert weigh(signs, one).truth is Truth.OPEN
    assert weigh(signs, one).waits_for == ("portable_toilet",)
    assert size(signs) == len(terms(signs)) == 3


def test_a_score_is_spelled_out_as_the_smallest_sets_that_reach_it() -> None:
    heavy, light, lighter = (Leaf(fact, (VOCABULARY[fact].known_values[-1],)) for fact in FACTS)
    score = AtLeast(3, (light, heavy, heavy, lighter))
    assert terms(score) == ((heavy, light), (heavy, lighter))
    assert size(score) == 2
    assert terms(AtLeast(2, (light, heavy, heavy, lighter))) == ((heavy,), (light, lighter))


def test_nothing_never_holds_and_its_opposite_always_does() -> None:
    assert opposite(NEVER, VOCABULARY) == ALWAYS
    assert weigh(NEVER, Facts()).truth is Truth.CLOSED
    assert (terms(NEVER), size(NEVER)) == ((), 0)


def test_a_condition_without_parts_always_holds() -> None:
    assert weigh(ALWAYS, Facts()).truth is Truth.MET
    assert terms(ALWAYS) == ((),)
    assert size(ALWAYS) == 1
    assert facts_of(ALWAYS) == ()


def test_the_facts_of_a_condition_are_listed_once() -> None:
    leaf = Leaf("mobility", ("full_help",))
    assert facts_of(any_of((leaf, All((leaf, Leaf("living", ("alone",))))))) == (
        "mobility",
        "living",
    )
