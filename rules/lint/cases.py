"""Faults that show in cases: examples that are missing or fail, clauses that never fired."""

from __future__ import annotations

from collections.abc import Iterator

from rules.answer import coordination_of
from rules.check import check_examples
from rules.condition import facts_of, weigh
from rules.edition import Clause, Edition, HandoffRule
from rules.errors import ExampleError
from rules.facts import Facts
from rules.kinds import Coordination, Truth
from rules.lint.finding import Fault, Finding
from rules.lint.history import History
from rules.lint.search import TooLarge, somebody
from rules.wording import without_repeats


def faults_of_examples(edition: Edition) -> Iterator[Finding]:
    """Find an example that fails, a criterion that none meets, a handoff that none shows.

    EngineError where the edition cannot be decided at all.
    """
    try:
        check_examples(edition)
    except ExampleError as wrong:
        clause = next((c for c in _with_reasons(edition) if c.line == wrong.line), None)
        yield Finding(
            Fault.EXAMPLE,
            edition.file,
            wrong.line,
            "" if clause is None else clause.id,
            wrong.found,
            wrong.instead,
            None if clause is None else _someone(edition, clause),
        )
    # Where no criterion could be read, a handoff can only wait.
    shows = Coordination.REQUIRED if edition.criteria else Coordination.UNDETERMINED
    owed = [
        example.given
        for example in edition.examples
        if coordination_of(edition, example.given) is shows
    ]
    for rule in edition.handoffs:
        if not any(weigh(rule.condition, facts).truth is Truth.MET for facts in owed):
            yield Finding(
                Fault.EXAMPLE,
                edition.file,
                rule.line,
                rule.id,
                f"引継ぎ「{rule.id}」が必要になる例がありません。",
                "この引継ぎが必要な人の例を、examples に一つ書き足してください。",
                _someone(edition, rule),
            )


def faults_of_history(edition: Edition, history: History) -> Iterator[Finding]:
    """Find criteria, exclusions and handoffs that nobody of a history came under."""
    days = "" if history.since is None else f"({history.since}から{history.until}まで)"
    where = f"実績{history.stays}件{days}"
    if not history.stays:
        yield Finding(
            Fault.NEVER_FIRED,
            edition.file,
            0,
            "",
            f"{history.file} には、この版の地域と期間の実績が一件もありません。",
            "地域と期間を確かめてください。",
            note=True,
        )
        return
    clauses: tuple[Clause | HandoffRule, ...] = (*_with_reasons(edition), *edition.handoffs)
    for clause in clauses:
        if any(weigh(clause.condition, facts).truth is Truth.MET for facts in history.counted):
            continue
        truths = {weigh(clause.condition, facts).truth for facts in history.counted}
        asked = "(不明のままの人はいます)" if Truth.OPEN in truths else ""
        yield Finding(
            Fault.NEVER_FIRED,
            edition.file,
            clause.line,
            clause.id,
            f"「{clause.id}」に当てはまった人が、{where}に一人もいません{asked}。",
            "条件が紙より狭くないか、判定項目が記録されているかを確かめてください。",
            _someone(edition, clause),
        )


def facts_looked_at(edition: Edition) -> tuple[str, ...]:
    """List the facts that decide what fires."""
    conditions = (
        *(clause.condition for clause in _with_reasons(edition)),
        *(rule.condition for rule in edition.handoffs),
    )
    return without_repeats(fact for condition in conditions for fact in facts_of(condition))


def _with_reasons(edition: Edition) -> tuple[Clause, ...]:
    """List the clauses that speak for or against coordination."""
    return (*edition.criteria, *edition.grounds_against)


def _someone(edition: Edition, clause: Clause | HandoffRule) -> Facts | None:
    """Find somebody who comes under a clause."""
    try:
        return somebody((clause.condition,), edition.vocabulary)
    except TooLarge:
        return None
