"""A JSON Schema of edition files, made from the closed lists, for editors that complete words.

It says what keys and words there are, with their Japanese names. What one file says elsewhere
(ids, own facts, examples that come out) only the loader can check, and does.
"""

from __future__ import annotations

from rules.arrangement import ContactRole, SendingMeans
from rules.facts import UNKNOWN, Fact
from rules.kinds import (
    DESKS,
    Anchor,
    AnchorDay,
    Concern,
    Coordination,
    HandoffKind,
    IfClosed,
    Party,
    Recipient,
    Strength,
    Unit,
    Whose,
)
from rules.reading import (
    clause_file,
    condition_file,
    due_file,
    edition_file,
    example_file,
    handoff_file,
)
from rules.schema.arrangement import channel_schema, sheet_schema
from rules.schema.parts import (
    Schema,
    day,
    id_of,
    lines_of,
    list_of,
    one_of,
    part,
    some_of,
    word_of,
    word_or_unread,
    words,
)
from rules.vocabulary import VOCABULARY

DRAFT = "http://json-schema.org/draft-07/schema#"


def schema() -> Schema:
    """Make the schema; a fresh one each time, with keys in the order of the paper."""
    return {
        "$schema": DRAFT,
        "title": "退院調整ルールの版",
        "description": "地域の退院調整ルール一つの版。書き方は docs/rules.md にあります。",
        **lines_of(edition_file.KEYS, edition_file.REQUIRED_KEYS, _of_edition()),
        "definitions": {
            "condition": _condition(),
            "due": _due(),
            "due_case": _due(beside=_of_case()),
            "given": lines_of(
                VOCABULARY,
                (),
                {id_: one_of(fact.values, fact.label) for id_, fact in VOCABULARY.items()},
                open_ended=True,
            ),
        },
    }


def _of_edition() -> Schema:
    """Describe every section of an edition."""
    clause = {"id": id_of(), "text": words(), "when": part("condition"), "source": words()}
    clause_keys = clause_file.CLAUSE_KEYS
    return {
        "region": id_of(clause_file.FACT_ID.pattern),
        "region_name": words(),
        "in_force": day(),
        "ends": day(),
        "title": words(),
        "status": one_of({"partial": "読めた部分だけの版"}),
        "strength": word_of(Strength),
        "source": lines_of(
            ("title", "url"),
            ("title", "url"),
            {"title": words(), "url": {"type": "string", "pattern": "^https?://"}},
        ),
        "facts": list_of(_fact()),
        "scope": lines_of(clause_keys[1:], clause_keys[1:], clause),
        "criteria": {
            "type": "array",
            "items": lines_of((*clause_keys, "tier"), clause_keys, {**clause, "tier": id_of()}),
        },
        "exclusions": list_of(
            lines_of((*clause_keys, "unless"), clause_keys, {**clause, "unless": part("condition")})
        ),
        "consult": list_of(lines_of(clause_keys, clause_keys, clause)),
        "yields_to": list_of(
            lines_of(
                (*clause_keys, "region"),
                clause_keys,
                {**clause, "region": id_of(clause_file.FACT_ID.pattern)},
            )
        ),
        "handoffs": {"type": "array", "items": _handoff()},
        "unverified": list_of(
            lines_of(
                ("about", "text", "when"),
                ("about", "text"),
                {"about": word_of(Concern), "text": words(), "when": part("condition")},
            )
        ),
        "tiers": list_of(
            lines_of(("id", "text"), ("id", "text"), {"id": id_of(), "text": words()})
        ),
        "stages": list_of(
            lines_of(
                ("id", "text", "source", "enter"),
                ("id", "text", "source"),
                {"id": id_of(), "text": words(), "source": words(), "enter": part("condition")},
            )
        ),
        "sheets": list_of(sheet_schema()),
        "channels": list_of(channel_schema()),
        "main_contact": lines_of(
            ("one_of", "text", "source"),
            ("one_of", "text", "source"),
            {"one_of": some_of(word_of(ContactRole)), "text": words(), "source": words()},
        ),
        "area": list_of(words()),
        "formerly": list_of(
            lines_of(("name", "until"), ("name",), {"name": words(), "until": day()})
        ),
        "examples": list_of(_example()),
    }


def _fact() -> Schema:
    """Describe a fact that an edition declares itself."""
    required = ("id", "label", "group", "values", "source")
    return lines_of(
        (*required, "derived", "judged_by"),
        required,
        {
            "id": id_of(clause_file.FACT_ID.pattern),
            "label": words(),
            "group": words(),
            "values": {"type": "object", "minProperties": 2, "additionalProperties": words()},
            "source": words(),
            "derived": one_of({"from_record": "記録から分かる"}),
            "judged_by": words(),
        },
    )


