"""Read an edition file and decide from it in plain Python, without importing rules.

The other opinion in the differential tests. It works on what yaml.safe_load gives, in
True, False and None, and knows neither condition trees nor durable-rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
        elif word == "score":
            rows = [(each["points"], reading(each["when"], known)) for each in wanted["of"]]
            verdicts.append(scored(wanted["at_least"], rows))
        elif word not in known:
            verdicts.append((None, {word}))
        else:
            verdicts.append(
                (known[word] in (wanted if isinstance(wanted, list) else [wanted]), set())
            )
    return at_least(len(verdicts), verdicts)


def scored(needed: int, rows: list[tuple[int, Verdict]]) -> Verdict:
    sure = sum(points for points, (holds, _) in rows if holds is True)
    possible = sum(points for points, (holds, _) in rows if holds is not False)
    if sure >= needed or possible < needed:
        return sure >= needed, set()
    return None, {fact for _, (holds, unknown) in rows if holds is None for fact in unknown}


def every(*verdicts: Verdict) -> Verdict:
    return at_least(len(verdicts), list(verdicts))


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
    doubts = doubts_of(page, known)
    doubtful = {holds for holds, _ in doubts}
    for_it = {holds for holds, _ in criteria.values()}
    against_it = {holds for holds, _ in against.values()}

    asked: set[str] = set()
    if True in against_it or not for_it & {True, None}:
        coordination = "undetermined" if unread else "not_required"
    elif True in for_it and None not in against_it and doubtful <= {False}:
        coordination = "required"
    else:
        coordination = "undetermined"
        if True not in for_it:
            asked |= open_facts(criteria)
        asked |= open_facts(against)
        asked |= set() if True in doubtful else {fact for _, unknown in doubts for fact in unknown}
    if coordination == "undetermined":
        for _, unknown in unread:
            asked |= unknown

    tiers = tiers_of(page, known)
    stages = stages_of(page, known)
    handoffs = set()
    for rule_id, (holds, unknown), due_waits in (
        handoffs_of(page, known, tiers) if coordination != "not_required" else []
    ):
        if holds is False:
            continue
        owed = holds is True and coordination == "required"
        handoffs.add((rule_id, "required" if owed else "undetermined"))
        asked |= unknown | due_waits
    if coordination != "not_required":
        beside = [*tiers.values(), *stages.values()]
        beside += [reading(c["when"], known) for c in consulting(page)]
        asked |= {fact for holds, unknown in beside if holds is None for fact in unknown}
    return Answer(
        coordination,
        frozenset(key for key, (holds, _) in criteria.items() if holds is True),
        frozenset(key for key, (holds, _) in against.items() if holds is True),
        frozenset(asked),
        frozenset(handoffs),
    )


def doubts_of(page: Page, known: dict[str, str]) -> list[Verdict]:
    """Exclusions that nobody could read in full, for the people whom they may name."""
    unread = [each for each in page.get("unverified", []) if each["about"] == "exclusions"]
    return [reading(each["when"], known) for each in unread if "when" in each]


def consulting(page: Page) -> list[Page]:
    return [*page.get("consult", []), *page.get("yields_to", [])]


def tiers_of(page: Page, known: dict[str, str]) -> dict[str, Verdict]:
    """Each tier: a criterion of it holds, and none of an earlier tier does."""
    tiers = {}
    earlier: list[Verdict] = []
    for tier in page.get("tiers", []):
        own = [reading(c["when"], known) for c in page["criteria"] if c.get("tier") == tier["id"]]
        tiers[tier["id"]] = every(at_least(1, own), *(turned(each) for each in earlier))
        earlier += own
    return tiers


def stages_of(page: Page, known: dict[str, str]) -> dict[str, Verdict]:
    """Each stage: it is where the case enters, because it enters at no later one."""
    begins: list[Verdict] = []
    for number, stage in enumerate(page.get("stages", [])):
        here: Verdict = (number == 0, set())
        begins.append(reading(stage["enter"], known) if "enter" in stage else here)
    return {
        stage["id"]: every(begins[n], *(turned(each) for each in begins[n + 1 :]))
        for n, stage in enumerate(page.get("stages", []))
    }


def passed_over(page: Page, known: dict[str, str], stage_id: str) -> list[Verdict]:
    ids = [stage["id"] for stage in page["stages"]]
    later = page["stages"][ids.index(stage_id) + 1 :]
    return [reading(stage["enter"], known) for stage in later if "enter" in stage]


def handoffs_of(
    page: Page, known: dict[str, str], tiers: dict[str, Verdict]
) -> list[tuple[str, Verdict, set[str]]]:
    """Every handoff with its verdict, and the facts that its due still waits for."""
    found = []
    for each in page["handoffs"]:
        verdicts = [reading(each.get("when", {}), known)]
        if "tier" in each:
            verdicts.append(tiers[each["tier"]])
        if "stage" in each:
            verdicts += [turned(verdict) for verdict in passed_over(page, known, each["stage"])]
        waits = due_waits(each["due"], known)
        earlier: list[Verdict] = []
        for row in each.get("routes", []):
            here = reading(row.get("when", {}), known)
            found.append((row["id"], every(*verdicts, here, *map(turned, earlier)), waits))
            earlier.append(here)
        if "routes" not in each:
            found.append((each["id"], every(*verdicts), waits))
    return found


ELSEWHERE = date(2026, 11, 20)


def due_waits(due: Page | list[Page], known: dict[str, str]) -> set[str]:
    """The facts that choose among several dues, for somebody who came in on that day.

    No discharge is planned in the comparison, so no row for short notice speaks.
    """
    asked: set[str] = set()
    for row in due if isinstance(due, list) else []:
        early = row.get("admitted_from", ELSEWHERE) > ELSEWHERE
        late = row.get("admitted_until", ELSEWHERE) < ELSEWHERE
        if early or late or "days_left_below" in row:
            continue
        holds, unknown = reading(row.get("when", {}), known)
        if holds is True:
            break
        if holds is None:
            asked |= unknown
    return asked


def open_facts(clauses: dict[str, Verdict]) -> set[str]:
    return {fact for holds, unknown in clauses.values() if holds is None for fact in unknown}


def words_used(page: Page) -> dict[str, set[str]]:
    """Every fact that the file speaks of, with the values that it asks for."""
    places = [page.get("scope", {}), *page["criteria"], *page["handoffs"]]
    places += [*page.get("exclusions", []), *page.get("unverified", []), *consulting(page)]
    places += page.get("stages", [])
    for each in page["handoffs"]:
        places += [*each.get("routes", []), *(each["due"] if isinstance(each["due"], list) else [])]
    found: dict[str, set[str]] = {}
    for place in places:
        for key in ("when", "unless", "enter"):
            for fact, values in leaves(place.get(key, {})):
                found.setdefault(fact, set()).update(values)
    return found


def leaves(when: Page) -> list[tuple[str, list[str]]]:
    found = []
    for word, wanted in when.items():
        if word in ("any_of", "at_least"):
            for each in wanted if word == "any_of" else wanted["of"]:
                found += leaves(each)
        elif word == "score":
            for each in wanted["of"]:
                found += leaves(each["when"])
        else:
            found.append((word, wanted if isinstance(wanted, list) else [wanted]))
    return found
