"""Read one edition file into an Edition, or refuse it with the line and what to write.

Checks the shape and the words. Whether the edition says what its authors meant is
checked by its own examples (`check`); whether it fits beside others, by the library.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from rules.edition import Edition, Source
from rules.engine import RESERVED_FIELDS
from rules.errors import EditionError
from rules.facts import UNKNOWN, Fact
from rules.kinds import Concern, Strength
from rules.reading.arrangement_file import (
    area_of,
    channels_of,
    former_names_of,
    main_contact_of,
    sheets_of,
    stages_of,
    tier_names,
    tiers_of,
)
from rules.reading.clause_file import (
    FACT_ID,
    OUT_OF_SCOPE,
    beside_of,
    criteria_of,
    exclusions_of,
    id_at,
    out_of_scope_of,
    unverified_of,
)
from rules.reading.condition_file import CHOOSING
from rules.reading.document import Entry, read
from rules.reading.example_file import Written, example_of
from rules.reading.handoff_file import Around, handoffs_of
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
    "tiers",
    "stages",
    "consult",
    "yields_to",
    "strength",
    "sheets",
    "channels",
    "main_contact",
    "area",
    "formerly",
)


def edition_of(file: Path) -> Edition:
    """Read one edition file; EditionError where anything in it is not understood."""
    entry, content = read(file, EditionError)
    lines = entry.mapping(known=KEYS, required=REQUIRED_KEYS)
    own_facts = _own_facts(lines.get("facts"))
    vocabulary = VOCABULARY.plus(own_facts)
    taken: dict[str, int] = {OUT_OF_SCOPE: 0}
    named = tier_names(lines.get("tiers"))
    partial = _partial(entry, lines)
    criteria = criteria_of(lines["criteria"], vocabulary, taken, named, may_be_empty=partial)
    exclusions = exclusions_of(lines.get("exclusions"), vocabulary, taken)
    around = Around(
        vocabulary,
        taken,
        partial=partial,
        strength=_strength(lines),
        tiers=tiers_of(named, criteria, vocabulary),
        stages=stages_of(lines.get("stages"), vocabulary, taken),
        sheets=sheets_of(lines.get("sheets"), taken, partial=partial),
        channels=channels_of(lines.get("channels")),
    )
    handoffs = handoffs_of(lines["handoffs"], around)
    unverified = unverified_of(lines.get("unverified"), vocabulary)
    if not criteria and not any(part.concern is Concern.CRITERIA for part in unverified):
        raise lines["criteria"].refusal(
            "基準が一つもありません。",
            "読めていないなら、unverified に「about: criteria」で、そのことを書いてください。",
        )
    consult = beside_of(lines.get("consult"), vocabulary, taken)
    yields_to = beside_of(lines.get("yields_to"), vocabulary, taken, yields=True)
    written = Written(
        criteria, exclusions, handoffs, consult, yields_to, tuple(named), tuple(around.stages)
    )
    in_force = lines["in_force"].day() if "in_force" in lines else None
    ends = lines["ends"].day() if "ends" in lines else None
    if ends is not None and (in_force is None or ends < in_force):
        raise lines["ends"].refusal(
            "終わりの日(ends)が施行日(in_force)より前です。", "どちらかの日付を直してください。"
        )
    return Edition(
        file=file,
        digest=sha256(content).hexdigest(),
        region=id_at(lines["region"], FACT_ID),
        region_name=lines["region_name"].text(),
        in_force=in_force,
        ends=ends,
        title=lines["title"].text(),
        source=_source(lines["source"]),
        partial=partial,
        vocabulary=vocabulary,
        own_facts=own_facts,
        out_of_scope=out_of_scope_of(lines.get("scope"), vocabulary),
        criteria=criteria,
        exclusions=exclusions,
        handoffs=handoffs,
        unverified=unverified,
        examples=tuple(
            example_of(each, vocabulary, written, in_force) for each in lines["examples"].items()
        ),
        tiers=tuple(around.tiers.values()),
        stages=tuple(around.stages.values()),
        consult=consult,
        yields_to=yields_to,
        strength=around.strength,
        sheets=tuple(around.sheets.values()),
        channels=tuple(around.channels.values()),
        main_contact=main_contact_of(lines.get("main_contact")),
        area=area_of(lines.get("area")),
        formerly=former_names_of(lines.get("formerly")),
    )


def _strength(lines: dict[str, Entry]) -> Strength:
    """Read how binding the document is as a whole."""
    if "strength" not in lines:
        return Strength.DUTY
    return Strength(lines["strength"].word(tuple(Strength)))


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
        lines = each.mapping(known=(*keys, "derived", "judged_by"), required=keys)
        fact_id = id_at(lines["id"], FACT_ID)
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
            judged_by=lines["judged_by"].text() if "judged_by" in lines else "",
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
