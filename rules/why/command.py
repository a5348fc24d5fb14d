"""The commands `why` and `simulate`: explain one imagined case, and try a change on it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any

from rules.fees.command import Commands
from rules.imagined_case import ImaginedCase, add_case, case_of, changed_facts
from rules.printing import decision_lines
from rules.why import explain
from rules.why.words import why_lines


def add_why(commands: Commands) -> None:
    """Describe both commands and what they take."""
    why = commands.add_parser("why", help="判定の理由を、条文と条件ごとに示す")
    add_case(why)
    simulate = commands.add_parser("simulate", help="判定項目を変えると判定がどう変わるかを試す")
    add_case(simulate, facts_required=False)
    simulate.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="項目=値",
        help="変える判定項目。何度でも書ける(例: --set mobility=full_help)",
    )


def answer_why(given: argparse.Namespace, today: date) -> dict[str, Any] | Iterator[str]:
    """Explain the case that was given, for JSON or line by line."""
    case = case_of(given, today)
    explanation = explain(case.edition, case.facts, case.decision())
    return explanation.as_json() if given.json else why_lines(explanation)


def answer_simulate(given: argparse.Namespace, today: date) -> dict[str, Any] | Iterator[str]:
    """Show the answer before and after the changes, and why, for JSON or line by line."""
    before = case_of(given, today)
    facts = changed_facts(before.facts, before.edition, given.settings)
    after = before.with_facts(facts)
    if not given.json:
        return _simulated(before, after)
    return {
        "changed": {fact: [before.facts[fact], facts[fact]] for fact in _differing(before, after)},
        "before": before.decision().as_json(),
        "after": after.decision().as_json(),
        "why": explain(after.edition, facts, after.decision()).as_json(),
    }


def _simulated(before: ImaginedCase, after: ImaginedCase) -> Iterator[str]:
    """Say what was changed, both answers, and why the second one comes out."""
    vocabulary = before.edition.vocabulary
    differing = _differing(before, after)
    for fact in differing:
        values = vocabulary[fact].values
        labels = f"{values[before.facts[fact]]} → {values[after.facts[fact]]}"
        yield f"変えた項目: {vocabulary[fact].label}: {labels}"
    first, second = before.decision(), after.decision()
    if differing:
        yield f"判定: {first.coordination.label} → {second.coordination.label}"
        yield "── 変える前"
        yield from decision_lines(first, vocabulary, before.calendar)
        yield "── 変えた後"
    yield from decision_lines(second, vocabulary, after.calendar)
    yield "── 理由"
    yield from why_lines(explain(after.edition, after.facts, second))


def _differing(before: ImaginedCase, after: ImaginedCase) -> list[str]:
    """List the facts that were changed, in the order of the paper."""
    return [f for f in before.edition.vocabulary if before.facts[f] != after.facts[f]]
