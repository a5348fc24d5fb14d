"""Bringing two people's changes together: nothing of either side is ever lost."""

from hypothesis import given
from hypothesis import strategies as st

from web.merge import Conflict, Merge, merge

FIELDS = st.sampled_from(["mobility", "eating", "living", "municipality"])
VALUES = st.sampled_from(["", "a", "b", "c"])
COPIES = st.dictionaries(FIELDS, VALUES)


def test_different_fields_are_merged() -> None:
    before = {"mobility": "a", "eating": "a", "living": "a"}
    mine, theirs = before | {"mobility": "b"}, before | {"eating": "c"}
    assert merge(before, mine, theirs) == Merge({"mobility": "b", "eating": "c", "living": "a"}, ())


def test_the_same_field_changed_otherwise_is_a_conflict_with_all_three_values() -> None:
    outcome = merge({"eating": "a"}, {"eating": "b"}, {"eating": "c"})
    assert outcome == Merge({}, (Conflict("eating", "a", "b", "c"),))


def test_the_same_change_twice_is_no_conflict() -> None:
    assert merge({"eating": "a"}, {"eating": "b"}, {"eating": "b"}).merged == {"eating": "b"}


def test_what_stood_there_before_is_asked_where_nobody_knows_it() -> None:
    assert merge({}, {"eating": "b"}, {"eating": "c"}).conflicts == (
        Conflict("eating", None, "b", "c"),
    )


@given(COPIES, COPIES, COPIES)
def test_every_field_is_either_settled_or_a_conflict(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    outcome = merge(before, mine, theirs)
    contested = [one.field for one in outcome.conflicts]
    assert sorted([*outcome.merged, *contested]) == sorted({*mine, *theirs})


@given(COPIES, COPIES, COPIES)
def test_no_change_of_either_side_is_lost(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    outcome = merge(before, mine, theirs)
    conflicts = {one.field: one for one in outcome.conflicts}
    for own, side in ((mine, "mine"), (theirs, "theirs")):
        for field, value in own.items():
            if field in conflicts:
                assert getattr(conflicts[field], side) == value
            elif value != before.get(field):
                assert outcome.merged[field] == value


@given(COPIES, COPIES, COPIES)
def test_it_makes_no_difference_who_was_first(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    one, other = merge(before, mine, theirs), merge(before, theirs, mine)
    assert one.merged == other.merged
    assert {c.field for c in one.conflicts} == {c.field for c in other.conflicts}


@given(COPIES, COPIES)
def test_nothing_is_asked_where_only_one_changed_anything(
    before: dict[str, str], mine: dict[str, str]
) -> None:
    assert merge(before, before | mine, before) == Merge(before | mine, ())
