"""Lay an edition out clause by clause, in words, so that two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.condition import ALWAYS, Condition
from rules.condition_words import condition_words
from rules.due import Due
from rules.edition import Clause, DueCase, Edition, HandoffRule
from rules.facts import Vocabulary

ARTICLE = re.compile(
    r"第[0-9一二三四五六七八九十百]+条(?:第[0-9一二三四五六七八九十]+項)?(?:\([^)]*\))?"
)
NONE = "なし"


@dataclass(frozen=True)
class ClausePart:
    """One clause, laid out for comparing: what is said of it, in words, by what it is."""

    id: str
    article: str
    text: str
    said: Mapping[str, str]
    due: Due | None
    condition: Condition
    vocabulary: Vocabulary


def clause_parts(edition: Edition) -> Iterator[tuple[tuple[str, str], ClausePart]]:
    """Lay out everything that an edition says, by kind and id."""
    vocabulary = edition.vocabulary
    for kind, clauses in (
        ("criterion", edition.criteria),
        ("exclusion", edition.grounds_against),
        ("consult", edition.consult),
        ("yields_to", edition.yields_to),
    ):
        for clause in clauses:
            yield (kind, clause.id), _clause(clause, vocabulary)
    for tier in edition.tiers:
        said = {"言葉": tier.text}
        part = ClausePart(tier.id, "区分", tier.text, said, None, tier.condition, vocabulary)
        yield ("tier", tier.id), part
    for stage in edition.stages:
        said = {"言葉": stage.text}
        article = _article(stage.source)
        part = ClausePart(stage.id, article, stage.text, said, None, stage.condition, vocabulary)
        yield ("stage", stage.id), part
    yield ("document", ""), _document(edition)
    for rule in edition.handoffs:
        yield ("handoff", rule.id), _handoff(rule, vocabulary)
    for unread in edition.unverified:
        key = f"{unread.concern.label}: {unread.text}"
        condition = unread.condition
        yield (
            ("unverified", key),
            ClausePart(key, "確かめられていないこと", key, {}, None, condition, vocabulary),
        )


def _document(edition: Edition) -> ClausePart:
    """Lay out what is said of the whole document, and the facts that it declares itself."""
    contact = edition.main_contact
    said = {
        "強さ": edition.strength.label,
        "地域": _listed(edition.area),
        "終わりの日": str(edition.ends or NONE),
        "主な窓口": NONE if contact is None else contact.text,
        "手段": _listed(f"{c.means.label}({c.use.label})" for c in edition.channels),
        "様式": _listed(f"{s.title}({s.substitution.label})" for s in edition.sheets),
        "この版だけの判定項目": _listed(
            f"{fact.label}({'・'.join(fact.values.values())})" for fact in edition.own_facts
        ),
    }
    return ClausePart("document", "定め全体", edition.title, said, None, ALWAYS, edition.vocabulary)


def _clause(clause: Clause, vocabulary: Vocabulary) -> ClausePart:
    """Lay out a criterion or an exclusion."""
    said = {"言葉": clause.text, "区分": clause.tier or NONE, "相手の地域": clause.region or NONE}
    article = _article(clause.source)
    return ClausePart(clause.id, article, clause.text, said, None, clause.condition, vocabulary)


def _handoff(rule: HandoffRule, vocabulary: Vocabulary) -> ClausePart:
    """Lay out a handoff with all that it says."""
    said = {
        "言葉": rule.text,
        "引継ぎ": rule.kind.label,
        "渡す側": rule.sender.label,
        "受け取る側": rule.receiver_label,
        "あわせて渡す先": _listed(each.label for each in rule.also_to),
        "強さ": rule.strength.label,
        "前の引継ぎ": rule.follows or NONE,
        "代わりにする人": _listed(f"{f.sender.label}({f.text})" for f in rule.fallbacks),
        "段階": NONE if rule.stage is None else rule.stage.text,
        "区分": NONE if rule.tier is None else rule.tier.text,
        "様式": NONE if rule.sheet is None else rule.sheet.title,
        "手段": _listed(f"{c.means.label}({c.use.label})" for c in rule.channels),
        "場合ごとの期限": _listed(_case(case, vocabulary) for case in rule.cases),
    }
    article = _article(rule.source)
    return ClausePart(rule.id, article, rule.text, said, rule.due, rule.condition, vocabulary)


def _case(case: DueCase, vocabulary: Vocabulary) -> str:
    """Say one case of a due."""
    parts = [condition_words(case.condition, vocabulary)]
    if case.days_left_below is not None:
        parts.append(f"退院まで{case.days_left_below}日未満")
    parts += [f"{case.admitted_from}以後の入院"] if case.admitted_from else []
    parts += [f"{case.admitted_until}以前の入院"] if case.admitted_until else []
    return f"{'・'.join(parts)}: {case.due.words}"


def _listed(words: Iterable[str]) -> str:
    """Write words in a row."""
    return "、".join(words) or NONE


def _article(source: str) -> str:
    """Name the article of a source, or the whole source where it names none."""
    found = ARTICLE.findall(source)
    return found[-1] if found else source
