"""docs/rules.md shows words that exist, all of them, and examples that load."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from rules import (
    VOCABULARY,
    Anchor,
    AnchorDay,
    Concern,
    HandoffKind,
    IfClosed,
    Party,
    Recipient,
    Strength,
    Unit,
    Whose,
    check_examples,
    edition_of,
)
from rules.arrangement import ChannelUse, ContactRole, SendingMeans, Shown, Substitution
from rules.contacts import contact_list_of
from rules.reading.due_file import DUE_KEYS
from rules.reading.edition_file import KEYS
from rules.reading.handoff_file import CASE_KEYS
from rules.reading.handoff_file import KEYS as HANDOFF_KEYS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
SHAPES_HEADING = "## 形ごとの書き方"
GRAMMAR, _, BY_SHAPE = PAGE.partition(SHAPES_HEADING)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GRAMMAR, flags=re.DOTALL)
SHAPES = re.findall(r"### S-(\d+) .*?```yaml\n(.*?)```", BY_SHAPE, flags=re.DOTALL)
SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")
PARTIAL = "status: partial\nunverified:\n  - {about: due, text: 数え方は読めていません}\n"


def test_the_whole_edition_of_the_page_loads_and_passes(tmp_path: Path) -> None:
    file = tmp_path / "2024-04-01.yaml"
    file.write_text(EXAMPLES[0], encoding="utf-8")
    assert check_examples(edition_of(file)) == 4


def test_the_page_shows_every_shape_in_order() -> None:
    assert [int(number) for number, _ in SHAPES] == list(range(1, 45))


@pytest.mark.parametrize(("number", "block"), [pytest.param(*s, id=f"S-{s[0]}") for s in SHAPES])
def test_what_the_page_shows_stands_in_the_edition_of_the_shape(
    number: str, block: str, tmp_path: Path
) -> None:
    if int(number) == 44:
        file = tmp_path / "sandou" / "contacts" / "2025-04-01.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(block, encoding="utf-8")
        assert contact_list_of(file).desks[0].desk == "地域連携室"
        return
    (file,) = (Path(__file__).parent / "shapes").glob(f"s{int(number):02d}-*.yaml")
    assert block in file.read_text(encoding="utf-8")


def blocks_starting(word: str) -> list[str]:
    return [block for block in EXAMPLES[1:] if block.startswith(f"{word}:")]


@pytest.mark.parametrize("when", blocks_starting("when"))
def test_each_condition_of_the_page_is_understood(when: str, tmp_path: Path) -> None:
    indented = "".join(f"    {line}\n" for line in when.splitlines())
    put(tmp_path, "    when: {mobility: [partial_help, full_help]}\n", indented)


@pytest.mark.parametrize("due", blocks_starting("due"))
def test_each_due_of_the_page_is_understood(due: str, tmp_path: Path) -> None:
    line = next(line for line in SOUND.splitlines(keepends=True) if "    due: {after" in line)
    # What could not be read has its place in a partial edition only.
    parts = PARTIAL if "unread" in due else ""
    put(tmp_path, line, "".join(f"    {row}\n" for row in due.splitlines()), parts)


@pytest.mark.parametrize(
    "block",
    list(chain.from_iterable(blocks_starting(word) for word in ("scope", "status", "facts"))),
)
def test_each_section_of_the_page_is_understood(block: str, tmp_path: Path) -> None:
    put(tmp_path, "criteria:\n", f"{block}\ncriteria:\n")


def test_the_exclusion_of_the_page_is_understood(tmp_path: Path) -> None:
    (block,) = blocks_starting("exclusions")
    put(tmp_path, "exclusions:\n", block)


def put(folder: Path, place: str, block: str, parts: str = "") -> None:
    assert place in SOUND
    file = folder / "draft.yaml"
    file.write_text(parts + SOUND.replace(place, block), encoding="utf-8")
    edition_of(file)


def test_the_page_names_every_word_that_an_author_may_use() -> None:
    words = {f"`{member}`" for kind in (HandoffKind, Party, Unit, Whose) for member in kind}
    words |= {f"`{member}`" for kind in (Anchor, AnchorDay, Concern, IfClosed) for member in kind}
    words |= {f"`{member}`" for kind in (Recipient, Strength, SendingMeans) for member in kind}
    words |= {f"`{member}`" for kind in (ChannelUse, Shown, Substitution) for member in kind}
    words |= {f"`{member}`" for member in ContactRole}
    assert {word for word in words if word not in PAGE} == set()
    keys = (*KEYS, *HANDOFF_KEYS, *DUE_KEYS, *CASE_KEYS)
    assert {key for key in keys if f"`{key}" not in PAGE} == set()


@pytest.mark.parametrize("fact_id", VOCABULARY)
def test_the_page_lists_every_fact_with_its_values(fact_id: str) -> None:
    fact = VOCABULARY[fact_id]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{fact_id}` |"))
    assert fact.label in row
    for value in fact.known_values:
        assert f"`{value}` {fact.values[value]}" in row
    assert fact.derived == ("(記録から入る)" in row)
