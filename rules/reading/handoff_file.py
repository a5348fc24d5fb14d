"""Read `handoffs`: who passes what to whom by when, and the routing tables among them.

A routing table becomes one handoff for each of its rows; the first row that fits is
the one. Rows, tiers and stages all end in the one condition of a handoff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from rules.arrangement import Channel, Fallback, SendingMeans, Sheet, Stage, Tier
from rules.condition import ALWAYS, NEVER, Condition, opposite, together
from rules.due import Due
from rules.edition import DueCase, HandoffRule
from rules.facts import Vocabulary
from rules.kinds import DESKS, HandoffKind, Party, Recipient, Strength
from rules.reading.arrangement_file import words_of
from rules.reading.clause_file import Taken, named_at, own_id, when_of
from rules.reading.condition_file import refuse_too_wide
from rules.reading.document import Entry
from rules.reading.due_file import DUE_KEYS, MOST_DAYS, due_of, refuse_unread
from rules.wording import nearest

REQUIRED_KEYS = ("id", "kind", "sender", "due", "text", "source")
KEYS = (
    *REQUIRED_KEYS,
    "receiver",
    "routes",
    "when",
    "strength",
    "also_to",
    "follows",
    "fallback",
    "stage",
    "tier",
    "sheet",
    "channels",
)
ROW_KEYS = ("id", "receiver")
CASE_KEYS = ("when", "days_left_below", "admitted_from", "admitted_until", "text", "source")
CASE_CONDITIONS = CASE_KEYS[:4]


@dataclass(frozen=True)
class Around:
    """What of its edition a handoff may name."""

    vocabulary: Vocabulary
    taken: Taken
    partial: bool
    strength: Strength
    tiers: Mapping[str, Tier]
    stages: Mapping[str, Stage]
    sheets: Mapping[str, Sheet]
    channels: Mapping[str, Channel]


def handoffs_of(entry: Entry, around: Around) -> tuple[HandoffRule, ...]:
    """Read every handoff; a routing table gives one for each row.

    Of a partial edition none need be readable.
    """
    rules: list[HandoffRule] = []
    for each in entry.items(may_be_empty=around.partial):
        lines = each.mapping(known=KEYS, required=REQUIRED_KEYS)
        if ("receiver" in lines) == ("routes" in lines):
            raise each.refusal(
                "受け取る側が決まりません。",
                "receiver(一つに決まるとき)か routes(人によって変わるとき)の、"
                "どちらか一つを書いてください。",
            )
        known = tuple(rule.id for rule in rules)
        if "receiver" in lines:
            rule = _handoff(each, lines, around, known, lines["receiver"])
            refuse_too_wide(each, rule.condition)
            rules.append(rule)
        else:
            rules += _routed(each, lines, around, known)
    return tuple(rules)


def _handoff(
    entry: Entry, lines: dict[str, Entry], around: Around, known: tuple[str, ...], to: Entry
) -> HandoffRule:
    """Read one handoff with its parties and its due; `to` is the receiver's place."""
    sender = Party(lines["sender"].word(tuple(Party)))
    due, cases = _dues(lines["due"], around.vocabulary)
    if not around.partial:
        refuse_unread(lines["due"], (due, *(case.due for case in cases)))
    strength = around.strength
    if "strength" in lines:
        strength = Strength(lines["strength"].word(tuple(Strength)))
    stage, tier = _stage(lines, around), _tier(lines, around)
    receiver, desk = _receiver(to, sender)
    return HandoffRule(
        id=own_id(lines["id"], around.taken),
        kind=HandoffKind(lines["kind"].word(tuple(HandoffKind))),
        sender=sender,
        receiver=receiver,
        condition=together(
            when_of(lines, around.vocabulary),
            ALWAYS if tier is None else tier.condition,
            _not_passed_over(stage, around),
        ),
        due=due,
        text=lines["text"].text(),
        source=lines["source"].text(),
        line=entry.line,
        cases=cases,
        strength=strength,
        desk=desk,
        also_to=_also_to(lines, desk or receiver),
        follows=_follows(lines, known),
        fallbacks=_fallbacks(lines.get("fallback")),
        stage=stage,
        tier=tier,
        sheet=_sheet(lines, around),
        channels=_channels(lines, around),
    )


def _routed(
    entry: Entry, lines: dict[str, Entry], around: Around, known: tuple[str, ...]
) -> list[HandoffRule]:
    """Read a routing table; each row leaves out whoever an earlier row fits."""
    rules = []
    earlier: list[Condition] = []
    rows = lines["routes"].items()
    common: HandoffRule | None = None
    for row in rows:
        cells = row.mapping(known=(*ROW_KEYS, "when", "text"), required=ROW_KEYS)
        if ("when" in cells) == (row is rows[-1]):
            raise row.refusal(
                "最後の行だけは when を書かず、「それ以外の人」とします。",
                "途中の行には when を書き、最後の行からは消してください。",
            )
        if common is None:
            common = _handoff(entry, lines, around, known, cells["receiver"])
        here = when_of(cells, around.vocabulary)
        others = (opposite(each, around.vocabulary) for each in earlier)
        receiver, desk = _receiver(cells["receiver"], common.sender)
        rule = replace(
            common,
            id=own_id(cells["id"], around.taken),
            receiver=receiver,
            desk=desk,
            also_to=_also_to(lines, desk or receiver),
            condition=together(common.condition, here, *others),
            text=cells["text"].text() if "text" in cells else common.text,
            line=row.line,
            routed=common.id,
        )
        refuse_too_wide(row, rule.condition)
        rules.append(rule)
        earlier.append(here)
    return rules


