"""One decision with its explanation, beside the engine's own calls on the same compiled rules.

    python -m benchmarks.one_decision [--people 300] [--rounds 7] [--unknown 0.05]

`decide` is the whole of it: the engine, the reading of the trees, why, why not, what is
missing, and the handoffs with their days. `marks` is its part that asks the engine; `marks,
read` compares that with the trees as well.

The bare call goes to the engine's C functions on the same compiled ruleset and is as safe: only
known words, a fresh random state for each person, deleted afterwards whatever happens, every
outcome looked at, the state seen to be its own and without an exception, and the rule that
always fires must have fired. It says which rules fire and nothing else. It spells what it
asserts with json.dumps, as the library itself does; `bare, prepared` takes the product's own
spelling, which is made of parts that were prepared for every value.

The Host is the engine's documented interface as it comes, threads included, with the same rules
and a fresh state for each person; with one state for all; and so once more, but asked only
what holds and not what could hold where something is unknown: the least that it can do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import date, time
from secrets import token_hex
from statistics import median
from time import thread_time

import durable_rules_engine  # type: ignore[import-not-found]
from durable.engine import Host  # type: ignore[import-untyped]

from benchmarks.turns import ROUNDS, by_turns, ratio
from benchmarks.twenty_criteria import UNKNOWN as UNKNOWN_SHARE
from benchmarks.twenty_criteria import people, twenty_criteria
from rules import MONDAY_TO_FRIDAY, Edition, Facts, Moments, Whose, decide
from rules.condition import facts_of
from rules.engine import HEARD, MARK, POSSIBLE, compiled
from rules.facts import UNKNOWN
from rules.prepared import prepared

MOMENTS = Moments(date(2026, 11, 20), time(10), date(2026, 12, 10))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
PEOPLE = 300
COMPARED = ("bare", "bare, prepared", "host, one state", "host, asked once")
TARGET_BARE = 1.5
TARGET_HOST = 1.0
Way = Callable[[], object]
# What is asserted for one person, and which rules fire for each assertion.
Spelling = Callable[[Facts, str], Sequence[str]]
Fired = tuple[frozenset[str], ...]


def coded_for(edition: Edition) -> Callable[[Facts], list[dict[str, str | int]]]:
    """Code facts as the engine gets them: only what is asked for, and only known words.

    Twice where anything is unknown, as the rules are made to be asked.
    """
    fields = sorted({fact for each in edition.conditions for fact in facts_of(each)})
    words = {field: frozenset(edition.vocabulary[field].values) for field in fields}

    def coded(facts: Facts) -> list[dict[str, str | int]]:
        holds: dict[str, str | int] = {MARK: 1}
        for field in fields:
            value = facts[field]
            if value not in words[field]:
                raise ValueError(field)
            holds[field] = value
        if UNKNOWN not in holds.values():
            return [holds]
        return [holds, {f: POSSIBLE if v == UNKNOWN else v for f, v in holds.items()}]

    return coded


def spelled_by_json(edition: Edition) -> Spelling:
    """Spell assertions as everybody would, with json.dumps."""
    coded_of = coded_for(edition)

    def spelled(facts: Facts, sid: str) -> list[str]:
        return [
            json.dumps({**coded, "sid": sid, "id": str(number)}, ensure_ascii=False)
            for number, coded in enumerate(coded_of(facts), start=1)
        ]

    return spelled


def bare(edition: Edition, crowd: list[Facts], spelled: Spelling) -> list[Fired]:
    """Call the engine's C functions alone: assert, walk through what fires, delete."""
    handle = compiled(edition)._handle  # noqa: SLF001 -- the very same ruleset.
    fired = []
    for facts in crowd:
        sid = token_hex(16)
        answers = []
        try:
            for message in spelled(facts, sid):
                outcome, state = durable_rules_engine.assert_fact(handle, message)
                if outcome:
                    raise RuntimeError
                found = durable_rules_engine.start_action_for_state(handle, state)
                if not found or "exception" in found[0] or sid not in found[0]:
                    raise RuntimeError
                names = set()
                action = found[1]
                while action:
                    # `{"<rule>":{…`: nobody needs the facts that stand behind it.
                    names.add(action[2 : action.index('"', 2)])
                    action = durable_rules_engine.complete_and_start_action(handle, state)
                if HEARD not in names:
                    raise RuntimeError
                answers.append(frozenset(names))
        finally:
            durable_rules_engine.delete_state(handle, sid)
        fired.append(tuple(answers))
    return fired


