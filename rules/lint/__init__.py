"""Look an edition over for faults that a loader cannot see and an author would not want.

What cannot be read at all, unknown words among it, the loader refuses with its own message.
Here stand the faults of an edition that can be read. A finding is proved, never guessed;
what a partial edition declares itself to be unread is a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from rules.edition import Edition
from rules.lint.cases import facts_looked_at, faults_of_examples, faults_of_history
from rules.lint.conditions import faults_of_conditions
from rules.lint.days import early_deadlines, stale_parts
from rules.lint.finding import Fault, Finding
from rules.lint.history import history_of
from rules.public_holidays import PublicHolidays


def lint(
    edition: Edition,
    on: date,
    history: Path | None = None,
    since: date | None = None,
    holidays: PublicHolidays | None = None,
) -> tuple[Finding, ...]:
    """Find all faults of one edition.

    on: the day on which it should be in force. history: a coded extract of past stays.
    since: the first admission day of it that counts. Raises InputError for a history that
    cannot be read, and EngineError where the edition cannot be decided.
    """
    return tuple(_faults(edition, on, history, since, holidays))


def holes_between(editions: tuple[Edition, ...]) -> Iterator[Finding]:
    """Find days between two editions of one region on which none is in force."""
    dated = [each for each in editions if each.in_force is not None]
    dated.sort(key=lambda each: (each.region, each.in_force or date.min))
    for earlier, later in pairwise(dated):
        if earlier.region != later.region or earlier.ends is None or later.in_force is None:
            continue
        first = earlier.ends + timedelta(days=1)
        if first < later.in_force:
            found = f"{first}から{later.in_force}の前日まで、有効な版がありません。"
            instead = "終わりの日(ends)を直すか、あいだの版を加えてください。"
            yield Finding(Fault.GAP, earlier.file, 0, "", found, instead)


def _faults(
    edition: Edition,
    on: date,
    history: Path | None,
    since: date | None,
    holidays: PublicHolidays | None,
) -> Iterator[Finding]:
    """Run every check, from the paper's order to the whole."""
    yield from faults_of_conditions(edition)
    yield from early_deadlines(edition)
    yield from stale_parts(edition, on, holidays)
    yield from faults_of_examples(edition)
    if history is not None:
        past = history_of(history, edition, facts_looked_at(edition), since)
        yield from faults_of_history(edition, past)
