"""Editions drawn at random: what holds for the shipped ones holds for any that can be written.

Learning one more fact never overturns a firm answer, and making the smallest change that an
explanation names does give the answer that it names. The shipped editions are asked one by
one, so that none of them is left to the luck of a draw.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    Edition,
    Facts,
    Library,
    Moments,
    Standing,
    Whose,
    decide,
)
from rules.answer import coordination_of
from rules.condition import ALWAYS, All, AtLeast, Condition, Leaf, opposite
from rules.edition import Clause, Unverified
from rules.kinds import Concern
from rules.why.flips import flips_of
from tests.rules.imagined import Crowd

EDITIONS = Library.load().editions
MIHON = next(edition for edition in EDITIONS if edition.region == "mihon")
ASKED = ("care_manager", "mobility", "living", "stay_length", "support_change", "cancer")
VALUES = {fact: MIHON.vocabulary[fact].known_values for fact in ASKED}
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
MOMENTS = Moments(date(2026, 11, 20), planned_discharge_on=date(2026, 12, 10))
FIRM = (Coordination.REQUIRED, Coordination.NOT_REQUIRED)


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    fact = draw(st.sampled_from(ASKED))
    values = VALUES[fact]
    allowed = draw(st.sets(st.sampled_from(values), min_size=1, max_size=len(values) - 1))
    return Leaf(fact, tuple(value for value in values if value in allowed))


def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return several.map(All) | st.builds(AtLeast, st.integers(1, 2), several)


conditions = st.recursive(leaves(), joined, max_leaves=5)


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    def clauses(name: str, least: int, most: int) -> tuple[Clause, ...]:
        found = draw(st.lists(conditions, min_size=least, max_size=most))
        return tuple(
            Clause(f"{name}-{place}", "条文(架空)", condition, "1頁", place)
            for place, condition in enumerate(found)
        )

    scope = clauses("out-of-scope", 0, 1)
    turned = [replace(each, condition=opposite(each.condition, MIHON.vocabulary)) for each in scope]
    unread = draw(st.lists(st.just(ALWAYS) | conditions, max_size=1))
    doubts = draw(st.lists(st.just(ALWAYS) | conditions, max_size=2))
    rules = tuple(
        replace(rule, condition=draw(conditions), tier=None, stage=None)
        for rule in MIHON.handoffs[:3]
    )
    return replace(
        MIHON,
        criteria=clauses("criterion", 0, 3),
        exclusions=clauses("exclusion", 0, 2),
        out_of_scope=turned[0] if turned else None,
        unverified=tuple(
            Unverified(concern, "読めていません", each, 1)
            for concern, several in ((Concern.CRITERIA, unread), (Concern.EXCLUSIONS, doubts))
            for each in several
        ),
        handoffs=rules,
        tiers=(),
        stages=(),
        consult=(),
        yields_to=(),
    )


patients = st.fixed_dictionaries({}, optional={f: st.sampled_from(v) for f, v in VALUES.items()})


def asked(edition: Edition, known: dict[str, str]) -> tuple[Coordination, frozenset[str]]:
    """Decide through the engine; the answer, and what is owed for certain."""
    decision = decide(edition, Facts(known), MOMENTS, CALENDARS)
    assert decision.coordination is coordination_of(edition, Facts(known))
    owed = {duty.rule_id for duty in decision.handoffs if duty.standing is Standing.REQUIRED}
    return decision.coordination, frozenset(owed)


def learns_without_overturning(edition: Edition, known: dict[str, str], more: str, to: str) -> None:
    answer, owed = asked(edition, known)
    later, still_owed = asked(edition, {**known, more: to})
    if answer in FIRM:
        assert later is answer
        assert owed <= still_owed


def changes_as_named(edition: Edition, known: dict[str, str]) -> int:
    facts = Facts(known)
    now = coordination_of(edition, facts)
    found = flips_of(edition, facts).found
    for flip in found[:6]:
        changed = flip.applied(facts)
        assert flip.becomes is not now
        assert asked(edition, dict(changed.given))[0] is flip.becomes
        # None of its changes can be left out.
        for left_out in flip.changes if len(flip.changes) > 1 else ():
            given_anyway = {fact: changed[fact] for fact in changed.given}
            given_anyway.pop(left_out.fact)
            if left_out.fact in known:
                given_anyway[left_out.fact] = known[left_out.fact]
            assert coordination_of(edition, Facts(given_anyway)) is not flip.becomes
    return len(found)


@given(editions(), patients, st.data())
@settings(max_examples=150, deadline=None)
def test_no_edition_overturns_a_firm_answer(
    edition: Edition, known: dict[str, str], data: st.DataObject
) -> None:
    unasked = [fact for fact in ASKED if fact not in known]
    if unasked:
        more = data.draw(st.sampled_from(unasked))
        learns_without_overturning(edition, known, more, data.draw(st.sampled_from(VALUES[more])))


@given(editions(), patients)
@settings(max_examples=60, deadline=None)
def test_the_smallest_change_flips_the_answer_of_any_edition(
    edition: Edition, known: dict[str, str]
) -> None:
    changes_as_named(edition, known)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: f"{e.region}-{e.in_force}")
class TestEachShippedEdition:
    def test_learning_one_more_fact_never_overturns_a_firm_answer(self, edition: Edition) -> None:
        random, crowd = Random(20261122), Crowd(edition)
        for _ in range(25):
            known = crowd.draw(random)
            for more in sorted(set(crowd.values) - set(known)):
                to = random.choice(crowd.values[more])
                learns_without_overturning(edition, known, more, to)

    def test_making_the_smallest_change_does_flip_it(self, edition: Edition) -> None:
        random, crowd = Random(20261123), Crowd(edition)
        found = sum(changes_as_named(edition, crowd.draw(random)) for _ in range(8))
        # Where neither whom nor by what could be read, no fact gives another answer.
        assert found or not (edition.criteria or edition.out_of_scope)
