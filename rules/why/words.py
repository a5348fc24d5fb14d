"""Say an explanation line by line in plain Japanese, for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator

from rules.facts import Vocabulary
from rules.kinds import Coordination
from rules.why import ClauseWhy, Explanation, Node, Role
from rules.why.flips import Change, Flip

HEADINGS = {
    Role.YIELDS_TO: "ほかの定めが優先する場合",
    Role.CRITERION: "基準(一つでも当てはまれば、退院調整が必要)",
    Role.EXCLUSION: "除外(当てはまれば、対象から除く)",
    Role.UNREAD: "読めていない部分(当てはまるうちは、不要と言わない)",
    Role.UNREAD_EXCLUSION: "読めていない除外(当てはまるうちは、要と言わない)",
    Role.TIER: "区分",
    Role.STAGE: "段階",
    Role.HANDOFF: "引継ぎ(退院調整が必要なときに)",
    Role.CONSULT: "相談する場合",
}
MOST_FLIPS_SHOWN = 8


def why_lines(explanation: Explanation) -> Iterator[str]:
    """Lay the whole explanation out: the answer, each clause as a tree, and the flips."""
    ref = explanation.edition
    in_force = "施行日不明" if ref.in_force is None else f"{ref.in_force} 施行"
    yield f"版: {ref.title}({ref.region}、{in_force})"
    yield f"判定: {explanation.coordination.label}"
    for role, heading in HEADINGS.items():
        clauses = explanation.of(role)
        if clauses:
            yield f"{heading}:"
        for clause in clauses:
            yield from _clause_lines(clause)
    yield "判定が変わるとき(いちばん少ない変更):"
    yield from (f"  - {line}" for line in flip_lines(explanation))
    if explanation.unverified:
        yield "この版で確かめられていないこと:"
    yield from (f"  - {part.concern.label}: {part.text}" for part in explanation.unverified)


def flip_lines(explanation: Explanation) -> Iterator[str]:
    """Say for each other answer the smallest changes that give it, or that none was found."""
    for answer in Coordination:
        if answer is explanation.coordination:
            continue
        flips = explanation.flips.to(answer)
        if not flips:
            tried = explanation.flips.tried
            limit = "一つの項目" if tried == 1 else f"{tried}つまでの項目"
            yield f"{limit}を変えても、「{answer.label}」にはなりません。"
        for flip in flips[:MOST_FLIPS_SHOWN]:
            yield flip_words(flip, explanation.vocabulary)
        if len(flips) > MOST_FLIPS_SHOWN:
            rest = len(flips) - MOST_FLIPS_SHOWN
            yield f"「{answer.label}」になる変え方は、ほかに{rest}通りあります。"


def flip_words(flip: Flip, vocabulary: Vocabulary) -> str:
    """Say one flip, such as "「歩行」が「自立」なら、「不要」になります。"."""
    changes = "、".join(change_words(each, vocabulary) for each in flip.changes)
    return f"{changes}なら、「{flip.becomes.label}」になります。"


def change_words(change: Change, vocabulary: Vocabulary) -> str:
    """Say which values a fact would take."""
    fact = vocabulary[change.fact]
    values = "".join(f"「{fact.values[value]}」" for value in change.values)
    return f"{fact.label}が{values}{'のどれか' if len(change.values) > 1 else ''}"


def node_words(node: Node) -> str:
    """Say one condition: its sign and word, what it asks, and what was given."""
    points = f"{node.points}点 " if node.points else ""
    line = f"{node.sign} {node.truth.label} {points}{node.words}"
    if node.value is not None:
        given_by = f"、{node.given_by}" if node.given_by else ""
        line += f" ← {node.value}{given_by}"
    return line


def _clause_lines(clause: ClauseWhy) -> Iterator[str]:
    """Say one clause: how it stands, its words and its place, and its conditions below."""
    yield f"  {clause.tree.sign} {clause.tree.truth.label}  {clause.text}({clause.source})"
    yield from _node_lines(clause.tree, 2)


def _node_lines(node: Node, depth: int) -> Iterator[str]:
    """Indent the parts of a condition below it."""
    yield f"{'    ' * depth}{node_words(node)}"
    for part in node.parts:
        yield from _node_lines(part, depth + 1)
