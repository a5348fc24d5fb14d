"""Read `when`, `unless` and `scope`: which facts have which values, in words of the paper.

Everything written under one `when` must hold; a fact may have any of several values;
`any_of`, `at_least` and `score` choose among conditions. There are no operators. 不明 is
never a condition: an answer that hangs on not knowing would change as one learns.
"""

from __future__ import annotations

from rules.condition import All, AtLeast, Condition, Leaf, any_of, opposite, size
from rules.facts import UNKNOWN, Vocabulary
from rules.reading.document import Entry

ANY_OF = "any_of"
AT_LEAST = "at_least"
SCORE = "score"
CHOOSING = (ANY_OF, AT_LEAST, SCORE)
MOST_POINTS = 20
# Deeper or wider conditions are not on any paper, and would swell the compiled rules.
MOST_LEVELS = 4
MOST_ALTERNATIVES = 64


def condition_at(entry: Entry, vocabulary: Vocabulary) -> Condition:
    """Read one condition and refuse it where it is too wide to be compiled."""
    condition = _together(entry, vocabulary, MOST_LEVELS)
    for each in (condition, opposite(condition, vocabulary)):
        refuse_too_wide(entry, each)
    return condition


def refuse_too_wide(entry: Entry, condition: Condition) -> None:
    """Refuse a condition that spells out to more alternatives than are compiled."""
    if size(condition) > MOST_ALTERNATIVES:
        raise entry.refusal(
            f"条件の組み合わせが多すぎます({size(condition)}通り)。",
            f"{MOST_ALTERNATIVES}通りまでになるよう、any_of や at_least を分けてください。",
        )


def _together(entry: Entry, vocabulary: Vocabulary, levels: int) -> Condition:
    """Read a mapping all of whose lines must hold."""
    if not levels:
        raise entry.refusal(
            f"条件の入れ子が{MOST_LEVELS}段を超えています。", "条件を分けて書いてください。"
        )
    lines = entry.mapping(known=(*vocabulary, *CHOOSING))
    if not lines:
        raise entry.refusal("条件が空です。", "「判定項目: 値」を一つ以上書いてください。")
    parts = tuple(_line(key, value, vocabulary, levels) for key, value in lines.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _line(key: str, value: Entry, vocabulary: Vocabulary, levels: int) -> Condition:
    """Read one line of a condition: a fact with its values, or a choice."""
    if key == ANY_OF:
        return any_of(tuple(_together(i, vocabulary, levels - 1) for i in value.items()))
    if key == AT_LEAST:
        return _at_least(value, vocabulary, levels)
    if key == SCORE:
        return _score(value, vocabulary, levels)
    return _leaf(key, value, vocabulary)


def _at_least(entry: Entry, vocabulary: Vocabulary, levels: int) -> AtLeast:
    """Read `{count: 2, of: [...]}`."""
    lines = entry.mapping(known=("count", "of"), required=("count", "of"))
    parts = tuple(_together(i, vocabulary, levels - 1) for i in lines["of"].items())
    return AtLeast(lines["count"].number(1, len(parts)), parts)


def _score(entry: Entry, vocabulary: Vocabulary, levels: int) -> AtLeast:
    """Read `{at_least: 3, of: [{points: 2, when: …}, …]}`; a part stands once for each point."""
    lines = entry.mapping(known=(AT_LEAST, "of"), required=(AT_LEAST, "of"))
    parts: list[Condition] = []
    for each in lines["of"].items():
        row = each.mapping(known=("points", "when"), required=("points", "when"))
        part = _together(row["when"], vocabulary, levels - 1)
        if part in parts:
            raise row["when"].refusal(
                "同じ条件に二度点がついています。", "点を合わせて一つにまとめてください。"
            )
        parts += [part] * row["points"].number(1, MOST_POINTS)
    return AtLeast(lines[AT_LEAST].number(1, len(parts)), tuple(parts))


def _leaf(fact_id: str, entry: Entry, vocabulary: Vocabulary) -> Leaf:
    """Read the values of one fact, each once, none of them 不明 and not all of them."""
    fact = vocabulary[fact_id]
    allowed: list[str] = []
    for each in entry.words():
        value = each.word(fact.values)
        if value == UNKNOWN:
            raise each.refusal(
                "「unknown」(不明・未評価)は条件に書けません。",
                "不明なら判定は自動で保留になります。当てはまる値だけを書いてください。",
            )
        if value in allowed:
            raise each.refusal(f"「{value}」が二度書かれています。", "一つにまとめてください。")
        allowed.append(value)
    if len(allowed) == len(fact.known_values):
        raise entry.refusal(
            f"{fact_id} のすべての値が並んでいて、条件になりません。",
            "この行を消すか、当てはまらない値を除いてください。",
        )
    return Leaf(fact_id, tuple(allowed))
