"""Every definition on disk, and which of them count for a region and a month.

A definition of a region wins over the general one of the same name from its `in_force` on;
those of other regions can be asked for by name, so that a series can be set beside ours.
Reads no record.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from handoffs.errors import HandoffError
from handoffs.rates.definition import Definition, SeenBy
from handoffs.rates.definition_file import DefinitionError, definition_of
from handoffs.rates.in_words import in_words

FOLDER = Path(__file__).resolve().parent / "measures"

ORDER = ("missed_coordination", "referral", "admission_information")
"""The three figures of the month come first, in this order; the others by their names."""


class NoDefinition(HandoffError):
    """Nobody wrote down a definition of this name."""


class Shelf:
    """The definitions, read once."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        """Keep definitions; `read_shelf` reads those on disk."""
        self._all = tuple(definitions)

    @property
    def every(self) -> tuple[Definition, ...]:
        """All of them, in the order of their files."""
        return self._all

    def of_region(self, region: str, month: date) -> tuple[Definition, ...]:
        """What the health centre of a region counts for a month: the three figures first.

        The general ones and the region's own, each name once; what only an office may see
        is left out.
        """
        found: dict[str, Definition] = {}
        for one in sorted(self._all, key=lambda d: (bool(d.region), d.in_force or date.min)):
            if one.region not in {"", region} or (one.in_force and one.in_force > month):
                continue
            found[one.id] = one
        shown = [one for one in found.values() if one.seen_by is not SeenBy.OWN_OFFICE]
        return tuple(sorted(shown, key=_place))

    def elsewhere(self, region: str) -> tuple[Definition, ...]:
        """The definitions of other regions, each name once, that no own one is called by."""
        mine = {one.id for one in self._all if one.region in {"", region}}
        return tuple(
            {
                one.id: one
                for one in self._all
                if one.region not in {"", region}
                and one.id not in mine
                and one.seen_by is not SeenBy.OWN_OFFICE
            }.values()
        )

    def called(self, name: str, region: str, month: date) -> Definition:
        """Find a definition by its name, also another region's.

        Raises NoDefinition, naming those that there are, and for a figure that its office
        alone may see.
        """
        mine = {one.id: one for one in self.of_region(region, month)}
        others = {one.id: one for one in self.elsewhere(region)}
        found = mine.get(name) or others.get(name)
        if found is not None:
            return found
        if any(one.id == name for one in self._all):
            raise NoDefinition(
                f"「{name}」は、その事業所だけが見る数字です。ここでは数えません"
                "(docs/decisions/0023-figures-are-data.md)。"
            )
        names = "、".join([*mine, *others])
        raise NoDefinition(f"「{name}」という数え方はありません。あるのは {names} です。")


def _place(definition: Definition) -> tuple[int, str]:
    first = ORDER.index(definition.id) if definition.id in ORDER else len(ORDER)
    return first, definition.id


def read_shelf(folder: Path = FOLDER) -> Shelf:
    """Read every definition below a folder; DefinitionError at the first that cannot be read."""
    definitions: list[Definition] = []
    taken: dict[tuple[str, str, date | None], Path] = {}
    for file in sorted(folder.glob("*/*.yaml")):
        one = definition_of(file)
        place = (one.region, one.id, one.in_force)
        if place in taken:
            raise DefinitionError(
                file,
                0,
                f"同じ名前と施行月の数え方が {taken[place].name} にもあります。",
                "どちらかの measure か in_force を変えてください。",
            )
        taken[place] = file
        definitions.append(one)
    return Shelf(definitions)


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """Every definition that is shipped, read once for each process."""
    return read_shelf()


def counted_definitions(region: str, month: date) -> tuple[Definition, ...]:
    """Every figure that a page of the region may be asked for: its own, and other regions'."""
    return (*shelf().of_region(region, month), *shelf().elsewhere(region))


def words_of(name: str) -> tuple[str, ...]:
    """The sentences of a general definition, for a sheet that is only a specimen."""
    return in_words(next(one for one in shelf().every if one.id == name and not one.region))
