"""Read one edition file into an Edition, or refuse it with the line and what to write.

Checks the shape and the words. Whether the edition says what its authors meant is
checked by its own examples (`check`); whether it fits beside others, by the library.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from rules.condition import ALWAYS, All, Condition, opposite
from rules.condition_file import CHOOSING, condition_at
from rules.document import Entry, read
from rules.due_file import due_of
from rules.edition import Clause, Edition, HandoffRule, Source, Unverified
from rules.engine import RESERVED_FIELDS
from rules.errors import EditionError
from rules.example_file import example_of
from rules.facts import UNKNOWN, Fact, Vocabulary
from rules.kinds import Concern, HandoffKind, Party
from rules.vocabulary import VOCABULARY

REQUIRED_KEYS = ("region", "region_name", "title", "source", "criteria", "handoffs", "examples")
KEYS = (
    *REQUIRED_KEYS,
    "in_force",
    "ends",
    "status",
    "facts",
    "scope",
    "exclusions",
    "unverified",
)
CLAUSE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
FACT_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
OUT_OF_SCOPE = "out-of-scope"


def edition_of(file: Path) -> Edition:
    """Read one edition file; EditionError where anything in it is not understood."""
    entry, content = read(file, EditionError)
    lines = entry.mapping(known=KEYS, required=REQUIRED_KEYS)
    own_facts = _own_facts(lines.get("facts"))
    vocabulary = VOCABULARY.plus(own_facts)
    taken: dict[str, int] = {OUT_OF_SCOPE: 0}
    criteria = _clauses(lines["criteria"], vocabulary, taken)
    exclusions = _clauses(lines.get("exclusions"), vocabulary, taken, unless=True)
    handoffs = tuple(_handoff(each, vocabulary, taken) for each in lines["handoffs"].items())
    in_force = lines["in_force"].day() if "in_force" in lines else None
    ends = lines["ends"].day() if "ends" in lines else None
    if ends is not None and (in_force is None or ends < in_force):
        raise lines["ends"].refusal(
            "終わりの日(ends)が施行日(in_force)より前です。", "どちらかの日付を直してください。"
        )
    return Edition(
        file=file,
        digest=sha256(content).hexdigest(),
        region=_id(lines["region"], FACT_ID),
        region_name=lines["region_name"].text(),
        in_force=in_force,
        ends=ends,
        title=lines["title"].text(),
        source=_source(lines["source"]),
        partial=_partial(entry, lines),
        vocabulary=vocabulary,
        own_facts=own_facts,
        out_of_scope=_out_of_scope(lines.get("scope"), vocabulary),
        criteria=criteria,
        exclusions=exclusions,
        handoffs=handoffs,
        unverified=_unverified(lines.get("unverified"), vocabulary),
        examples=tuple(
            example_of(each, vocabulary, (criteria, exclusions, handoffs), in_force)
            for each in lines["examples"].items()
        ),
    )


def _source(entry: Entry) -> Source:
    """Read which published document this is."""
    lines = entry.mapping(known=("title", "url"), required=("title", "url"))
    url = lines["url"].text()
    if not url.startswith(("https://", "http://")):
        raise lines["url"].refusal(
            f"「{url}」は出典のアドレスになりません。", "https:// から始まる形で書いてください。"
        )
    return Source(lines["title"].text(), url)


def _partial(entry: Entry, lines: dict[str, Entry]) -> bool:
    """Read `status: partial`, which goes together with a list of what is unverified."""
    partial = "status" in lines and bool(lines["status"].word(("partial",)))
    if partial and "unverified" not in lines:
        raise lines["status"].refusal(
            "status: partial ですが、確かめられていないことが書かれていません。",
            "「unverified:」に、読めていないことを一つずつ書いてください。",
        )
    if "unverified" in lines and not partial:
        raise entry.refusal(
            "確かめられていないこと(unverified)がありますが、status がありません。",
            "「status: partial」を書き足してください。",
        )
    return partial


def _own_facts(entry: Entry | None) -> tuple[Fact, ...]:
    """Read the facts that this edition declares itself."""
    facts: dict[str, Fact] = {}
    for each in [] if entry is None else entry.items():
        keys = ("id", "label", "group", "values", "source")
        lines = each.mapping(known=(*keys, "derived"), required=keys)
        fact_id = _id(lines["id"], FACT_ID)
        if fact_id in VOCABULARY or fact_id in facts or fact_id in (*CHOOSING, *RESERVED_FIELDS):
            raise lines["id"].refusal(
                f"判定項目「{fact_id}」はもうあります。",
                "別の id にするか、今あるものを使ってください。",
            )
        facts[fact_id] = Fact(
            fact_id,
            lines["label"].text(),
            lines["group"].text(),
            _values(lines["values"]),
            derived="derived" in lines and bool(lines["derived"].word(("from_record",))),
            source=lines["source"].text(),
        )
    return tuple(facts.values())


def _values(entry: Entry) -> dict[str, str]:
    """Read the closed list of an own fact: at least two values, 不明 comes by itself."""
    lines = entry.mapping()
    if UNKNOWN in lines:
        raise lines[UNKNOWN].refusal(
            "「unknown」は書かなくても加わります。", "この行を消してください。"
        )
    if len(lines) < len(("one", "other")):
        raise entry.refusal("値が一つしかありません。", "当てはまらないときの値も書いてください。")
    return {value: label.text() for value, label in lines.items()}


def _id(entry: Entry, form: re.Pattern[str]) -> str:
    """Read an id: small Latin letters, digits and one kind of joint."""
    value = entry.word()
    if not form.fullmatch(value):
        joint = "-" if form is CLAUSE_ID else "_"
        raise entry.refusal(
            f"「{value}」は id に使えません。",
            f"英小文字で始め、英小文字・数字・{joint} で書いてください。",
        )
    return value


def _own_id(entry: Entry, taken: dict[str, int]) -> str:
    """Read an id that no other clause of the edition has."""
    value = _id(entry, CLAUSE_ID)
    if value in taken:
        raise entry.refusal(
            f"id「{value}」は二度使われています。", "版の中で重ならない id にしてください。"
        )
    taken[value] = entry.line
    return value


def _clauses(
    entry: Entry | None, vocabulary: Vocabulary, taken: dict[str, int], *, unless: bool = False
) -> tuple[Clause, ...]:
    """Read criteria, or exclusions with their exceptions."""
    required = ("id", "text", "when", "source")
    clauses = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=(*required, *(("unless",) if unless else ())), required=required)
        condition = condition_at(lines["when"], vocabulary)
        if "unless" in lines:
            exception = condition_at(lines["unless"], vocabulary)
            condition = All((condition, opposite(exception, vocabulary)))
        clauses.append(
            Clause(
                _own_id(lines["id"], taken),
                lines["text"].text(),
                condition,
                lines["source"].text(),
                each.line,
            )
        )
    return tuple(clauses)


def _out_of_scope(entry: Entry | None, vocabulary: Vocabulary) -> Clause | None:
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


def _handoff(entry: Entry, vocabulary: Vocabulary, taken: dict[str, int]) -> HandoffRule:
    """Read one handoff with its parties and its due."""
    required = ("id", "kind", "sender", "receiver", "due", "text", "source")
    lines = entry.mapping(known=(*required, "when"), required=required)
    sender, receiver = (Party(lines[key].word(tuple(Party))) for key in ("sender", "receiver"))
    if sender is receiver:
        raise lines["receiver"].refusal(
            "渡す側(sender)と受け取る側(receiver)が同じです。", "どちらかを直してください。"
        )
    return HandoffRule(
        id=_own_id(lines["id"], taken),
        kind=HandoffKind(lines["kind"].word(tuple(HandoffKind))),
        sender=sender,
        receiver=receiver,
        condition=_when(lines, vocabulary),
        due=due_of(lines["due"]),
        text=lines["text"].text(),
        source=lines["source"].text(),
        line=entry.line,
    )


def _when(lines: dict[str, Entry], vocabulary: Vocabulary) -> Condition:
    """Read an optional condition; without one it always holds."""
    return condition_at(lines["when"], vocabulary) if "when" in lines else ALWAYS


def _unverified(entry: Entry | None, vocabulary: Vocabulary) -> tuple[Unverified, ...]:
    """Read what of the paper could not be seen."""
    parts = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=("about", "text", "when"), required=("about", "text"))
        concern = Concern(lines["about"].word(tuple(Concern)))
        if "when" in lines and concern not in (Concern.SCOPE, Concern.CRITERIA):
            raise lines["when"].refusal(
                "when は about が scope か criteria のときだけ書けます。",
                "この行を消してください。",
            )
        parts.append(Unverified(concern, lines["text"].text(), _when(lines, vocabulary), each.line))
    return tuple(parts)
