"""Mutants of an edition: one fault each, drawn from the classes that the linter looks for.

A page is what yaml.safe_load gives for an edition file. Every class knows places of the page
where it can be put; `drawn` picks a hundred of all of them with a fixed seed. Where a fault
could be met by the examples only, the mutant brings an example of its own, as an author
would write one who believes in the fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.rules.plain_reading import reading

Page = dict[str, Any]
LONG_PAST = date(2024, 6, 30)


@dataclass(frozen=True)
class Mutant:
    """One faulty page. keeps_decisions: it may decide as before and be faulty all the same."""

    fault: str
    name: str
    page: Page
    keeps_decisions: bool = False

    def written(self, folder: Path) -> Path:
        file = folder / "mutant.yaml"
        # JSON is YAML too, and is written much faster.
        text = json.dumps(self.page, ensure_ascii=False, indent=1, default=str)
        file.write_text(text, encoding="utf-8")
        return file


def page_of(file: Path) -> Page:
    page: Page = yaml.safe_load(file.read_text(encoding="utf-8"))
    return page


def drawn(file: Path, count: int, seed: int) -> list[Mutant]:
    """Draw mutants, as evenly over the classes as their places allow."""
    random = Random(seed)
    classes = [list(each(page_of(file))) for each in CLASSES]
    for mutants in classes:
        random.shuffle(mutants)
    chosen: list[Mutant] = []
    while len(chosen) < count and any(classes):
        for mutants in classes:
            if mutants and len(chosen) < count:
                chosen.append(mutants.pop())
    return chosen


def listed(words: object) -> list[str]:
    return [str(word) for word in words] if isinstance(words, list) else [str(words)]


def plain(when: Page) -> Iterator[tuple[str, list[str]]]:
    """The lines of a condition that say a fact and its values."""
    for fact, words in when.items():
        if fact not in {"any_of", "at_least", "score"}:
            yield fact, listed(words)


def shown_by(page: Page, name: str, given: Page, expect: Page) -> None:
    """Write an example first, so that it is there whatever the others say."""
    page["examples"].insert(0, {"name": name, "given": given, "expect": expect})


def masked(page: Page) -> Iterator[Mutant]:
    """A criterion that says again, for fewer people, what another one says."""
    for place, criterion in enumerate(page["criteria"]):
        for fact, values in plain(criterion["when"]):
            for value in values:
                copy = deepcopy(page)
                narrow = {**criterion["when"], fact: value}
                copy["criteria"].insert(
                    place + 1,
                    {**criterion, "id": "added", "text": "重ねた基準", "when": narrow},
                )
                if all(not isinstance(words, dict | list) for words in narrow.values()):
                    given = {**narrow, "stay_length": "longer"}
                    shown_by(copy, "重ねた例", given, {"coordination": "required"})
                yield Mutant("unreachable", f"masked {criterion['id']} {value}", copy)


def unmeetable(page: Page) -> Iterator[Mutant]:
    """A clause one of whose lines contradicts another."""
    for section in ("criteria", "exclusions", "handoffs"):
        for place, clause in enumerate(page[section]):
            for fact, values in plain(clause.get("when", {})):
                copy = deepcopy(page)
                when = copy[section][place]["when"]
                other = next(v for v in ALL_VALUES[fact] if v not in values)
                when["at_least"] = {"count": 1, "of": [{fact: other}]}
                yield Mutant("unreachable", f"unmeetable {clause['id']} {fact}", copy)


def spare(page: Page) -> Iterator[Mutant]:
    """A choice with a part that another part already says."""
    for place, clause in enumerate(page["criteria"]):
        for fact, values in plain(clause["when"]):
            copy = deepcopy(page)
            when = copy["criteria"][place]["when"]
            del when[fact]
            if "any_of" in when or "at_least" in when:
                continue
            when["any_of"] = [{fact: values}, {fact: values[-1]}]
            yield Mutant("unreachable", f"spare {clause['id']} {fact}", copy, keeps_decisions=True)


def excluded(page: Page) -> Iterator[Mutant]:
    """An exclusion that takes out everybody of a criterion, or of a handoff."""
    for section in ("criteria", "handoffs"):
        for clause in page[section]:
            copy = deepcopy(page)
            copy["exclusions"].append(
                {
                    "id": "added",
                    "text": "加えた除外",
                    "when": deepcopy(clause["when"]),
                    "source": "架空",
                }
            )
            # The author makes the examples fit the fault.
            yield Mutant("contradictory", f"excluded {clause['id']}", copy)


def no_exception(page: Page) -> Iterator[Mutant]:
    """An exclusion that has lost its exception, or a line of its condition."""
    for place, exclusion in enumerate(page["exclusions"]):
        copy = deepcopy(page)
        del copy["exclusions"][place]["unless"]
        yield Mutant("contradictory", f"no exception {exclusion['id']}", copy)
        for fact in exclusion["when"]:
            copy = deepcopy(page)
            del copy["exclusions"][place]["when"][fact]
            yield Mutant("contradictory", f"wider {exclusion['id']} {fact}", copy)


def gap(page: Page) -> Iterator[Mutant]:
    """A handoff that is gone, or speaks of fewer people."""
    for place, handoff in enumerate(page["handoffs"]):
        copy = deepcopy(page)
        del copy["handoffs"][place]
        yield Mutant("gap", f"without {handoff['id']}", copy)
        for fact, values in plain(handoff["when"]):
            for value in values if len(values) > 1 else ():
                copy = deepcopy(page)
                copy["handoffs"][place]["when"][fact] = [v for v in values if v != value]
                yield Mutant("gap", f"{handoff['id']} without {value}", copy)


def stale(page: Page) -> Iterator[Mutant]:
    """An edition that has ended, at any day before today's."""
    for month in range(1, 9):
        copy = deepcopy(page)
        copy["ends"] = date(2025, month, 28)
        yield Mutant("stale", f"ended {copy['ends']}", copy, keeps_decisions=True)


