"""Which sheets there are: the national ones, each region's own, and what regions add.

Every version stays in its folder, so that what was handed over prints the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from forms.definition import Addition, Definition
from forms.definition_file import addition_of, adds_to_a_sheet, codes_of, definition_of
from forms.errors import SheetError
from forms.field_file import CodeLists

FOLDER = Path(__file__).parent
NATIONAL = ""

Dated = TypeVar("Dated", Definition, Addition)


@dataclass(frozen=True)
class Catalogue:
    """Every version of every sheet, by region and word; the last version is the newest."""

    codes: CodeLists
    versions: Mapping[tuple[str, str], tuple[Definition, ...]]
    additions: Mapping[tuple[str, str], tuple[Addition, ...]]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogue:
        """Read code lists, definitions and regions of a folder.

        Raises:
            DefinitionError: at the first file that is refused.
        """
        codes = dict(codes_of(file) for file in sorted((folder / "codes").glob("*.yaml")))
        versions: dict[tuple[str, str], tuple[Definition, ...]] = {}
        additions: dict[tuple[str, str], tuple[Addition, ...]] = {}
        for files in _folders(folder / "definitions"):
            versions[NATIONAL, files[0].parent.name] = tuple(
                definition_of(file, codes) for file in files
            )
        for region in sorted((folder / "regions").glob("*/")):
            for files in _folders(region):
                key = region.name, files[0].parent.name
                national = versions.get((NATIONAL, key[1]), ())
                if national and adds_to_a_sheet(files[-1]):
                    additions[key] = tuple(addition_of(one, codes, national[-1]) for one in files)
                else:
                    own = (definition_of(one, codes) for one in files)
                    versions[key] = tuple(replace(one, region=region.name) for one in own)
        return cls(codes, MappingProxyType(versions), MappingProxyType(additions))

    def names(self, region: str = NATIONAL) -> tuple[str, ...]:
        """List the words of the sheets that a region has, national ones first."""
        return tuple(name for owner, name in self.versions if owner in {NATIONAL, region})

    @property
    def regions(self) -> tuple[str, ...]:
        """List the regions that have sheets or additions of their own."""
        keys = (*self.versions, *self.additions)
        return tuple(sorted({region for region, _ in keys if region}))

    def sheet(
        self,
        name: str,
        *,
        region: str = NATIONAL,
        version: date | None = None,
        addition: date | None = None,
    ) -> Definition:
        """Return a sheet as a region has it: the newest version, or the one that is named.

        Raises:
            SheetError: there is no such sheet or version.
        """
        owner = region if (region, name) in self.versions else NATIONAL
        found = self.versions.get((owner, name), ())
        if not found:
            offered = "、".join(self.names(region))
            raise SheetError(f"そのシートはありません。あるのは {offered} です。")
        definition = _of_version(found, version)
        additions = self.additions.get((region, name), ())
        if not additions or (version is not None and addition is None):
            return definition
        return definition.with_addition(_of_version(additions, addition))


def _folders(folder: Path) -> Iterator[list[Path]]:
    """Yield the versions in each folder, oldest first: their names are days."""
    for one in sorted(folder.glob("*/")):
        files = sorted(file for file in one.glob("*.yaml") if file.stem != "sample")
        if files:
            yield files


def _of_version(found: tuple[Dated, ...], version: date | None) -> Dated:
    if version is None:
        return found[-1]
    for one in found:
        if one.version == version:
            return one
    raise SheetError("その版の様式がありません。様式のフォルダーを確かめてください。")


@cache
def catalogue() -> Catalogue:
    """Return the sheets that come with the product; read once in a process."""
    return Catalogue.load()
