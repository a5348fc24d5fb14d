"""Say a condition in one line of Japanese, in the labels that people read."""

from __future__ import annotations

from collections import Counter

from rules.condition import ALWAYS, All, Condition, Leaf
from rules.facts import Vocabulary


def condition_words(condition: Condition, vocabulary: Vocabulary) -> str:
    """Say a condition, such as "世帯が「独居」、かつ 家事が「できない」"."""
    if condition == ALWAYS:
        return "いつでも"
    if isinstance(condition, Leaf):
        fact = vocabulary[condition.fact]
        values = "".join(f"「{fact.values[value]}」" for value in condition.allowed)
        return f"{fact.label}が{values}{'のどれか' if len(condition.allowed) > 1 else ''}"
    if not condition.parts:
        return "だれにも当てはまらない"
    points = Counter(condition.parts)
    is_score = len(points) < len(condition.parts)
    parts = [
        f"{points[part]}点={_inner(part, vocabulary)}" if is_score else _inner(part, vocabulary)
        for part in points
    ]
    if isinstance(condition, All):
        return "、かつ ".join(parts)
    if is_score:
        return f"{'、'.join(parts)} の合計が{condition.count}点以上"
    if condition.count == 1:
        return "、または ".join(parts)
    return f"{'、'.join(parts)} のうち{condition.count}つ以上"


def _inner(condition: Condition, vocabulary: Vocabulary) -> str:
    """Put brackets around what is itself joined."""
    words = condition_words(condition, vocabulary)
    return words if isinstance(condition, Leaf) else f"({words})"
