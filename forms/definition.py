"""A sheet as data: one version of its fields, choices, labels and blocks.

A definition is what the paper, the check of what is missing, the export and the entry page are
all made from. It holds nobody's data and decides nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from forms.field import Block, Field

NOTICE = "様式は自治体の最新版をご確認ください"
"""For the administrator, on the command line and on pages; never on a sheet."""


@dataclass(frozen=True)
class Source:
    """Where a block was seen: a title, and where it can be read."""

    id: str
    title: str
    where: str = ""


@dataclass(frozen=True)
class Unverified:
    """What rests on knowledge of the field alone, in one place, and why."""

    why: str = ""
    blocks: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addition:
    """A region's file that was laid over a national sheet."""

    region: str
    version: date
    blocks: tuple[tuple[str, Block], ...] = ()
    """Each block with the id of the block that it follows."""
    lines: tuple[tuple[str, Block], ...] = ()
    """The id of a block, and the lines that are added at its end."""
    sources: tuple[Source, ...] = ()
    unverified: Unverified = Unverified()


@dataclass(frozen=True)
class Definition:
    """One version of one sheet. `sheet` is its word, `title` what stands on the paper.

    sender, receiver: Japanese words for who writes it and who reads it.
    slip: a short sheet, set larger. masked: a name never stands on it in full.
    written_by: which side writes it (hospital, plan_office, either). goes_to: what kind of
    place it goes to, by which consent and reservations are asked; empty for a paper that the
    house keeps or gives to the person.
    region: whose own sheet it is, or whose additions it carries; empty for the national one.
    """

    sheet: str
    version: date
    title: str
    sender: str
    receiver: str
    sources: tuple[Source, ...]
    unverified: Unverified
    blocks: tuple[Block, ...]
    slip: bool = False
    masked: bool = False
    written_by: str = "either"
    goes_to: str = ""
    region: str = ""
    addition: date | None = None

    def fields(self) -> Iterator[Field]:
        """Yield every field, in the order of the paper."""
        for block in self.blocks:
            yield from block.fields()

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Every field under its id."""
        return {one.id: one for one in self.fields()}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What a list calls each field, so that each name makes sense without the paper.

        Several fields are called TEL or 特記事項; the heading of their row says which is meant.
        """
        twice = Counter(one.label for one in self.fields())
        return {
            one.id: one.alone
            or (
                f"{row.label}の{one.label}"
                if twice[one.label] > 1 and one.label != row.label
                else one.label
            )
            for block in self.blocks
            for line in block.lines
            for row in line.rows
            for one in row.fields
        }

    def unverified_fields(self) -> tuple[Field, ...]:
        """List the fields whose labels nobody has yet compared with the official paper."""
        listed = {*self.unverified.fields}
        for block in self.blocks:
            if block.id in self.unverified.blocks:
                listed.update(one.id for one in block.fields())
        return tuple(one for one in self.fields() if one.id in listed)

    def with_addition(self, addition: Addition) -> "Definition":
        """Lay a region's blocks and lines over this sheet; its own wording stays as it is."""
        blocks: list[Block] = []
        for block in self.blocks:
            more = [one.lines for id_, one in addition.lines if id_ == block.id]
            blocks.append(replace(block, lines=sum(more, block.lines)))
            blocks.extend(one for after, one in addition.blocks if after == block.id)
        return replace(
            self,
            blocks=tuple(blocks),
            sources=self.sources + addition.sources,
            unverified=Unverified(
                why=self.unverified.why or addition.unverified.why,
                blocks=self.unverified.blocks + addition.unverified.blocks,
                fields=self.unverified.fields + addition.unverified.fields,
            ),
            region=addition.region,
            addition=addition.version,
        )