def _receiver(entry: Entry, sender: Party) -> tuple[Party, Recipient | None]:
    """Read who receives; nobody passes something to themselves, but a ward may to its 連携室."""
    word = entry.word((*Party, *DESKS))
    desk = next((each for each in DESKS if each.value == word), None)
    receiver = Party(word) if desk is None else DESKS[desk]
    if sender is receiver and desk is not Recipient.LIAISON_OFFICE:
        raise entry.refusal(
            "渡す側(sender)と受け取る側(receiver)が同じです。", "どちらかを直してください。"
        )
    return receiver, desk


def _dues(entry: Entry, vocabulary: Vocabulary) -> tuple[Due, tuple[DueCase, ...]]:
    """Read one due, or a table of cases whose last row is the general one."""
    if not entry.is_list:
        return due_of(entry), ()
    *rows, last = entry.items()
    general = _case(last, vocabulary)
    cases = tuple(_case(row, vocabulary, cases=True) for row in rows)
    return general.due, cases


def _case(entry: Entry, vocabulary: Vocabulary, *, cases: bool = False) -> DueCase:
    """Read one row of a table of dues; only those before the last say for whom they are."""
    lines = entry.mapping(known=(*DUE_KEYS, *CASE_KEYS))
    narrowed = [key for key in CASE_CONDITIONS if key in lines]
    if cases and not narrowed:
        raise entry.refusal(
            "最後でない行に、どの場合かが書かれていません。",
            "when、days_left_below、admitted_from、admitted_until のどれかを書いてください。",
        )
    if not cases and len(narrowed) + ("text" in lines) + ("source" in lines):
        raise entry.refusal(
            "期限の表の最後の行は「それ以外の場合」で、条件も言葉も書けません。",
            "条件のない行を最後に足すか、この行から条件・text・source を消してください。",
        )
    first, last = (_day(lines, key) for key in ("admitted_from", "admitted_until"))
    if first is not None and last is not None and last < first:
        raise lines["admitted_until"].refusal(
            "終わりの日(admitted_until)が始まりの日(admitted_from)より前です。",
            "どちらかの日付を直してください。",
        )
    return DueCase(
        due_of(entry, beside=CASE_KEYS),
        when_of(lines, vocabulary),
        days_left_below=(
            lines["days_left_below"].number(1, MOST_DAYS) if "days_left_below" in lines else None
        ),
        admitted_from=first,
        admitted_until=last,
        text=lines["text"].text() if "text" in lines else None,
        source=lines["source"].text() if "source" in lines else None,
    )


def _day(lines: dict[str, Entry], key: str) -> date | None:
    """Read a day that may be left out."""
    return lines[key].day() if key in lines else None


def _stage(lines: dict[str, Entry], around: Around) -> Stage | None:
    """Read at which stage a handoff stands."""
    if "stage" not in lines:
        return None
    return around.stages[named_at(lines["stage"], around.stages, "stages")]


def _tier(lines: dict[str, Entry], around: Around) -> Tier | None:
    """Read for which tier a handoff is."""
    if "tier" not in lines:
        return None
    return around.tiers[named_at(lines["tier"], around.tiers, "tiers")]


def _sheet(lines: dict[str, Entry], around: Around) -> Sheet | None:
    """Read which of the edition's sheets is used."""
    if "sheet" not in lines:
        return None
    return around.sheets[named_at(lines["sheet"], around.sheets, "sheets")]


def _follows(lines: dict[str, Entry], known: tuple[str, ...]) -> str | None:
    """Read which handoff comes first; it stands above, so that nothing goes round in a circle."""
    if "follows" not in lines:
        return None
    first = lines["follows"].word()
    if first not in known:
        above = nearest(first, known) if known else "上に引継ぎがありません。"
        raise lines["follows"].refusal(
            f"先に済ませる引継ぎ「{first}」が、これより上に書かれていません。",
            f"{above}先に済ませるものを上に書いてください。",
        )
    return first


def _not_passed_over(stage: Stage | None, around: Around) -> Condition:
    """Say that the case did not enter at a later stage."""
    if stage is None or stage.passed_over == NEVER:
        return ALWAYS
    return opposite(stage.passed_over, around.vocabulary)


def _also_to(lines: dict[str, Entry], receiver: Party | Recipient) -> tuple[Recipient, ...]:
    """Read who gets it too; a routing table leaves out the one who receives it anyway."""
    if "also_to" not in lines:
        return ()
    others = words_of(lines["also_to"], Recipient)
    if "receiver" in lines and receiver.value in others:
        raise lines["also_to"].refusal(
            f"「{receiver}」は受け取る側(receiver)に書かれています。",
            "also_to からは消してください。",
        )
    return tuple(each for each in others if each.value != receiver.value)


def _fallbacks(entry: Entry | None) -> tuple[Fallback, ...]:
    """Read who does it instead, in order."""
    steps = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=("sender", "text"), required=("sender", "text"))
        steps.append(Fallback(Party(lines["sender"].word(tuple(Party))), lines["text"].text()))
    return tuple(steps)


def _channels(lines: dict[str, Entry], around: Around) -> tuple[Channel, ...]:
    """Read by which of the edition's channels a handoff goes; by all of them without a word."""
    if "channels" not in lines:
        return tuple(around.channels.values())
    chosen = words_of(lines["channels"], SendingMeans)
    for each, means in zip(lines["channels"].words(), chosen, strict=True):
        if means not in around.channels:
            raise each.refusal(
                f"「{means}」の決まりが、版の channels にありません。",
                nearest(means, around.channels),
            )
    return tuple(around.channels[means] for means in chosen)
