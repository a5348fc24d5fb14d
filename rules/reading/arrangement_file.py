"""Read how the parties agreed to work: tiers, stages, sheets, channels, contact, old names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rules.arrangement import (
    Channel,
    ChannelUse,
    ContactRole,
    FormerName,
    MainContact,
    SendingMeans,
    Sheet,
    Shown,
    Stage,
    Substitution,
    Tier,
)
from rules.condition import ALWAYS, NEVER, Condition, any_of, opposite, together
from rules.edition import Clause
from rules.facts import Vocabulary
from rules.kinds import Labelled
from rules.reading.clause_file import CLAUSE_ID, Taken, id_at, own_id
from rules.reading.condition_file import condition_at, refuse_too_wide
from rules.reading.document import Entry
from rules.reading.due_file import ONLY_IN_PARTS

Word = TypeVar("Word", bound=Labelled)
Named = dict[str, Entry]


def words_of(entry: Entry, known: type[Word]) -> tuple[Word, ...]:
    """Read one word or several of a closed list, each once."""
    found: list[Word] = []
    for each in entry.words():
        word = known(each.word(tuple(known)))
        if word in found:
            raise each.refusal(f"「{word}」が二度書かれています。", "一つにまとめてください。")
        found.append(word)
    return tuple(found)


def tier_names(entry: Entry | None) -> Named:
    """Read the ids of the tiers with their places, before the criteria name them."""
    named: Named = {}
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=("id", "text"), required=("id", "text"))
        tier = id_at(lines["id"], CLAUSE_ID)
        if tier in named:
            raise lines["id"].refusal(
                f"id「{tier}」は二度使われています。", "版の中で重ならない id にしてください。"
            )
        named[tier] = each
    return named


def tiers_of(named: Named, criteria: Sequence[Clause], vocabulary: Vocabulary) -> dict[str, Tier]:
    """Join each tier with its criteria; an earlier tier goes before a later one."""
    tiers: dict[str, Tier] = {}
    earlier: list[Condition] = []
    for tier, entry in named.items():
        own = tuple(clause.condition for clause in criteria if clause.tier == tier)
        if not own:
            raise entry.refusal(
                f"区分「{tier}」に当たる基準がありません。",
                f"基準のどれかに「tier: {tier}」と書くか、この区分を消してください。",
            )
        condition = together(any_of(own), *(opposite(each, vocabulary) for each in earlier))
        refuse_too_wide(entry, condition)
        tiers[tier] = Tier(tier, entry.mapping()["text"].text(), condition, entry.line)
        earlier.extend(own)
    return tiers


def stages_of(entry: Entry | None, vocabulary: Vocabulary, taken: Taken) -> dict[str, Stage]:
    """Read the steps in order; `enter` says who begins there and passes over the earlier ones."""
    written = []
    required = ("id", "text", "source")
    for number, each in enumerate([] if entry is None else entry.items()):
        lines = each.mapping(known=(*required, "enter"), required=required)
        if "enter" in lines and not number:
            raise lines["enter"].refusal(
                "はじめの段階に enter は要りません。", "この行を消してください。"
            )
        enter = condition_at(lines["enter"], vocabulary) if "enter" in lines else None
        written.append((each, own_id(lines["id"], taken), lines, enter))
    stages = {}
    later: tuple[Condition, ...] = ()
    for each, stage, lines, enter in reversed(written):
        passed = any_of(later)
        not_later = opposite(passed, vocabulary)
        begins = ALWAYS if each is written[0][0] else NEVER
        condition = together(begins if enter is None else enter, not_later)
        refuse_too_wide(each, condition)
        stages[stage] = Stage(
            stage, lines["text"].text(), condition, passed, lines["source"].text(), each.line
        )
        later = later if enter is None else (enter, *later)
    return dict(reversed(stages.items()))


def sheets_of(entry: Entry | None, taken: Taken, *, partial: bool) -> dict[str, Sheet]:
    """Read the region's forms, and whether another form may stand in for one."""
    sheets = {}
    required = ("id", "title", "substitution", "text", "source")
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=(*required, "must_have"), required=required)
        sheet = own_id(lines["id"], taken)
        headings = lines["must_have"].items() if "must_have" in lines else []
        substitution = Substitution(lines["substitution"].word(tuple(Substitution)))
        if substitution is Substitution.UNREAD and not partial:
            raise lines["substitution"].refusal(*ONLY_IN_PARTS)
        sheets[sheet] = Sheet(
            sheet,
            lines["title"].text(),
            substitution,
            tuple(heading.text() for heading in headings),
            lines["text"].text(),
            lines["source"].text(),
        )
    return sheets


def channels_of(entry: Entry | None) -> dict[str, Channel]:
    """Read the ways of sending, each once."""
    channels: dict[str, Channel] = {}
    required = ("means", "use", "text", "source")
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=(*required, "shows", "cover_sheet"), required=required)
        means = SendingMeans(lines["means"].word(tuple(SendingMeans)))
        if means in channels:
            raise lines["means"].refusal(
                f"「{means}」が二度書かれています。", "一つにまとめてください。"
            )
        channels[means] = Channel(
            means,
            ChannelUse(lines["use"].word(tuple(ChannelUse))),
            words_of(lines["shows"], Shown) if "shows" in lines else (),
            "cover_sheet" in lines and bool(lines["cover_sheet"].word(("page_count",))),
            lines["text"].text(),
            lines["source"].text(),
        )
    return channels


def main_contact_of(entry: Entry | None) -> MainContact | None:
    """Read from whom the one contact of a case is chosen."""
    if entry is None:
        return None
    keys = ("one_of", "text", "source")
    lines = entry.mapping(known=keys, required=keys)
    return MainContact(
        words_of(lines["one_of"], ContactRole), lines["text"].text(), lines["source"].text()
    )


def former_names_of(entry: Entry | None) -> tuple[FormerName, ...]:
    """Read what the rule or its area was called before."""
    names = []
    for each in [] if entry is None else entry.items():
        lines = each.mapping(known=("name", "until"), required=("name",))
        until = lines["until"].day() if "until" in lines else None
        names.append(FormerName(lines["name"].text(), until))
    return tuple(names)


def area_of(entry: Entry | None) -> tuple[str, ...]:
    """Read the municipalities or districts of the area."""
    places: Iterable[Entry] = [] if entry is None else entry.items()
    return tuple(place.text() for place in places)
