"""The paper's own list of fields and choices, group by group, beside the empty sheet.

The list (field_list.yaml) is written down from the examples and not from our definitions, so that
a field which a definition forgets is missed here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.forms.paper import printed, text

NEAR = 16
"""Letters of boxes, units and room for words that may stand between a label and its choices."""

LISTS: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "field_list.yaml").read_text(encoding="utf-8")
)


def missing(name: str) -> list[str]:
    """Which labels stand nowhere in their group, and which choices not beside their label."""
    empty = text(printed(name, "empty"))
    groups = list(LISTS[name])
    # The first group is the head, which is named by the title and begins with the page.
    begins = [0, *(empty.index(re.sub(r"\s", "", one)) for one in groups[1:])]
    assert begins == sorted(begins), "The groups stand in another order than on the paper."
    found = []
    for group, begin, end in zip(groups, begins, [*begins[1:], len(empty)], strict=True):
        # What stands beside the title is read out after the page.
        shown = empty[begin:end] if begin else empty
        found += [f"{group}: {one}" for one in _missing_in(shown, LISTS[name][group].splitlines())]
    return found


def _missing_in(shown: str, lines: list[str]) -> Iterator[str]:
    for label, *choices in map(_words, lines):
        behind = [one.end() for one in re.finditer(re.escape(label), shown)]
        room = NEAR + 2 * sum(map(len, choices))
        beside = [shown[at : at + room] for at in behind]
        if not any(all(choice in words for choice in choices) for words in beside):
            yield " ".join((label, *choices))


def _words(line: str) -> list[str]:
    label, _, choices = line.partition(": ")
    return [re.sub(r"\s", "", one) for one in (label, *choices.split())]


@pytest.mark.parametrize("name", LISTS)
def test_every_field_and_choice_of_the_papers_list_stands_on_the_empty_sheet(name: str) -> None:
    assert missing(name) == []
