"""How the cost of columns grows: with the number of stays, and with that of criteria.

    python -m benchmarks.growth [--most 10000000] [--rounds 5]

Stays are drawn and decided in pieces, as a reader of files would hand them over, so that
memory does not grow with them; only the deciding is timed. Criteria are those of the sample
edition, its conditions joined in ever new pairs so that none is a repetition.
"""

from __future__ import annotations

import argparse
import resource
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import combinations, islice
from statistics import median
from time import perf_counter

from benchmarks.many_stays import month_of_stays
from benchmarks.turns import by_turns
from rules import Edition, Library
from rules.columns import ColumnEdition
from rules.columns.dues import DayTables
from rules.columns.stays import StayColumns
from rules.condition import any_of
from rules.edition import Clause

PIECE = 1_000_000
MOST = 10_000_000
ROUNDS = 5
STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
CRITERIA = (5, 10, 20, 40, 80, 160)
FOR_CRITERIA = 200_000
GIB = 1024**2


def deciding(edition: ColumnEdition, stays: StayColumns) -> None:
    """Decide every stay, part after part, and keep nothing."""
    for _ in edition.decided_in_parts(stays, DayTables.covering(stays)):
        pass


def with_stays(edition: Edition, number: int, rounds: int) -> float:
    """Return the median seconds of deciding a number of stays."""
    compiled = ColumnEdition(edition)
    seconds = [0.0] * rounds
    for start in range(0, number, PIECE):
        piece = month_of_stays(min(PIECE, number - start), edition.vocabulary, seed=start)
        deciding(compiled, piece.part(0, 1_000))
        for turn in range(rounds):
            began = perf_counter()
            deciding(compiled, piece)
            seconds[turn] += perf_counter() - began
    return median(seconds)


def with_criteria(edition: Edition, number: int) -> Edition:
    """Make an edition of that many criteria, all different, and without handoffs."""
    pairs = combinations([clause.condition for clause in edition.criteria], 3)
    criteria = tuple(
        Clause(f"joined-{place}", "計測のための基準", any_of(pair), "計測", 0)
        for place, pair in enumerate(islice(pairs, number))
    )
    return replace(edition, criteria=criteria, handoffs=(), examples=())


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description="how the cost of columns grows")
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    edition = Library.load().in_force("mihon", date(2026, 11, 1))
    print(f"{'stays':>12}{'s':>10}{'ns a stay':>12}{'GiB so far':>12}")
    for number in (step for step in STEPS if step <= given.most):
        took = with_stays(edition, number, given.rounds)
        room = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
        print(f"{number:>12,}{took:>10.3f}{1e9 * took / number:>12,.0f}{room:>12.2f}")
    stays = month_of_stays(FOR_CRITERIA, edition.vocabulary)
    compiled = {number: ColumnEdition(with_criteria(edition, number)) for number in CRITERIA}
    seconds = by_turns(
        {str(number): partial(deciding, each, stays) for number, each in compiled.items()},
        given.rounds,
    )
    print(f"\n{'criteria':>12}{'s':>10}{'ns a stay for one more':>26}   ({FOR_CRITERIA:,} stays)")
    fewest = median(seconds[str(CRITERIA[0])])
    for number in CRITERIA:
        took = median(seconds[str(number)])
        more = 1e9 * (took - fewest) / FOR_CRITERIA / max(1, number - CRITERIA[0])
        print(f"{number:>12}{took:>10.3f}{more:>26.2f}")


if __name__ == "__main__":
    main()