def _handoff() -> Schema:
    """Describe a handoff, or a routing table of handoffs."""
    rows = (*handoff_file.ROW_KEYS, "when", "text")
    row = {"id": id_of(), "receiver": _receivers(), "when": part("condition"), "text": words()}
    said = lines_of(
        handoff_file.KEYS,
        handoff_file.REQUIRED_KEYS,
        {
            **row,
            "kind": word_of(HandoffKind),
            "sender": word_of(Party),
            "routes": list_of(lines_of(rows, handoff_file.ROW_KEYS, row)),
            "due": {"anyOf": [part("due"), list_of(part("due_case"))]},
            "source": words(),
            "strength": word_of(Strength),
            "also_to": some_of(word_of(Recipient)),
            "follows": id_of(),
            "fallback": list_of(
                lines_of(
                    ("sender", "text"),
                    ("sender", "text"),
                    {"sender": word_of(Party), "text": words()},
                )
            ),
            "stage": id_of(),
            "tier": id_of(),
            "sheet": id_of(),
            "channels": some_of(word_of(SendingMeans)),
        },
    )
    return {**said, "oneOf": [{"required": ["receiver"]}, {"required": ["routes"]}]}


def _receivers() -> Schema:
    """Describe who may receive: the sides of the record, and the desks that stand for one."""
    return one_of({each.value: each.label for each in (*Party, *DESKS)})


def _due(beside: Schema | None = None) -> Schema:
    """Describe a due in days, or one that is tied to an event."""
    days = {"type": "integer", "minimum": 0, "maximum": due_file.MOST_DAYS}
    said = {
        "after": word_of(Anchor),
        "before": word_of(Anchor, due_file.NEXT_TO_DISCHARGE),
        "latest": days,
        "preferred": days,
        "unit": word_or_unread(Unit),
        "anchor_day": word_or_unread(AnchorDay),
        "if_closed": word_or_unread(IfClosed),
        "whose": word_or_unread(Whose),
        "after_hours": one_of({"next_day": "営業時間の後の入院は翌日から数える"}),
        "early": one_of({"counts": "前もって渡したものも数える"}),
        "event": words(),
    }
    described = lines_of((*due_file.DUE_KEYS, *(beside or ())), (), {**said, **(beside or {})})
    counted = [
        {"required": ["unit", "anchor_day", way, limit]}
        for way in ("after", "before")
        for limit in ("latest", "preferred")
    ]
    return {**described, "anyOf": [{"required": ["event"]}, *counted]}


def _of_case() -> Schema:
    """Describe what a row of a table of dues says beside its due."""
    return {
        "when": part("condition"),
        "days_left_below": {"type": "integer", "minimum": 1, "maximum": due_file.MOST_DAYS},
        "admitted_from": day(),
        "admitted_until": day(),
        "text": words(),
        "source": words(),
    }


def _condition() -> Schema:
    """Describe a condition: facts of the vocabulary, own facts, and choices."""
    conditions = {**list_of(part("condition"))}
    number = {"type": "integer", "minimum": 1}
    points = lines_of(
        ("points", "when"),
        ("points", "when"),
        {
            "points": {**number, "maximum": condition_file.MOST_POINTS},
            "when": part("condition"),
        },
    )
    said: Schema = {id_: _leaf(fact) for id_, fact in VOCABULARY.items()}
    said[condition_file.ANY_OF] = conditions
    said[condition_file.AT_LEAST] = lines_of(
        ("count", "of"), ("count", "of"), {"count": number, "of": conditions}
    )
    score = (condition_file.AT_LEAST, "of")
    said[condition_file.SCORE] = lines_of(
        score, score, {condition_file.AT_LEAST: number, "of": list_of(points)}
    )
    described = lines_of(said, (), said, open_ended=True)
    # Facts that the edition declares itself.
    own = {clause_file.FACT_ID.pattern.join("^$"): some_of(words())}
    return {
        **described,
        "patternProperties": own,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _leaf(fact: Fact) -> Schema:
    """Describe the values of one fact; 不明 is never a condition."""
    known = {value: label for value, label in fact.values.items() if value != UNKNOWN}
    return {**some_of(one_of(known)), "title": fact.label}


def _example() -> Schema:
    """Describe one imagined patient and the answer of the paper."""
    ids = {"type": "array", "items": {"type": "string"}}
    expect = {
        "coordination": word_of(Coordination),
        **dict.fromkeys(example_file.EXPECT_KEYS, ids),
        "due": {"type": "object", "additionalProperties": {"anyOf": [day(), one_of({"none": ""})]}},
        "tier": words(),
        "stage": words(),
    }
    clock = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
    said = {
        "name": words(),
        "given": part("given"),
        **dict.fromkeys(example_file.MOMENT_KEYS, day()),
        **dict.fromkeys(example_file.CLOCK_KEYS, clock),
        "closed": list_of(day()),
        "expect": lines_of(expect, ("coordination",), expect),
    }
    return lines_of(said, ("name", "given", "expect"), said)
