"""手引き: one page of A4 for each kind of work, what to do in which order. It names nobody.

The words are data, in `guides/guides.yaml`, for paper and screen alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml

_FILE = Path(__file__).parent / "guides" / "guides.yaml"


@dataclass(frozen=True)
class GuideStep:
    """One part of the work, with what is to be known about it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleGuide:
    """The guide of one kind of work. trouble: what to do when something goes otherwise."""

    name: ClassVar[str] = "role_guide"

    id: str
    title: str
    for_whom: str
    lead: str
    steps: tuple[GuideStep, ...]
    trouble: tuple[str, ...]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text, each with the name of its field on the paper."""
        yield "題", self.title
        yield "対象", self.for_whom
        yield "はじめに", self.lead
        for step in self.steps:
            yield "見出し", step.heading
            for line in step.lines:
                yield step.heading, line
        for line in self.trouble:
            yield "困ったとき", line

    def rows(self) -> int:
        """Return how many lines the steps have together."""
        return sum(len(step.lines) for step in self.steps) + len(self.trouble)


@cache
def role_guides() -> dict[str, RoleGuide]:
    """Every guide by its id, in the order of the file. Raises KeyError where a part is missing."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    guides = (
        RoleGuide(
            id=entry["id"],
            title=entry["title"],
            for_whom=entry["for_whom"],
            lead=entry["lead"],
            steps=tuple(
                GuideStep(step["heading"], tuple(step["lines"])) for step in entry["steps"]
            ),
            trouble=tuple(entry["trouble"]),
        )
        for entry in entries
    )
    return {guide.id: guide for guide in guides}
