"""All conditions of an edition read at once, against each read alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules import VOCABULARY, Facts, Truth
from rules.condition import ALWAYS, NEVER, All, AtLeast, Condition, Leaf, weigh
from rules.condition_marks import Reading

FACTS = ("mobility", "housework", "portable_toilet")


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    fact = draw(st.sampled_from(FACTS))
    values = VOCABULARY[fact].known_values
    allowed = draw(st.sets(st.sampled_from(values), min_size=1, max_size=len(values) - 1))
    return Leaf(fact, tuple(sorted(allowed)))


@st.composite
def choices(draw: st.DrawFn, parts: st.SearchStrategy[Condition]) -> Condition:
    chosen = tuple(draw(st.lists(parts, max_size=3)))
    if draw(st.booleans()):
        return All(chosen)
    # A part that stands several times is one with several points.
    chosen = tuple(part for part in chosen for _ in range(draw(st.integers(1, 3))))
    return AtLeast(draw(st.integers(1, len(chosen) + 1)), chosen)


CONDITIONS = st.recursive(leaves(), choices, max_leaves=6)
PATIENTS = st.fixed_dictionaries(
    {fact: st.sampled_from(tuple(VOCABULARY[fact].values)) for fact in FACTS}
).map(Facts)


@given(st.lists(CONDITIONS, max_size=6, unique=True).map(tuple), PATIENTS)
def test_conditions_read_together_stand_as_each_of_them_alone(
    conditions: tuple[Condition, ...], patient: Facts
) -> None:
    reading = Reading(conditions, VOCABULARY)
    met, could = reading.marks(patient)
    for number, condition in enumerate(conditions):
        truth = weigh(condition, patient).truth
        assert bool(met >> number & 1) is (truth is Truth.MET)
        assert bool(could >> number & 1) is (truth is not Truth.CLOSED)
    assert reading.asked == (1 << len(conditions)) - 1


@given(st.lists(CONDITIONS, min_size=1, max_size=4, unique=True).map(tuple), PATIENTS)
def test_an_open_condition_waits_for_what_it_waits_for_alone(
    conditions: tuple[Condition, ...], patient: Facts
) -> None:
    reading = Reading(conditions, VOCABULARY)
    met, could = reading.marks(patient)
    for condition in conditions:
        assert reading.waits(condition).of(could & ~met) == weigh(condition, patient).waits_for


def test_what_always_and_what_never_holds_needs_no_fact() -> None:
    assert Reading((ALWAYS, NEVER), VOCABULARY).marks(Facts()) == (0b01, 0b01)


def test_a_part_with_three_points_counts_three() -> None:
    needs_help = Leaf("mobility", ("full_help",))
    score = AtLeast(3, (needs_help, needs_help, needs_help, Leaf("housework", ("partial_help",))))
    reading = Reading((score, needs_help), VOCABULARY)
    met, could = reading.marks(Facts({"mobility": "full_help"}))
    assert (met & reading.asked, could & reading.asked) == (0b11, 0b11)
