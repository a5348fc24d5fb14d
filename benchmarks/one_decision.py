"""One decision with its explanation, beside the engine's own calls on the same compiled rules.

    python -m benchmarks.one_decision [--people 300] [--rounds 7]

`decide` is the whole of it: the engine, the reading of the trees, why, what is missing, the
handoffs and their days. `truths` is the part of it that asks the engine. The bare call goes
to the engine's C functions on the same compiled ruleset and is as safe: a fresh state
for each person, deleted afterwards whatever happens, and the rule that always fires must
have fired. The Host is the engine's documented interface as it comes, threads included, with
the same rules and a fresh state for each person; and once more with one state for all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, time
from statistics import median
from time import thread_time
from uuid import uuid4

import durable_rules_engine  # type: ignore[import-not-found]
from durable.engine import Host  # type: ignore[import-untyped]

from benchmarks.turns import ROUNDS, by_turns, ratio
from benchmarks.twenty_criteria import people, twenty_criteria
from rules import MONDAY_TO_FRIDAY, Edition, Facts, Moments, Whose, decide
from rules.engine import HEARD, MARK, compiled

MOMENTS = Moments(date(2026, 11, 20), time(10), date(2026, 12, 10))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
PEOPLE = 300
TARGET_BARE = 1.5
TARGET_HOST = 1.0
Way = Callable[[], object]


def coded_for(edition: Edition) -> Callable[[Facts], dict[str, str | int]]:
    """Code facts as the engine gets them."""
    return compiled(edition)._coded  # noqa: SLF001 -- the same fields, measured alone.


def bare(edition: Edition, crowd: list[Facts]) -> list[frozenset[str]]:
    """Call the engine's C functions alone: assert, walk through what fires, delete."""
    handle = compiled(edition)._ruleset._handle  # noqa: SLF001 -- the very same ruleset.
    coded_of = coded_for(edition)
    fired = []
    for facts in crowd:
        sid = uuid4().hex
        names = set()
        message = json.dumps({**coded_of(facts), "sid": sid, "id": "1"}, ensure_ascii=False)
        try:
            outcome, state = durable_rules_engine.assert_fact(handle, message)
            if outcome:
                raise RuntimeError
            found = durable_rules_engine.start_action_for_state(handle, state)
            action = found[1] if found else None
            while action:
                # `{"<rule>":{…`: nobody needs the facts that stand behind it.
                names.add(action[2 : action.index('"', 2)])
                action = durable_rules_engine.complete_and_start_action(handle, state)
        finally:
            durable_rules_engine.delete_state(handle, sid)
        if HEARD not in names:
            raise RuntimeError
        fired.append(frozenset(names))
    return fired


class PlainHost:
    """The same rules registered with a Host, each noting its name."""

    def __init__(self, edition: Edition) -> None:
        """Register the rules; the Host starts its threads."""
        self._coded_of = coded_for(edition)
        self._names: set[str] = set()
        rules = compiled(edition)._ruleset.get_definition()  # noqa: SLF001 -- the same rules.
        self._host = Host()
        self._host.set_rulesets(
            {"plain": {name: {**rule, "run": self._noting(name)} for name, rule in rules.items()}}
        )

    def _noting(self, name: str) -> Callable[[object], None]:
        return lambda _: self._names.add(name)

    def with_fresh_states(self, crowd: list[Facts]) -> list[frozenset[str]]:
        """Assert each person into a state of their own, and delete it."""
        fired = []
        for facts in crowd:
            sid = uuid4().hex
            self._names.clear()
            self._host.assert_fact("plain", {**self._coded_of(facts), "sid": sid, "id": "1"})
            self._host.delete_state("plain", sid)
            fired.append(frozenset(self._names))
        return fired

    def with_one_state(self, crowd: list[Facts]) -> list[frozenset[str]]:
        """Assert each person into the same state and retract them: its cheapest way."""
        fired = []
        for facts in crowd:
            coded = {**self._coded_of(facts), "sid": "1", "id": uuid4().hex}
            self._names.clear()
            self._host.assert_fact("plain", coded)
            self._host.retract_fact("plain", coded)
            fired.append(frozenset(self._names))
        return fired


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="one decision beside the engine's own calls")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    edition = twenty_criteria()
    crowd = people(edition, given.people)
    host = PlainHost(edition)
    if not bare(edition, crowd) == host.with_fresh_states(crowd) == host.with_one_state(crowd):
        raise SystemExit("the ways do not agree")
    asked = compiled(edition)
    ways: dict[str, Way] = {
        "decide": lambda: [decide(edition, facts, MOMENTS, CALENDARS) for facts in crowd],
        "truths": lambda: [asked.truths(facts) for facts in crowd],
        "bare": lambda: bare(edition, crowd),
        "host, fresh state": lambda: host.with_fresh_states(crowd),
        "host, one state": lambda: host.with_one_state(crowd),
    }
    seconds = by_turns(ways, given.rounds, thread_time)
    met = [len(decide(edition, facts, MOMENTS, CALENDARS).because) for facts in crowd]
    print(f"{len(edition.criteria)} criteria, {sum(met) / len(met):.1f} hold for one person;")
    print(f"{MARK}: {len(edition.conditions)} conditions, {given.people} people\n")
    print(f"{'way':<20}{'µs':>8}{'/ bare':>9}{'/ host':>9}")
    for name, took in seconds.items():
        micro = 1e6 * median(took) / len(crowd)
        to_bare, to_host = (
            ratio(seconds, name, "bare"),
            ratio(seconds, name, "host, one state"),
        )
        print(f"{name:<20}{micro:>8.0f}{to_bare:>9.2f}{to_host:>9.2f}")
    print(f"\ntargets for decide: / bare <= {TARGET_BARE}, / host <= {TARGET_HOST}")


if __name__ == "__main__":
    main()
