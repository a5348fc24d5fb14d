"""Read the clauses of an edition: criteria, exclusions, scope, and what speaks beside them.

Every clause is words of the paper, a condition and a source. Whether the conditions fit
together is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.condition import ALWAYS, All, Condition, opposite
from rules.edition import Clause, Unverified
from rules.facts import Vocabulary
from rules.kinds import Concern
from rules.reading.condition_file import condition_at
from rules.reading.document import Entry

CLAUSE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
FACT_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
OUT_OF_SCOPE = "out-of-scope"
CLAUSE_KEYS = ("id", "text", "when", "source")
# What is unread of the other parts concerns no people, and changes no answer.
WITH_PEOPLE = (Concern.SCOPE, Concern.CRITERIA, Concern.EXCLUSIONS)

Taken = dict[str, int]


def id_at(entry: Entry, form: re.Pattern[str]) -> str:
    """Read an id: small Latin letters, digits and one kind of joint."""
    value = entry.word()
    if not form.fullmatch(value):
        joint = "-" if form is CLAUSE_ID else "_"
        raise entry.refusal(
            f"「{value}」は id に使えません。",
            f"英小文字で始め、英小文字・数字・{joint} で書いてください。",
        )
    return value


def own_id(entry: Entry, taken: Taken) -> str:
    """Read an id that nothing else of the edition has, and note it as taken."""
    value = id_at(entry, CLAUSE_ID)
    if value in taken:
        raise entry.refusal(
            f"id「{value}」は二度使われています。", "版の中で重ならない id にしてください。"
        )
    taken[value] = entry.line
    return value


def named_at(entry: Entry, known: Collection[str], section: str) -> str:
    """Read the id of something that another section of the edition defines."""
    value = entry.word()
    if not known:
        raise entry.refusal(
            f"「{value}」を決める項目「{section}」が、版に書かれていません。",
            f"「{section}:」を書き足すか、この行を消してください。",
        )
    return entry.word(known)


def criteria_of(
    entry: Entry,
    vocabulary: Vocabulary,
    taken: Taken,
    tiers: Collection[str],
    *,
    may_be_empty: bool = False,
) -> tuple[Clause, ...]:
    """Read the criteria; `tiers` are the ids of the tiers that they may belong to.

    may_be_empty: of a partial edition, none need be readable.
    """
    clauses = []
    for each in entry.items(may_be_empty=may_be_empty):
        lines = each.mapping(known=(*CLAUSE_KEYS, "tier"), required=CLAUSE_KEYS)
        tier = named_at(lines["tier"], tiers, "tiers") if "tier" in lines else None
        condition = condition_at(lines["when"], vocabulary)
        clauses.append(_clause(each, lines, taken, condition, tier=tier))
    return tuple(clauses)


def exclusions_of(entry: Entry | None, vocabulary: Vocabulary, taken: Taken) -> tuple[Clause, ...]:
    """Read exclusions with their exceptions."""
    clauses = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=(*CLAUSE_KEYS, "unless"), required=CLAUSE_KEYS)
        condition = condition_at(lines["when"], vocabulary)
        if "unless" in lines:
            exception = condition_at(lines["unless"], vocabulary)
            condition = All((condition, opposite(exception, vocabulary)))
        clauses.append(_clause(each, lines, taken, condition))
    return tuple(clauses)


def beside_of(
    entry: Entry | None, vocabulary: Vocabulary, taken: Taken, *, yields: bool = False
) -> tuple[Clause, ...]:
    """Read `consult` or `yields_to`; what yields may name the region of the other document."""
    clauses = []
    for each in [] if entry is None else entry.items():
        known = (*CLAUSE_KEYS, *(("region",) if yields else ()))
        lines = each.mapping(known=known, required=CLAUSE_KEYS)
        region = id_at(lines["region"], FACT_ID) if "region" in lines else None
        condition = condition_at(lines["when"], vocabulary)
        clauses.append(_clause(each, lines, taken, condition, region=region))
    return tuple(clauses)


def _clause(
    entry: Entry,
    lines: dict[str, Entry],
    taken: Taken,
    condition: Condition,
    *,
    tier: str | None = None,
    region: str | None = None,
) -> Clause:
    """Put one clause together."""
    return Clause(
        own_id(lines["id"], taken),
        lines["text"].text(),
        condition,
        lines["source"].text(),
        entry.line,
        tier=tier,
        region=region,
    )


def out_of_scope_of(entry: Entry | None, vocabulary: Vocabulary) -> Clause | None:
    """Read whom the rule speaks of, turned round into whom it does not speak of."""
    if entry is None:
        return None
    keys = ("text", "when", "source")
    lines = entry.mapping(known=keys, required=keys)
    return Clause(
        OUT_OF_SCOPE,
        f"対象の範囲({lines['text'].text()})に入らない",
        opposite(condition_at(lines["when"], vocabulary), vocabulary),
        lines["source"].text(),
        entry.line,
    )


def when_of(lines: dict[str, Entry], vocabulary: Vocabulary) -> Condition:
    """Read an optional condition; without one it always holds."""
    return condition_at(lines["when"], vocabulary) if "when" in lines else ALWAYS


def unverified_of(entry: Entry | None, vocabulary: Vocabulary) -> tuple[Unverified, ...]:
    """Read what of the paper could not be seen."""
    parts = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=("about", "text", "when"), required=("about", "text"))
        concern = Concern(lines["about"].word(tuple(Concern)))
        if "when" in lines and concern not in WITH_PEOPLE:
            raise lines["when"].refusal(
                "when は about が scope か criteria か exclusions のときだけ書けます。",
                "この行を消してください。",
            )
        parts.append(
            Unverified(concern, lines["text"].text(), when_of(lines, vocabulary), each.line)
        )
    return tuple(parts)
