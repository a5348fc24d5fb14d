"""A nation's month of stays under an old edition and a draft of a new one, as columns.

    python -m benchmarks.nation_month [--stays 1400000] [--rounds 5] [--without-duckdb]

Columns give the three answers, every clause, every handoff and its days under both editions;
the draft narrows, drops, adds and widens clauses, so that many answers change.
Beside them: the Host interface of durable-rules, one stay after the other, which only says
which rules fire; and DuckDB, which counts the same conditions, met and could be met, over
the same coded columns in memory. Needs the optional dependencies `bench`.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np

from benchmarks.draft import draft_of
from benchmarks.many_stays import month_of_stays, stay_at
from benchmarks.one_decision import PlainHost
from benchmarks.turns import by_turns, ratio
from rules import Edition, Library, decide
from rules.columns import COORDINATIONS, ROWS_AT_ONCE, ColumnEdition
from rules.columns.dues import DayTables
from rules.columns.stays import StayColumns, codes_of
from rules.columns.truths import ColumnConditions
from rules.condition import All, Condition, Leaf
from rules.facts import Vocabulary

STAYS = 1_400_000
ROUNDS = 5
CORES = 2
BY_HOST = 200
CHECKED = 500
GIB = 1024**2
Way = Callable[[], object]
# How many stays have which answer under the old edition (rows) and the new one (columns).
Counts = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


def answers(
    editions: tuple[ColumnEdition, ColumnEdition], stays: StayColumns, threads: int
) -> Counts:
    """Decide every stay under both editions, part after part, and count answer against answer.

    Everything of a part is worked out, the days too, and then dropped: nobody needs a
    nation's handoffs in memory at once.
    """
    tables = DayTables.covering(stays)
    kinds = len(COORDINATIONS)

    def of_part(start: int) -> Counts:
        part = stays.part(start, start + ROWS_AT_ONCE)
        old, new = (edition.decide(part, tables).coordination for edition in editions)
        return np.bincount(old.astype(np.intp) * kinds + new, minlength=kinds**2)

    starts = range(0, len(stays), ROWS_AT_ONCE)
    with ThreadPoolExecutor(threads) as pool:
        counted: Counts = np.sum(list(pool.map(of_part, starts)), axis=0)
    return counted.reshape(kinds, kinds)


def conditions_counted(editions: list[Edition], stays: StayColumns) -> list[int]:
    """Count for every condition how many stays meet it, and how many could."""
    compiled = [ColumnConditions(each.conditions, each.vocabulary) for each in editions]

    def of_part(start: int) -> list[int]:
        part = stays.part(start, start + ROWS_AT_ONCE)
        found = [
            truths for each in compiled for truths in each.truths(part.facts, len(part)).values()
        ]
        return [int(np.count_nonzero(marks)) for truths in found for marks in truths]

    with ThreadPoolExecutor(CORES) as pool:
        parts = list(pool.map(of_part, range(0, len(stays), ROWS_AT_ONCE)))
    return [sum(counts) for counts in zip(*parts, strict=True)]


def sql_of(condition: Condition, vocabulary: Vocabulary, *, could: bool) -> str:
    """Write a condition in SQL over coded columns."""
    if isinstance(condition, Leaf):
        codes = codes_of(vocabulary[condition.fact])
        passing = [codes[value] for value in condition.allowed] + ([0] if could else [])
        return f"{condition.fact} IN ({', '.join(map(str, passing))})"
    parts = [f"({sql_of(part, vocabulary, could=could)})" for part in condition.parts]
    needed = len(parts) if isinstance(condition, All) else condition.count
    if needed == len(parts):
        return " AND ".join(parts) or "true"
    if needed == 1:
        return " OR ".join(parts) or "false"
    return f"{' + '.join(f'{part}::UTINYINT' for part in parts)} >= {needed}"


def duckdb_way(editions: list[Edition], stays: StayColumns) -> Callable[[], list[int]]:
    """Load the coded columns into DuckDB once, and count the conditions there when asked."""
    import duckdb  # noqa: PLC0415 -- an optional dependency of this comparison alone.

    connection = duckdb.connect()
    connection.execute(f"SET threads = {CORES}")
    columns = dict(stays.facts)
    connection.register("columns", columns)
    connection.execute("CREATE TABLE stays AS SELECT * FROM columns")
    counts = [
        f"count(*) FILTER (WHERE {sql_of(condition, each.vocabulary, could=could)})"
        for each in editions
        for condition in each.conditions
        for could in (False, True)
    ]
    query = f"SELECT {', '.join(counts)} FROM stays"  # noqa: S608 -- made of our own words.

    def counted() -> list[int]:
        (row,) = connection.execute(query).fetchall()
        return list(row)

    return counted


def refuse_differences(editions: Iterable[ColumnEdition], stays: StayColumns) -> None:
    """Stop where columns say otherwise than `decide` for some of the rows."""
    part = stays.part(0, CHECKED)
    for each in editions:
        columns = each.decide(part)
        for row in range(len(part)):
            one = decide(each.edition, *stay_at(part, row, each.edition.vocabulary))
            if COORDINATIONS[columns.coordination[row]] is not one.coordination:
                raise SystemExit("columns and decide do not agree")


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="a nation's month under two editions")
    parser.add_argument("--stays", type=int, default=STAYS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--without-duckdb", action="store_true")
    given = parser.parse_args()
    old, newest = list(Library.load().of_region("mihon"))[-2:]
    editions = [old, draft_of(newest)]
    stays = month_of_stays(given.stays, editions[-1].vocabulary)
    compiled = ColumnEdition(editions[0]), ColumnEdition(editions[1])
    refuse_differences(compiled, stays)
    few = [stay_at(stays, row, editions[-1].vocabulary) for row in range(BY_HOST)]
    hosts = [PlainHost(edition) for edition in editions]
    ways: dict[str, Way] = {
        "columns, one thread": lambda: answers(compiled, stays, 1),
        "columns, two threads": lambda: answers(compiled, stays, CORES),
        "columns, conditions": lambda: conditions_counted(editions, stays),
        "host, one by one": lambda: [
            host.with_one_state([facts for facts, _, _ in few]) for host in hosts
        ],
    }
    by_turns({"columns, two threads": ways["columns, two threads"]}, 1)
    room = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    if not given.without_duckdb:
        counted = duckdb_way(editions, stays)
        if counted() != conditions_counted(editions, stays):
            raise SystemExit("columns and DuckDB do not agree")
        ways["duckdb, conditions"] = counted
    seconds = by_turns(ways, given.rounds)
    names = " ".join(f"{each.region} {each.in_force}" for each in editions)
    print(f"{given.stays:,} stays, {names} (draft); most memory of the columns {room:.2f} GiB\n")
    counts = answers(compiled, stays, CORES)
    print(f"{'old / draft':<16}" + "".join(f"{each.value:>16}" for each in COORDINATIONS))
    for each, row in zip(COORDINATIONS, counts, strict=True):
        print(f"{each.value:<16}" + "".join(f"{count:>16,}" for count in row))
    print(f"{given.stays - int(counts.trace()):,} answers change")
    print(f"\n{'way':<24}{'s':>8}{'ns a stay':>12}")
    for name, took in seconds.items():
        rows = BY_HOST if name.startswith("host") else given.stays
        print(f"{name:<24}{median(took):>8.2f}{1e9 * median(took) / rows:>12,.0f}")
    by_host = ratio(seconds, "host, one by one", "columns, two threads") * given.stays / BY_HOST
    print(f"\nhost / columns, a stay: {by_host:,.0f} (target >= 500)")
    if not given.without_duckdb:
        duck = ratio(seconds, "duckdb, conditions", "columns, conditions")
        print(f"duckdb / columns, the same conditions: {duck:.2f} (target >= 1)")


if __name__ == "__main__":
    main()