def unknown_word(page: Page) -> Iterator[Mutant]:
    """A word with a slip of the pen."""
    for section in ("criteria", "exclusions", "handoffs"):
        for place, clause in enumerate(page[section]):
            for fact, values in plain(clause.get("when", {})):
                copy = deepcopy(page)
                when = copy[section][place]["when"]
                when[fact] = [*values[:-1], f"{values[-1]}s"]
                yield Mutant("unknown word", f"{clause['id']} {fact} value", copy)
                copy = deepcopy(page)
                when = copy[section][place]["when"]
                when[f"{fact}x"] = when.pop(fact)
                yield Mutant("unknown word", f"{clause['id']} {fact} fact", copy)
    for place, handoff in enumerate(page["handoffs"]):
        for key in ("kind", "sender", "receiver"):
            copy = deepcopy(page)
            copy["handoffs"][place][key] = f"{handoff[key]}s"
            yield Mutant("unknown word", f"{handoff['id']} {key}", copy)


def deadline(page: Page) -> Iterator[Mutant]:
    """A due that is counted from the wrong end, or from the wrong day."""
    for place, handoff in enumerate(page["handoffs"]):
        due = handoff["due"]
        for to in ("admission", "planned_discharge", "discharge"):
            for direction in ("after", "before"):
                if "event" in due or due.get(direction) == to:
                    continue
                copy = deepcopy(page)
                turned = copy["handoffs"][place]["due"]
                turned.pop("after", None)
                turned.pop("before", None)
                turned[direction] = to
                for example in copy["examples"]:
                    example["expect"].get("due", {}).pop(handoff["id"], None)
                same_kind = to != "admission" and due.get(direction) in {
                    "planned_discharge",
                    "discharge",
                }
                # From the day of leaving or the planned one: another reading, no fault.
                late = direction == "after" and to != "admission"
                if not same_kind and not late and not _allowed(handoff["kind"], direction, to):
                    yield Mutant("deadline", f"{handoff['id']} {direction} {to}", copy)
        if "event" not in due and "before" in due:
            copy = deepcopy(page)
            copy["handoffs"][place]["due"]["latest"] = 90
            for example in copy["examples"]:
                example["expect"].get("due", {}).pop(handoff["id"], None)
            yield Mutant("deadline", f"{handoff['id']} ninety days before", copy)


def _allowed(kind: str, direction: str, to: str) -> bool:
    """A notice that coordination begins may well be counted from the admission."""
    return (kind, direction, to) == ("discharge_notice", "after", "admission")


def without_examples(page: Page) -> Iterator[Mutant]:
    """A criterion whose examples are gone, or a handoff that nobody shows."""
    for section in ("criteria", "exclusions"):
        key = "because" if section == "criteria" else "excluded_by"
        for clause in page[section]:
            copy = deepcopy(page)
            copy["examples"] = [
                each
                for each in copy["examples"]
                if clause["id"] not in each["expect"].get(key, [])
                and reading(clause["when"], each["given"])[0] is not True
            ]
            yield Mutant("example", f"none for {clause['id']}", copy, keeps_decisions=True)
    for handoff in page["handoffs"]:
        copy = deepcopy(page)
        copy["examples"] = [
            each
            for each in copy["examples"]
            if reading(handoff["when"], each["given"])[0] is not True
        ]
        yield Mutant("example", f"none for {handoff['id']}", copy, keeps_decisions=True)


def never_fired(page: Page) -> Iterator[Mutant]:
    """A criterion with a line more, for people of whom the history has none."""
    for place, criterion in enumerate(page["criteria"]):
        copy = deepcopy(page)
        copy["criteria"][place]["when"]["ward_kind"] = "palliative"
        for example in copy["examples"]:
            # Everybody in the examples lies there, so that they still come out.
            example["given"]["ward_kind"] = "palliative"
        yield Mutant("never fired", f"{criterion['id']} in one ward", copy)


CLASSES: tuple[Callable[[Page], Iterator[Mutant]], ...] = (
    masked,
    unmeetable,
    spare,
    excluded,
    no_exception,
    gap,
    stale,
    unknown_word,
    deadline,
    without_examples,
    never_fired,
)
ALL_VALUES: dict[str, tuple[str, ...]] = {}