class PlainHost:
    """The same rules registered with a Host, each noting its name."""

    def __init__(self, edition: Edition) -> None:
        """Register the rules; the Host starts its threads."""
        self._coded_of = coded_for(edition)
        self._names: set[str] = set()
        rules = compiled(edition).definition()
        self._host = Host()
        self._host.set_rulesets(
            {"plain": {name: {**rule, "run": self._noting(name)} for name, rule in rules.items()}}
        )

    def _noting(self, name: str) -> Callable[[object], None]:
        return lambda _: self._names.add(name)

    def with_fresh_states(self, crowd: list[Facts]) -> list[Fired]:
        """Assert each person into a state of their own, and delete it."""
        fired = []
        for facts in crowd:
            sid = token_hex(16)
            answers = []
            for number, coded in enumerate(self._coded_of(facts), start=1):
                self._names.clear()
                self._host.assert_fact("plain", {**coded, "sid": sid, "id": str(number)})
                answers.append(frozenset(self._names))
            self._host.delete_state("plain", sid)
            fired.append(tuple(answers))
        return fired

    def with_one_state(self, crowd: list[Facts], askings: int = 2) -> list[Fired]:
        """Assert each person into the same state and retract them: its cheapest way."""
        fired = []
        for facts in crowd:
            answers = []
            for coded in self._coded_of(facts)[:askings]:
                fact = {**coded, "sid": "1", "id": token_hex(16)}
                self._names.clear()
                self._host.assert_fact("plain", fact)
                self._host.retract_fact("plain", fact)
                answers.append(frozenset(self._names))
            fired.append(tuple(answers))
        return fired


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="one decision beside the engine's own calls")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--unknown", type=float, default=UNKNOWN_SHARE)
    given = parser.parse_args()
    edition = twenty_criteria()
    crowd = people(edition, given.people, given.unknown)
    host, asked, words = PlainHost(edition), compiled(edition), prepared(edition)
    by_json = spelled_by_json(edition)
    if not (
        bare(edition, crowd, by_json)
        == bare(edition, crowd, asked.askings)
        == host.with_fresh_states(crowd)
        == host.with_one_state(crowd)
    ):
        raise SystemExit("the ways do not agree")
    ways: dict[str, Way] = {
        "decide": lambda: [decide(edition, facts, MOMENTS, CALENDARS) for facts in crowd],
        "marks, read": lambda: [words.marks(facts) for facts in crowd],
        "marks": lambda: [asked.marks(facts) for facts in crowd],
        "bare": lambda: bare(edition, crowd, by_json),
        "bare, prepared": lambda: bare(edition, crowd, asked.askings),
        "host, fresh states": lambda: host.with_fresh_states(crowd),
        "host, one state": lambda: host.with_one_state(crowd),
        "host, asked once": lambda: host.with_one_state(crowd, askings=1),
    }
    seconds = by_turns(ways, given.rounds, thread_time)
    decisions = [decide(edition, facts, MOMENTS, CALENDARS) for facts in crowd]
    because = sum(len(each.because) for each in decisions) / len(crowd)
    duties = sum(len(each.handoffs) for each in decisions) / len(crowd)
    print(f"{len(edition.criteria)} criteria, {given.people} people, of whose boxes")
    print(
        f"{given.unknown:.0%} are unknown; {because:.1f} criteria hold, {duties:.1f} handoffs come"
    )
    print(f"{len(edition.conditions)} conditions in {len(asked.definition())} rules\n")
    print(f"{'way':<20}{'µs':>8}" + "".join(f"{'/ ' + name:>20}" for name in COMPARED))
    for name, took in seconds.items():
        micro = 1e6 * median(took) / len(crowd)
        ratios = (ratio(seconds, name, other) for other in COMPARED)
        print(f"{name:<20}{micro:>8.0f}" + "".join(f"{each:>20.2f}" for each in ratios))
    print(f"\ntargets for decide: / bare <= {TARGET_BARE}, / host <= {TARGET_HOST}")


if __name__ == "__main__":
    main()
