"""A hundred mutants of a shipped edition: the loader, the examples or the linter see each."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from rules import (
    MONDAY_TO_FRIDAY,
    Edition,
    EditionError,
    Facts,
    Library,
    Moments,
    Whose,
    edition_of,
)
from rules.answer import coordination_of
from rules.condition import weigh
from rules.due import due_at
from rules.lint import lint
from rules.lint.finding import Fault
from tests.rules import mutants
from tests.rules.imagined import Crowd
from tests.rules.mutants import Mutant, drawn

SHIPPED = Library.load().in_force("mihon", date(2026, 11, 20))
ON = date(2026, 11, 22)
SEED = 20261122
DRAWN = 130
STAY = Moments(date(2026, 11, 20), None, date(2026, 12, 10), need_seen_on=date(2026, 11, 24))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
mutants.ALL_VALUES |= {fact: each.known_values for fact, each in SHIPPED.vocabulary.items()}


def crowd(count: int) -> list[Facts]:
    random = Random(SEED)
    people = Crowd(SHIPPED)
    return [Facts(people.draw(random)) for _ in range(count)]


PEOPLE = crowd(600)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Past stays in the general ward, each drawn as the differential tests draw them."""
    file = tmp_path_factory.mktemp("history") / "stays.jsonl"
    rows = [
        {"region": "mihon", "admitted_on": "2026-10-01", "ward_kind": "general", **facts.given}
        for facts in PEOPLE
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def answers(edition: Edition, facts: Facts) -> object:
    """All that follows for one patient, in a form that two editions can be compared by."""
    return (
        coordination_of(edition, facts),
        [c.id for c in edition.criteria if weigh(c.condition, facts).truth == "met"],
        [c.id for c in edition.grounds_against if weigh(c.condition, facts).truth == "met"],
        [
            (r.kind, r.sender, r.receiver, r.text, due_at(r.due, STAY, CALENDARS))
            for r in edition.handoffs
            if weigh(r.condition, facts).truth == "met"
        ],
    )


def caught(mutant: Mutant, file: Path, history: Path) -> str:
    """Say who saw it: the loader, the examples, the linter; empty where nobody did."""
    try:
        edition = edition_of(file)
    except EditionError:
        return "loader"
    findings = [finding for finding in lint(edition, ON, history) if not finding.note]
    if {finding.fault for finding in findings} - {Fault.EXAMPLE}:
        return "lint"
    if findings:
        return "examples"
    if not mutant.keeps_decisions and all(
        answers(SHIPPED, facts) == answers(edition, facts) for facts in PEOPLE
    ):
        return "equivalent"
    return ""


@pytest.mark.parametrize("wanted", [40, pytest.param(100, marks=pytest.mark.long)])
def test_every_mutant_is_caught(history: Path, tmp_path: Path, wanted: int) -> None:
    assert not [f for f in lint(SHIPPED, ON, history) if not f.note]
    seen: Counter[tuple[str, str]] = Counter()
    missed = []
    real = 0
    for mutant in drawn(SHIPPED.file, DRAWN, SEED):
        by = caught(mutant, mutant.written(tmp_path), history)
        seen[mutant.fault, by] += 1
        if not by:
            missed.append(f"{mutant.fault}: {mutant.name}")
        real += by != "equivalent"
        if real == wanted:
            break
    assert not missed, seen
    assert real == wanted, seen
    by_lint = sum(count for (_, by), count in seen.items() if by == "lint")
    assert by_lint > wanted // 2, seen
    assert {fault for fault, _ in seen} == {
        "unreachable",
        "contradictory",
        "gap",
        "stale",
        "unknown word",
        "deadline",
        "example",
        "never fired",
    }
