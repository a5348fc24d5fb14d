"""Explain an answer: every clause with its conditions, and what would change the answer.

A decision names the clauses that hold. Here stands the whole of it, for the one who
doubts it: each condition with ○ × 不明, the value that was used and who gave it, whether
it speaks for or against, and the smallest changes of facts that give another answer.
Nothing is decided here. Who gave a value is handed in as words by the caller, because rules
know no person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.answer import coordination_of
from rules.condition import ALWAYS, All, Condition, Leaf, weigh
from rules.decision import Decision
from rules.edition import Clause, Edition, EditionRef, Unverified
from rules.facts import Facts, Vocabulary
from rules.kinds import Coordination, Labelled, Truth
from rules.why.flips import Flips, flips_of

SIGNS: Mapping[Truth, str] = MappingProxyType({Truth.MET: "○", Truth.OPEN: "?", Truth.CLOSED: "×"})
NOBODY: Mapping[str, str] = MappingProxyType({})


class Role(Labelled):
    """What a clause does in an edition."""

    CRITERION = "criterion", "基準"
    EXCLUSION = "exclusion", "除外"
    UNREAD = "unread", "読めていない部分"
    UNREAD_EXCLUSION = "unread_exclusion", "読めていない除外"
    TIER = "tier", "区分"
    HANDOFF = "handoff", "引継ぎ"
    STAGE = "stage", "段階"
    CONSULT = "consult", "相談する場合"
    YIELDS_TO = "yields_to", "ほかの定めが優先する場合"


@dataclass(frozen=True)
class Node:
    """One condition or part of one: how it stands, in words, and what was looked at.

    value: the label of the value used, None where it is not about one fact. given_by: who
    gave it, in the caller's words. points: how much the part counts in a score, else 0.
    """

    truth: Truth
    words: str
    fact: str | None = None
    value: str | None = None
    given_by: str | None = None
    parts: tuple[Node, ...] = ()
    points: int = 0

    @property
    def sign(self) -> str:
        """○, × or ?, to stand beside the word, never alone."""
        return SIGNS[self.truth]

    def as_json(self) -> dict[str, object]:
        """Lay the tree out for JSON; null where there is none."""
        return {
            "truth": self.truth.value,
            "sign": self.sign,
            "words": self.words,
            "fact": self.fact,
            "value": self.value,
            "given_by": self.given_by,
            "points": self.points,
            "parts": [part.as_json() for part in self.parts],
        }


@dataclass(frozen=True)
class ClauseWhy:
    """One clause of the paper: its words, where they stand, and its condition as a tree."""

    role: Role
    id: str
    text: str
    source: str
    tree: Node

    def as_json(self) -> dict[str, object]:
        """Lay the clause out for JSON."""
        return {
            "role": self.role.value,
            "id": self.id,
            "text": self.text,
            "source": self.source,
            "tree": self.tree.as_json(),
        }


@dataclass(frozen=True)
class Explanation:
    """The answer with everything that it rests on. unverified: what could not be read of it."""

    edition: EditionRef
    region_name: str
    coordination: Coordination
    clauses: tuple[ClauseWhy, ...]
    flips: Flips
    vocabulary: Vocabulary
    unverified: tuple[Unverified, ...] = ()

    def of(self, role: Role) -> tuple[ClauseWhy, ...]:
        """Pick the clauses of one role, in the order of the paper."""
        return tuple(clause for clause in self.clauses if clause.role is role)

    def as_json(self) -> dict[str, object]:
        """Lay the explanation out for JSON: words of the closed lists beside those for people."""
        in_force = self.edition.in_force
        return {
            "edition": {
                "region": self.edition.region,
                "in_force": None if in_force is None else in_force.isoformat(),
                "title": self.edition.title,
                "digest": self.edition.digest,
            },
            "coordination": self.coordination.value,
            "clauses": [clause.as_json() for clause in self.clauses],
            "flips": [
                {
                    "becomes": flip.becomes.value,
                    "changes": [
                        {"fact": each.fact, "values": list(each.values)} for each in flip.changes
                    ],
                }
                for flip in self.flips.found
            ],
            "flips_tried": self.flips.tried,
            "unverified": [
                {"about": part.concern.value, "text": part.text} for part in self.unverified
            ],
        }


def explain(
    edition: Edition,
    facts: Facts,
    decision: Decision | None = None,
    given_by: Mapping[str, str] = NOBODY,
) -> Explanation:
    """Explain the answer for one patient under one edition.

    decision: the one that is explained; without it the answer is read from the trees.
    given_by: fact -> who or what gave its value, in words that may be shown.
    """
    coordination = decision.coordination if decision else coordination_of(edition, facts)
    clauses = tuple(
        ClauseWhy(role, id_, text, source, tree_of(condition, facts, edition.vocabulary, given_by))
        for role, id_, text, source, condition in _clauses(edition)
    )
    return Explanation(
        edition.ref,
        edition.region_name,
        coordination,
        clauses,
        flips_of(edition, facts),
        edition.vocabulary,
        edition.unverified,
    )


def tree_of(
    condition: Condition,
    facts: Facts,
    vocabulary: Vocabulary,
    given_by: Mapping[str, str] = NOBODY,
) -> Node:
    """Read a condition against facts, part by part."""
    truth = weigh(condition, facts).truth
    if isinstance(condition, Leaf):
        fact = vocabulary[condition.fact]
        value = facts[condition.fact]
        return Node(
            truth,
            f"{fact.label}: {_choice([fact.values[word] for word in condition.allowed])}",
            fact.id,
            fact.values[value],
            given_by.get(fact.id) if fact.id in facts.given else None,
        )
    if not condition.parts:
        return Node(truth, "いつでも" if condition == ALWAYS else "だれにも当てはまらない")
    points = Counter(condition.parts)
    is_score = any(count > 1 for count in points.values())
    parts = tuple(
        _with_points(tree_of(part, facts, vocabulary, given_by), count if is_score else 0)
        for part, count in points.items()
    )
    return Node(truth, _joint(condition, is_score=is_score), parts=parts)


def _with_points(node: Node, points: int) -> Node:
    """Say how much a part counts."""
    return Node(
        node.truth, node.words, node.fact, node.value, node.given_by, node.parts, points=points
    )


def _joint(condition: Condition, *, is_score: bool) -> str:
    """Say how the parts of a condition belong together."""
    if isinstance(condition, Leaf):
        return ""
    if isinstance(condition, All):
        return "次のすべて"
    if is_score:
        return f"次の点の合計が{condition.count}点以上"
    if condition.count == 1:
        return "次のどれか"
    return f"次のうち{condition.count}つ以上"


def _choice(labels: list[str]) -> str:
    """Say which values fit."""
    quoted = "".join(f"「{label}」" for label in labels)
    return quoted if len(labels) == 1 else f"{quoted}のどれか"


def _clauses(edition: Edition) -> Iterator[tuple[Role, str, str, str, Condition]]:
    """Walk over everything in an edition that has a condition, in the order of the paper."""
    for role, clauses in (
        (Role.YIELDS_TO, edition.yields_to),
        (Role.CRITERION, edition.criteria),
        (Role.EXCLUSION, edition.grounds_against),
    ):
        yield from _quoted(role, clauses)
    for role, parts in (
        (Role.UNREAD, edition.holding_back),
        (Role.UNREAD_EXCLUSION, edition.unread_exclusions),
    ):
        for part in parts:
            source = f"確かめられていないこと・{part.concern.label}"
            yield role, part.concern.value, part.text, source, part.condition
    for tier in edition.tiers:
        yield Role.TIER, tier.id, tier.text, edition.source.title, tier.condition
    for stage in edition.stages:
        yield Role.STAGE, stage.id, stage.text, stage.source, stage.condition
    for rule in edition.handoffs:
        yield Role.HANDOFF, rule.id, rule.text, rule.source, rule.condition
    yield from _quoted(Role.CONSULT, edition.consult)


def _quoted(
    role: Role, clauses: tuple[Clause, ...]
) -> Iterator[tuple[Role, str, str, str, Condition]]:
    """Quote clauses in one role."""
    for clause in clauses:
        yield role, clause.id, clause.text, clause.source, clause.condition
