"""One imagined patient under one or several editions, each a column of the page.

Asks the rules and puts their answers side by side; decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules import Calendars, Decision, Edition, Fact, Facts, Moments, decide
from rules.condition import facts_of
from rules.why import Explanation, Role, explain
from rules.why.words import HEADINGS, flip_lines


@dataclass(frozen=True)
class Column:
    """What one edition says of the patient, why, and what would change it."""

    heading: str
    edition: Edition
    decision: Decision
    explanation: Explanation
    doubt: str = ""

    @property
    def flips(self) -> tuple[str, ...]:
        """What would change the answer, in words."""
        return tuple(flip_lines(self.explanation))

    @property
    def sections(self) -> tuple[tuple[Role, str], ...]:
        """The headings under which there are clauses."""
        return tuple((role, text) for role, text in HEADINGS.items() if self.explanation.of(role))


def column(
    heading: str, edition: Edition, facts: Facts, moments: Moments, calendars: Calendars
) -> Column:
    """Ask one edition. Raises CalendarError and EngineError as `decide`."""
    known = facts_known(edition, facts)
    decision = decide(edition, known, moments, calendars)
    explanation = explain(edition, known, decision)
    return Column(heading, edition, decision, explanation, _doubt(edition, moments.admitted_on))


def facts_known(edition: Edition, facts: Facts) -> Facts:
    """Leave out what an edition has no word for."""
    words = edition.vocabulary
    return Facts({f: v for f, v in facts.given.items() if f in words and v in words[f].values})


def questions_of(editions: Iterable[Edition]) -> dict[str, tuple[Fact, ...]]:
    """Gather the facts that some condition of the editions names, under their headings."""
    asked: dict[str, dict[str, Fact]] = {}
    for edition in editions:
        named = {fact for condition in edition.conditions for fact in facts_of(condition)}
        for group, facts in edition.vocabulary.groups().items():
            for fact in facts:
                if fact.id in named:
                    asked.setdefault(group, {}).setdefault(fact.id, fact)
    # A fact that two editions put under different headings is asked once, where it came first.
    seen: set[str] = set()
    questions: dict[str, tuple[Fact, ...]] = {}
    for group, by_id in asked.items():
        questions[group] = tuple(fact for fact in by_id.values() if fact.id not in seen)
        seen |= set(by_id)
    return {group: facts for group, facts in questions.items() if facts}


def patient_of(words: str, questions: Mapping[str, tuple[Fact, ...]]) -> dict[str, str]:
    """Read the patient of a finding, such as "mobility=full_help living=alone"."""
    known = {fact.id: fact for facts in questions.values() for fact in facts}
    pairs = (pair.partition("=") for pair in words.split())
    return {
        fact: value for fact, _, value in pairs if fact in known and value in known[fact].values
    }


def _doubt(edition: Edition, admitted_on: date) -> str:
    """Say where an edition is not the one that governs a stay begun on this day."""
    if edition.in_force is None:
        return "施行日の分からない参考の版です。入院日に有効だったかどうかは確かめられません。"
    if edition.in_force > admitted_on:
        return "この版は、入院日にはまだ始まっていません。始まっていたとして答えています。"
    if edition.ends is not None and edition.ends < admitted_on:
        return "この版は、入院日にはもう終わっています。続いていたとして答えています。"
    return ""
