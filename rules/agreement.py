"""A dated agreement between two regions: whose rule is followed where both would speak.

A file holds one agreement, `rules/agreements/<region>-<region>/<day>.yaml`, from that day on.
None is shipped that is not published; without one both rules are followed and the parties
talk. Reads files; `cross_region` applies what they say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.errors import EditionError
from rules.kinds import HandoffKind, Labelled
from rules.reading.document import Entry, read

SHIPPED_AGREEMENTS = Path(__file__).parent / "agreements"
REGIONS = 2


class Follows(Labelled):
    """Whose rule is followed."""

    HOSPITAL = "hospital", "病院のある地域"
    HOME = "home", "住まいのある地域"
    BOTH = "both", "両方の地域"


@dataclass(frozen=True)
class HandoffAgreement:
    """What was agreed about one kind of handoff. text, source: the paper's own words."""

    kind: HandoffKind
    follows: Follows
    text: str
    source: str


@dataclass(frozen=True)
class Agreement:
    """One agreement. regions: the two, in no order. in_force, ends: its first and last day.

    answer: whose answer counts where the two differ. handoffs: by kind; a kind that is not
    there follows both.
    """

    file: Path
    regions: frozenset[str]
    in_force: date
    ends: date | None
    title: str
    url: str
    answer: Follows
    handoffs: tuple[HandoffAgreement, ...]

    def about(self, kind: HandoffKind) -> HandoffAgreement | None:
        """Find what was agreed about a kind of handoff."""
        return next((each for each in self.handoffs if each.kind is kind), None)


def agreement_of(file: Path, known: Collection[str]) -> Agreement:
    """Read one agreement; EditionError with the line and what to write where it cannot be.

    known: the regions that have an edition; a misspelt one would never be found again.
    """
    entry, _ = read(file, EditionError)
    required = ("regions", "in_force", "title", "source", "answer", "handoffs")
    lines = entry.mapping(known=(*required, "ends"), required=required)
    regions = [each.word(known) for each in lines["regions"].items()]
    if len(regions) != REGIONS or len(set(regions)) != REGIONS:
        raise lines["regions"].refusal(
            "取り決めは二つの地域の間のものです。", "regions に違う地域を二つ書いてください。"
        )
    source = lines["source"].mapping(known=("title", "url"), required=("title", "url"))
    in_force = lines["in_force"].day()
    ends = lines["ends"].day() if "ends" in lines else None
    if ends is not None and ends < in_force:
        raise lines["ends"].refusal(
            "終わりの日(ends)が始まりの日(in_force)より前です。", "どちらかを直してください。"
        )
    return Agreement(
        file,
        frozenset(regions),
        in_force,
        ends,
        lines["title"].text(),
        source["url"].text(),
        Follows(lines["answer"].word(tuple(Follows))),
        _handoffs(lines["handoffs"]),
    )


def _handoffs(entry: Entry) -> tuple[HandoffAgreement, ...]:
    """Read what was agreed about each kind of handoff, each kind once."""
    found: dict[HandoffKind, HandoffAgreement] = {}
    keys = ("kind", "follow", "text", "source")
    for each in entry.items(may_be_empty=True):
        lines = each.mapping(known=keys, required=keys)
        kind = HandoffKind(lines["kind"].word(tuple(HandoffKind)))
        if kind in found:
            raise lines["kind"].refusal(
                f"「{kind.label}」が二度書かれています。", "一つにまとめてください。"
            )
        found[kind] = HandoffAgreement(
            kind,
            Follows(lines["follow"].word(tuple(Follows))),
            lines["text"].text(),
            lines["source"].text(),
        )
    return tuple(found.values())


def agreements(folder: Path | None, known: Collection[str]) -> tuple[Agreement, ...]:
    """Read every agreement of a folder (without one, those shipped), as `agreement_of` does."""
    files = sorted((folder or SHIPPED_AGREEMENTS).glob("*/*.yaml"))
    return tuple(agreement_of(file, known) for file in files)


def agreement_in_force(
    regions: frozenset[str], day: date, folder: Path | None = None, *, known: Collection[str]
) -> Agreement | None:
    """Find the agreement of two regions on a day; the latest begun, None where there is none.

    known: the regions that have an edition. Raises EditionError for a file of the folder that
    cannot be read.
    """
    found = [
        each
        for each in agreements(folder, known)
        if each.regions == regions
        and each.in_force <= day
        and (each.ends is None or day <= each.ends)
    ]
    return max(found, key=lambda each: each.in_force, default=None)
