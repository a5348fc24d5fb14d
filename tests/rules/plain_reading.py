"""Read an edition file and decide from it in plain Python, without importing rules.

The other opinion in the differential tests. It works on what yaml.safe_load gives, in
True, False and None, and knows neither condition trees nor durable-rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Page = dict[str, Any]
Verdict = tuple[bool | None, set[str]]


@dataclass(frozen=True)
class Answer:
    coordination: str
    because: frozenset[str]
    excluded_by: frozenset[str]
    missing: frozenset[str]
    handoffs: frozenset[tuple[str, str]]


def paper(file: Path) -> Page:
    page: Page = yaml.safe_load(file.read_text(encoding="utf-8"))
    return page


def at_least(needed: int, verdicts: list[Verdict]) -> Verdict:
    yes = sum(holds is True for holds, _ in verdicts)
    perhaps = sum(holds is None for holds, _ in verdicts)
    if yes >= needed:
        return True, set()
    if yes + perhaps < needed:
        return False, set()
    asked: set[str] = set()
    for holds, unknown in verdicts:
        asked |= unknown if holds is None else set()
    return None, asked


def reading(when: Page, known: dict[str, str]) -> Verdict:
    verdicts: list[Verdict] = []
    for word, wanted in when.items():
        if word == "any_of":
            verdicts.append(at_least(1, [reading(each, known) for each in wanted]))
        elif word == "at_least":
            verdicts.append(
                at_least(wanted["count"], [reading(each, known) for each in wanted["of"]])
            )
        elif word not in known:
            verdicts.append((None, {word}))
        else:
            verdicts.append(
                (known[word] in (wanted if isinstance(wanted, list) else [wanted]), set())
            )
    return at_least(len(verdicts), verdicts)


def turned(verdict: Verdict) -> Verdict:
    holds, unknown = verdict
    return (None if holds is None else not holds), unknown


def exclusion(clause: Page, known: dict[str, str]) -> Verdict:
    verdicts = [reading(clause["when"], known)]
    if "unless" in clause:
        verdicts.append(turned(reading(clause["unless"], known)))
    return at_least(len(verdicts), verdicts)


def answer(page: Page, known: dict[str, str]) -> Answer:
    criteria = {each["id"]: reading(each["when"], known) for each in page["criteria"]}
    against = {each["id"]: exclusion(each, known) for each in page.get("exclusions", [])}
    if "scope" in page:
        against["out-of-scope"] = turned(reading(page["scope"]["when"], known))
    unread = [
        reading(each.get("when", {}), known)
        for each in page.get("unverified", [])
        if each["about"] in ("scope", "criteria")
    ]
    unread = [verdict for verdict in unread if verdict[0] is not False]
    for_it = {holds for holds, _ in criteria.values()}
    against_it = {holds for holds, _ in against.values()}

    asked: set[str] = set()
    if True in against_it or not for_it & {True, None}:
        coordination = "undetermined" if unread else "not_required"
    elif True in for_it and None not in against_it:
        coordination = "required"
    else:
        coordination = "undetermined"
        if True not in for_it:
            asked |= open_facts(criteria)
        asked |= open_facts(against)
    if coordination == "undetermined":
        for _, unknown in unread:
            asked |= unknown

    handoffs = set()
    for each in page["handoffs"] if coordination != "not_required" else []:
        holds, unknown = reading(each.get("when", {}), known)
        if holds is False:
            continue
        owed = holds is True and coordination == "required"
        handoffs.add((each["id"], "required" if owed else "undetermined"))
        asked |= unknown
    return Answer(
        coordination,
        frozenset(key for key, (holds, _) in criteria.items() if holds is True),
        frozenset(key for key, (holds, _) in against.items() if holds is True),
        frozenset(asked),
        frozenset(handoffs),
    )


def open_facts(clauses: dict[str, Verdict]) -> set[str]:
    return {fact for holds, unknown in clauses.values() if holds is None for fact in unknown}


def words_used(page: Page) -> dict[str, set[str]]:
    """Every fact that the file speaks of, with the values that it asks for."""
    places = [page.get("scope", {}), *page["criteria"], *page["handoffs"]]
    places += [*page.get("exclusions", []), *page.get("unverified", [])]
    found: dict[str, set[str]] = {}
    for place in places:
        for key in ("when", "unless"):
            for fact, values in leaves(place.get(key, {})):
                found.setdefault(fact, set()).update(values)
    return found


def leaves(when: Page) -> list[tuple[str, list[str]]]:
    found = []
    for word, wanted in when.items():
        if word in ("any_of", "at_least"):
            for each in wanted if word == "any_of" else wanted["of"]:
                found += leaves(each)
        else:
            found.append((word, wanted if isinstance(wanted, list) else [wanted]))
    return found
