"""Every example of every shipped edition is a test, named by its own sentence."""

from __future__ import annotations

from datetime import date

import pytest

from rules import MONDAY_TO_FRIDAY as PLAIN
from rules import (
    VOCABULARY,
    Concern,
    Coordination,
    Edition,
    Example,
    Facts,
    Library,
    Moments,
    Whose,
    check_examples,
    decide,
)
from rules.check import decide_example
from rules.due import Counted

LIBRARY = Library.load()
EXAMPLES = [
    pytest.param(edition, example, id=f"{edition.region}-{edition.in_force}: {example.name}")
    for edition in LIBRARY.editions
    for example in edition.examples
]
CALENDARS = dict.fromkeys(Whose, PLAIN)


@pytest.mark.parametrize(("edition", "example"), EXAMPLES)
def test_example(edition: Edition, example: Example) -> None:
    decision = decide_example(edition, example)
    assert decision.coordination is example.expect.coordination
    came = {duty.rule_id: duty.due for duty in decision.handoffs}
    assert came.items() >= example.expect.due.items()


@pytest.mark.parametrize("edition", LIBRARY.editions, ids=lambda e: f"{e.region}-{e.in_force}")
class TestEveryShippedEdition:
    def test_does_what_all_its_examples_say(self, edition: Edition) -> None:
        assert check_examples(edition) == len(edition.examples) > 4

    def test_gives_a_source_for_everything(self, edition: Edition) -> None:
        assert edition.source.title
        assert edition.source.url.startswith(("https://", "http://"))
        said = [(each.text, each.source) for each in (*edition.criteria, *edition.grounds_against)]
        said += [(each.text, each.source) for each in edition.handoffs]
        assert all(text and source for text, source in said)

    def test_is_undetermined_while_nothing_is_known(self, edition: Edition) -> None:
        decision = decide(edition, Facts(), Moments(date(2027, 4, 1)), CALENDARS)
        assert decision.coordination is Coordination.UNDETERMINED
        assert decision.missing
        assert decision.unverified == tuple(part.text for part in edition.unverified)

    def test_shows_by_an_example_a_fact_that_changes_its_answer(self, edition: Edition) -> None:
        def answer(given: dict[str, str]) -> Coordination:
            moments = Moments(date(2027, 4, 1))
            return decide(edition, Facts(given), moments, CALENDARS).coordination

        shown = [dict(e.given.given) for e in edition.examples]
        assert any(
            answer(given) is Coordination.REQUIRED
            and answer({**given, fact: other}) is not Coordination.REQUIRED
            for given in shown
            for fact in given
            for other in edition.vocabulary[fact].known_values
        )


def test_the_sample_region_says_that_it_is_invented() -> None:
    for edition in LIBRARY.of_region("mihon"):
        assert "架空" in edition.title
        assert "架空" in edition.source.title
        assert "example.invalid" in edition.source.url
        assert not edition.partial
        assert all("架空" in clause.source for clause in edition.criteria)


def test_only_the_invented_region_gives_a_last_day() -> None:
    """No published text at hand gives a regional number of days; none may be computed."""
    for edition in LIBRARY.editions:
        numbers = [r.due.latest for r in edition.handoffs if isinstance(r.due, Counted)]
        if edition.region != "mihon":
            assert edition.partial
            assert edition.unverified
            assert set(numbers) <= {None}, edition.file


def test_the_day_of_admission_chooses_between_seven_and_five_days() -> None:
    facts = Facts.of({"care_manager": "assigned"}, VOCABULARY)

    def due(admitted_on: date) -> date | None:
        edition = LIBRARY.in_force("mihon", admitted_on)
        decision = decide(edition, facts, Moments(admitted_on), CALENDARS)
        dues = {duty.rule_id: duty.due for duty in decision.handoffs}
        return dues["admission-information"]

    assert due(date(2026, 11, 20)) == date(2026, 11, 26)
    assert due(date(2027, 3, 31)) == date(2027, 4, 6)
    assert due(date(2027, 4, 1)) == date(2027, 4, 5)


def test_the_two_sample_editions_differ_in_one_article_only() -> None:
    older, newer = LIBRARY.of_region("mihon")
    assert [c.condition for c in older.criteria] == [c.condition for c in newer.criteria]
    assert older.exclusions[0].condition == newer.exclusions[0].condition
    changed = [
        new.id
        for old, new in zip(older.handoffs, newer.handoffs, strict=True)
        if (old.due, old.text, old.condition) != (new.due, new.text, new.condition)
    ]
    assert changed == ["admission-information"]


def test_all_sixteen_specified_diseases_stand_in_the_vocabulary() -> None:
    assert len(VOCABULARY["specified_disease"].known_values) == len((*range(16), "none"))


def test_the_guide_of_fukui_is_a_preferred_day_and_never_a_last_one() -> None:
    edition = LIBRARY.in_force("fukui", date(2026, 11, 20))
    facts = Facts.of({"care_manager": "assigned"}, edition.vocabulary)
    moments = Moments(date(2026, 11, 20), planned_discharge_on=date(2026, 12, 10))
    decision = decide(edition, facts, moments, CALENDARS)
    notice = next(duty for duty in decision.handoffs if duty.rule_id == "discharge-notice")
    assert (notice.due, notice.preferred) == (None, date(2026, 12, 3))
    assert all(duty.due is None for duty in decision.handoffs)


def test_the_published_regions_are_partial_editions_of_at_least_twelve_papers() -> None:
    published = {edition.region for edition in LIBRARY.editions} - {"mihon"}
    assert len(published) >= 12
    for edition in LIBRARY.editions:
        concerns = {part.concern for part in edition.unverified}
        if edition.region in published:
            assert Concern.DUE in concerns, edition.file
        if edition.region in published and edition.in_force is None:
            assert Concern.START in concerns, edition.file


def test_the_guide_of_kobe_is_a_preferred_day_and_never_a_last_one() -> None:
    edition = next(edition for edition in LIBRARY.editions if edition.region == "kobe")
    facts = Facts.of({"care_manager": "assigned"}, edition.vocabulary)
    decision = decide(edition, facts, Moments(date(2026, 11, 20)), CALENDARS)
    information = decision.handoffs[0]
    assert (information.due, information.preferred) == (None, date(2026, 11, 22))


def test_in_josho_the_tier_follows_what_the_hospital_expects() -> None:
    edition = next(edition for edition in LIBRARY.editions if edition.region == "josho")
    new = {"care_service_before": "not_used"}
    for expected, label in (("care", "要介護相当"), ("support", "要支援相当")):
        facts = Facts.of({**new, "expected_need": expected}, edition.vocabulary)
        tier = decide(edition, facts, Moments(date(2026, 11, 20)), CALENDARS).tier
        assert tier is not None
        assert tier.text == label
