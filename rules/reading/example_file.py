"""Read the examples of an edition: one imagined patient each, and the answer of the paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rules.edition import Clause, Example, Expectation, HandoffRule
from rules.errors import CalendarError
from rules.facts import Facts, Vocabulary
from rules.kinds import Coordination
from rules.moments import Moments
from rules.reading.clause_file import OUT_OF_SCOPE
from rules.reading.document import Entry

MOMENT_KEYS = ("admitted", "planned_discharge", "discharged", "need_seen", "discharge_known")
CLOCK_KEYS = ("admitted_time", "closes")
EXPECT_KEYS = ("because", "excluded_by", "missing", "handoffs", "waiting", "consult", "yields_to")
# An undated edition is not counted from any day; its examples ask for no due.
SOME_DAY = date(2024, 4, 1)
NO_DATE = "none"


@dataclass(frozen=True)
class Written:
    """What of its edition an example may name: clauses, and the ids of tiers and stages."""

    criteria: tuple[Clause, ...]
    exclusions: tuple[Clause, ...]
    handoffs: tuple[HandoffRule, ...]
    consult: tuple[Clause, ...] = ()
    yields_to: tuple[Clause, ...] = ()
    tiers: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


def example_of(
    entry: Entry, vocabulary: Vocabulary, written: Written, in_force: date | None
) -> Example:
    """Read one example; `written` is what of its edition it may name."""
    lines = entry.mapping(
        known=("name", "given", *MOMENT_KEYS, *CLOCK_KEYS, "closed", "expect"),
        required=("name", "given", "expect"),
    )
    given = lines["given"].mapping(known=vocabulary)
    closed = lines["closed"].items() if "closed" in lines else []
    expect = _expectation(lines["expect"], vocabulary, written)
    if expect.due and "admitted" not in lines:
        raise entry.refusal(
            "期限(due)を確かめる例に、入院日がありません。",
            "「admitted: 2026-11-20」のように書いてください。",
        )
    return Example(
        name=lines["name"].text(),
        given=Facts({fact: value.word(vocabulary[fact].values) for fact, value in given.items()}),
        moments=_moments(entry, lines, in_force),
        closed=frozenset(each.day() for each in closed),
        expect=expect,
        line=entry.line,
        closes=lines["closes"].clock() if "closes" in lines else None,
    )


def _moments(entry: Entry, lines: dict[str, Entry], in_force: date | None) -> Moments:
    """Read the days of the imagined stay."""
    days = {key: lines[key].day() for key in MOMENT_KEYS if key in lines}
    admitted_on = days.get("admitted", in_force or SOME_DAY)
    if in_force is not None and admitted_on < in_force:
        raise lines["admitted"].refusal(
            f"入院日({admitted_on})が、この版の施行日({in_force})より前です。",
            "施行日より後の日にしてください。",
        )
    try:
        return Moments(
            admitted_on,
            lines["admitted_time"].clock() if "admitted_time" in lines else None,
            planned_discharge_on=days.get("planned_discharge"),
            discharged_on=days.get("discharged"),
            need_seen_on=days.get("need_seen"),
            discharge_known_on=days.get("discharge_known"),
        )
    except CalendarError as wrong:
        raise entry.refusal("例の日付が合いません。", str(wrong)) from None


def _expectation(entry: Entry, vocabulary: Vocabulary, written: Written) -> Expectation:
    """Read what should come out; lists are compared as sets, and an empty one means none."""
    lines = entry.mapping(
        known=("coordination", *EXPECT_KEYS, "due", "tier", "stage"), required=("coordination",)
    )
    handoffs = [rule.id for rule in written.handoffs]
    known: dict[str, Collection[str]] = {
        "because": [clause.id for clause in written.criteria],
        "excluded_by": [*(clause.id for clause in written.exclusions), OUT_OF_SCOPE],
        "missing": tuple(vocabulary),
        "handoffs": handoffs,
        "waiting": handoffs,
        "consult": [clause.id for clause in written.consult],
        "yields_to": [clause.id for clause in written.yields_to],
    }
    lists = {key: _names(lines[key], known[key]) if key in lines else None for key in EXPECT_KEYS}
    due = lines["due"].mapping(known=handoffs) if "due" in lines else {}
    return Expectation(
        coordination=Coordination(lines["coordination"].word(tuple(Coordination))),
        because=lists["because"],
        excluded_by=lists["excluded_by"],
        missing=lists["missing"],
        handoffs=lists["handoffs"],
        waiting=lists["waiting"],
        due={key: None if day.text() == NO_DATE else day.day() for key, day in due.items()},
        tier=lines["tier"].word(written.tiers) if "tier" in lines else None,
        stage=lines["stage"].word(written.stages) if "stage" in lines else None,
        consult=lists["consult"],
        yields_to=lists["yields_to"],
    )


def _names(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    """Read a list of ids that exist."""
    return tuple(each.word(known) for each in entry.items(may_be_empty=True))
