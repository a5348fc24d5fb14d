"""Why, why not, and what would change it: checked by making the change."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    UNKNOWN,
    Coordination,
    Edition,
    Facts,
    Library,
    Moments,
    Whose,
    decide,
)
from rules.answer import coordination_of
from rules.condition import facts_of
from rules.why import Role, explain, tree_of
from rules.why.words import why_lines
from tests.rules.editions import changed

EDITIONS = Library.load().editions
MIHON = next(edition for edition in EDITIONS if edition.region == "mihon")
MOMENTS = Moments(date(2026, 11, 20))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)


def used(edition: Edition) -> list[str]:
    named = {fact for condition in edition.conditions for fact in facts_of(condition)}
    return [fact for fact in edition.vocabulary if fact in named]


@st.composite
def patients(draw: st.DrawFn) -> tuple[Edition, Facts]:
    edition = draw(st.sampled_from(EDITIONS))
    boxes = {
        fact: st.sampled_from(tuple(edition.vocabulary[fact].values)) for fact in used(edition)
    }
    ticked = draw(st.fixed_dictionaries(boxes))
    return edition, Facts(ticked)


def answer(edition: Edition, facts: Facts) -> Coordination:
    return decide(edition, facts, MOMENTS, CALENDARS).coordination


@given(patients())
@settings(max_examples=300, deadline=None)
def test_the_answer_read_from_the_trees_is_the_decided_one(patient: tuple[Edition, Facts]) -> None:
    edition, facts = patient
    assert coordination_of(edition, facts) is answer(edition, facts)


@given(patients())
@settings(max_examples=60, deadline=None)
def test_making_the_named_change_flips_the_answer_and_no_smaller_one_does(
    patient: tuple[Edition, Facts],
) -> None:
    edition, facts = patient
    now = answer(edition, facts)
    flips = explain(edition, facts).flips
    for flip in flips.found[:10]:
        assert flip.becomes is not now
        for change in flip.changes:
            for value in change.values:
                other = Facts({**flip.applied(facts).given, change.fact: value})
                assert coordination_of(edition, other) is flip.becomes
        assert answer(edition, flip.applied(facts)) is flip.becomes
    singles = {
        (fact, value): coordination_of(edition, Facts({**facts.given, fact: value}))
        for fact in used(edition)
        for value in edition.vocabulary[fact].known_values
        if value != facts[fact]
    }
    for target in set(Coordination) - {now}:
        by_one = {pair for pair, becomes in singles.items() if becomes is target}
        named = {
            (change.fact, value)
            for flip in flips.to(target)
            if len(flip.changes) == 1
            for change in flip.changes
            for value in change.values
        }
        assert named == by_one
        if by_one:
            assert all(len(flip.changes) == 1 for flip in flips.to(target))


def test_where_no_single_change_helps_the_pairs_are_all_tried() -> None:
    facts = Facts({"care_manager": "assigned", "mobility": "full_help", "ward_judgement": "needed"})
    flips = explain(MIHON, facts).flips
    (to_not_required,) = [
        [flip for flip in flips.to(Coordination.NOT_REQUIRED) if len(flip.changes) == 2]
    ]
    singles = [
        (fact, value)
        for fact in used(MIHON)
        for value in MIHON.vocabulary[fact].known_values
        if value != facts[fact]
    ]
    by_force = {
        (one, other)
        for one, other in combinations(singles, 2)
        if one[0] != other[0]
        and coordination_of(MIHON, Facts({**facts.given, **dict((one, other))}))
        is Coordination.NOT_REQUIRED
    }
    assert {
        ((first.fact, one), (second.fact, other))
        for first, second in (flip.changes for flip in to_not_required)
        for one in first.values
        for other in second.values
    } == by_force


def test_an_unknown_fact_is_named_as_what_settles_an_open_answer() -> None:
    example = MIHON.examples[-1]
    flips = explain(MIHON, example.given).flips
    assert [(flip.changes[0].fact, flip.becomes.value) for flip in flips.found][-1] == (
        "mobility",
        "not_required",
    )
    assert flips.to(Coordination.NOT_REQUIRED)[0].changes[0].values == ("independent",)


def test_the_tree_shows_words_values_and_who_gave_them() -> None:
    facts = Facts({"stay_length": "short", "support_change": "unchanged", "mobility": "full_help"})
    decision = decide(MIHON, facts, MOMENTS, CALENDARS)
    explained = explain(MIHON, facts, decision, {"stay_length": "病棟(11月20日)"})
    assert explained.coordination is Coordination.UNDETERMINED
    text = "\n".join(why_lines(explained))
    assert (
        "  ○ 当てはまる  立ち上がりや歩行に介助(見守りを含む)が必要(手引き(架空) 5頁 第3条(1))"
        in text
    )
    assert "○ 当てはまる 入院の予定: 「検査・手術などの短い入院(おおむね3日)」" in text
    assert "← 検査・手術などの短い入院(おおむね3日)、病棟(11月20日)" in text
    assert "? 不明 次のうち2つ以上" in text
    assert "ケアマネジャー(計画作成担当)が「決まっている」「長期の入院などで" in text
    (exclusion,) = explained.of(Role.EXCLUSION)
    assert [part.sign for part in exclusion.tree.parts] == ["○", "?"]


def test_what_was_not_given_was_given_by_nobody() -> None:
    node = tree_of(MIHON.criteria[3].condition, Facts(), MIHON.vocabulary, {"mobility": "病棟"})
    assert (node.sign, node.value, node.given_by) == ("?", "不明・未評価", None)


def test_a_score_is_shown_with_its_points(tmp_path: Path) -> None:
    score = (
        "    when:\n      score:\n        at_least: 3\n        of:\n"
        "          - {points: 2, when: {mobility: [partial_help, full_help]}}\n"
        "          - {points: 1, when: {eating: full_help}}\n"
    )
    edition = changed(tmp_path, ("    when: {mobility: [partial_help, full_help]}\n", score))
    condition = edition.criteria[1].condition
    node = tree_of(condition, Facts({"eating": "full_help"}), edition.vocabulary)
    assert node.words == "次の点の合計が3点以上"
    assert [(part.points, part.sign) for part in node.parts] == [(2, "?"), (1, "○")]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: f"{e.region}-{e.in_force}")
def test_every_clause_of_every_edition_is_explained(edition: Edition) -> None:
    explained = explain(edition, Facts())
    for role, clauses in ((Role.CRITERION, edition.criteria), (Role.HANDOFF, edition.handoffs)):
        assert [each.id for each in explained.of(role)] == [each.id for each in clauses]
    words = "\n".join(why_lines(explained))
    assert UNKNOWN not in words
    assert explained.as_json()["coordination"] == "undetermined"
