"""The region's own goals: written, reworded and taken back, each wording kept."""

import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.rates.yearly.goals import (
    MOST_GOALS,
    GoalEntry,
    goals_of,
    take_back_goal,
    wordings_of,
    write_goal,
)
from tests.people import NOW, REGION, Cast

GOAL = GoalEntry(goal="要支援の方の退院調整率を上げる", target="80%")


def test_a_goal_is_reworded_and_its_first_words_stay_readable(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        write_goal(session, REGION, 2026, None, GOAL, by=cast.health_officer, now=NOW)
        done = GOAL.model_copy(update={"result": "78%", "next_step": "包括との会議"})
        write_goal(session, REGION, 2026, 1, done, by=cast.health_officer, now=NOW)
        assert write_goal(session, REGION, 2026, 1, done, by=cast.health_officer, now=NOW) is None
        (goal,) = goals_of(session, REGION, 2026)
        assert (goal.number, goal.result, goal.next_step) == (1, "78%", "包括との会議")
        assert [one.result for one in wordings_of(session, REGION, 2026, 1)] == ["78%", ""]
        assert goals_of(session, REGION, 2025) == ()
        assert goals_of(session, "elsewhere", 2026) == ()


def test_a_goal_that_was_taken_back_leaves_its_number_free_for_nobody(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        write_goal(session, REGION, 2026, None, GOAL, by=cast.health_officer, now=NOW)
        assert take_back_goal(session, REGION, 2026, 1, by=cast.health_officer, now=NOW)
        assert not take_back_goal(session, REGION, 2026, 1, by=cast.health_officer, now=NOW)
        write_goal(session, REGION, 2026, None, GOAL, by=cast.health_officer, now=NOW)
        assert [goal.number for goal in goals_of(session, REGION, 2026)] == [2]


def test_empty_long_and_too_many_goals_are_refused(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for entry, field in (
            (GoalEntry(), "goal"),
            (GOAL.model_copy(update={"result": "長" * 601}), "result"),
        ):
            with pytest.raises(BadEntry) as refused:
                write_goal(session, REGION, 2026, None, entry, by=cast.health_officer, now=NOW)
            assert list(refused.value.fields) == [field]
        for _ in range(MOST_GOALS):
            write_goal(session, REGION, 2026, None, GOAL, by=cast.health_officer, now=NOW)
        with pytest.raises(BadEntry):
            write_goal(session, REGION, 2026, None, GOAL, by=cast.health_officer, now=NOW)
