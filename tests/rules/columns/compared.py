"""Columns beside `decide`, row by row, in one process or in two.

Every row of the columns is held against a decision. One that asks the engine refuses by itself
to differ from the reading of the trees, so that all three say the same.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

from rules import Edition, Library
from rules.columns import ColumnEdition
from rules.columns.stays import stay_columns
from tests.rules.imagined import Crowd
from tests.rules.imagined_stays import (
    ImaginedStay,
    decided,
    drawn_stay,
    said_by_columns,
    told,
    trees_read,
)

EDITIONS = Library.load().editions
CROWDS = {edition: Crowd(edition) for edition in EDITIONS}
AT_ONCE = 20_000
Seen = Counter[tuple[str, str]]


def columns_of(edition: Edition, stays: list[ImaginedStay], rows: int = 700) -> list[object]:
    """Every row as columns say it, taken in parts that do not divide the whole."""
    together = stay_columns(
        ((each.facts, each.moments, each.calendars) for each in stays), edition.vocabulary
    )
    said: list[object] = []
    for part, columns in ColumnEdition(edition).decided_in_parts(together, rows=rows):
        said += [said_by_columns(columns, row) for row in range(len(part))]
    return said


def compare(cases: int, seed: int, *, engine_every: int) -> Seen:
    """Compare every row; every n-th decision asks the engine, the others read the trees."""
    seen: Seen = Counter()
    share = -(-cases // len(EDITIONS))
    for number in range(len(EDITIONS)):
        seen += compare_edition(number, share, seed, engine_every=engine_every)
    return seen


def compare_in_two(cases: int, seed: int, *, engine_every: int = 1) -> Seen:
    """The same in two processes, an edition at a time, so that two cores are at work."""
    seen: Seen = Counter()
    share = -(-cases // len(EDITIONS))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(compare_edition, number, share, seed, engine_every=engine_every)
            for number in range(len(EDITIONS))
        ]
        for each in waiting:
            seen += each.result()
    return seen


def compare_edition(number: int, cases: int, seed: int, *, engine_every: int) -> Seen:
    """Compare rows of one edition; AssertionError names the edition and the stay."""
    edition, random = EDITIONS[number], Random(f"{seed}/{number}")
    seen: Seen = Counter()
    for start in range(0, cases, AT_ONCE):
        many = range(start, min(start + AT_ONCE, cases))
        stays = [drawn_stay(CROWDS[edition], random) for _ in many]
        said = columns_of(edition, stays)
        for place, stay, row in zip(many, stays, said, strict=True):
            if place % engine_every:
                with trees_read():
                    decision = decided(edition, stay)
            else:
                decision = decided(edition, stay)
                seen[ENGINE, edition.region] += 1
            assert row == told(edition, decision, stay), (edition.file, stay)
            seen[edition.region, decision.coordination.value] += 1
    return seen


ENGINE = "asked the engine"
