from dataclasses import dataclass, field, replace
from datetime import date

from handoffs.moved import CALENDAR, EDITION, causes, moments_as_json, words_of
from rules import VOCABULARY, Facts, Moments

ADMITTED = date(2026, 11, 20)
MOMENTS = Moments(ADMITTED, need_seen_on=ADMITTED)


@dataclass
class Last:
    """The parts of an earlier decision that are compared."""

    facts: dict[str, str] = field(default_factory=lambda: {"mobility": "independent"})
    outcome: dict[str, object] = field(
        default_factory=lambda: {"moments": moments_as_json(MOMENTS)}
    )
    edition_digest: str = "a"


FACTS = Facts({"mobility": "independent"})


def test_a_first_decision_has_no_reason_to_differ() -> None:
    assert causes(None, FACTS, MOMENTS, "a") == ()


def test_the_date_and_the_fact_that_moved_are_named() -> None:
    moved = replace(
        MOMENTS, planned_discharge_on=date(2026, 12, 1), discharge_known_on=date(2026, 11, 22)
    )
    facts = Facts({"mobility": "full_help", "eating": "supervised"})
    assert causes(Last(), facts, moved, "a") == ("planned_discharge_on", "mobility", "eating")


def test_a_fact_that_is_not_known_any_more_has_moved() -> None:
    assert causes(Last(), Facts({}), MOMENTS, "a") == ("mobility",)


def test_days_that_follow_others_are_named_only_where_they_moved_alone() -> None:
    alone = replace(MOMENTS, need_seen_on=date(2026, 11, 22))
    assert causes(Last(), FACTS, alone, "a") == ("need_seen_on",)
    with_edition = causes(Last(), FACTS, alone, "b")
    assert with_edition == (EDITION,)


def test_where_nothing_else_moved_it_was_the_calendar() -> None:
    assert causes(Last(), FACTS, MOMENTS, "a") == (CALENDAR,)


def test_a_decision_from_before_moments_were_kept_is_compared_by_its_facts() -> None:
    moved = replace(MOMENTS, planned_discharge_on=date(2026, 12, 1))
    assert causes(Last(outcome={}), Facts({}), moved, "a") == ("mobility",)


def test_codes_become_words_and_an_unknown_code_stays() -> None:
    assert words_of("planned_discharge_on mobility calendar gone", VOCABULARY) == (
        "退院予定日",
        "立ち上がり・歩行",
        "営業日・休みの日",
        "gone",
    )
