"""Find the editions on disk, and the one that is in force for a region on a day.

A folder is a region, a file is an edition, named by the first day on which it is in
force; it ends the day before the next one begins. `undated.yaml` holds a reference edition
whose day is not known: it is checked like the others and never in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from rules.check import check_examples
from rules.condition import weigh
from rules.contacts import FOLDER, ContactList, contact_list_of
from rules.edition import Edition
from rules.errors import EditionError, NoEdition
from rules.facts import Facts
from rules.kinds import Truth
from rules.reading.edition_file import edition_of
from rules.wording import nearest

SHIPPED = Path(__file__).parent / "regions"
UNDATED = "undated"


@dataclass(frozen=True)
class Library:
    """All editions of a folder, each checked by its own examples.

    editions: by region, then by day; undated reference editions stand last. contact_lists:
    the lists of contacts, by region, then by day. agreements_folder: where agreements between
    two regions lie, None for those shipped.
    """

    editions: tuple[Edition, ...]
    contact_lists: tuple[ContactList, ...] = ()
    agreements_folder: Path | None = None

    @classmethod
    def load(cls, folder: Path | None = None) -> Library:
        """Read, compile and check every edition of a folder (without one, those shipped).

        Raises EditionError at the first file that is refused.
        """
        folder = folder or SHIPPED
        editions = [placed_edition(file) for file in edition_files(folder)]
        editions.sort(key=lambda e: (e.region, e.in_force is None, e.in_force or date.min))
        for earlier, later in pairwise(editions):
            _refuse_overlap(earlier, later)
        lists = (contact_list_of(file) for file in sorted(folder.glob(f"*/{FOLDER}/*.yaml")))
        ordered = sorted(lists, key=lambda each: (each.region, each.in_force))
        return cls(tuple(editions), tuple(ordered))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that have an edition which is or was in force."""
        return tuple(dict.fromkeys(e.region for e in self.editions if e.in_force is not None))

    def of_region(self, region: str) -> tuple[Edition, ...]:
        """List the dated editions of a region, oldest first; NoEdition for an unknown region."""
        dated = tuple(e for e in self.editions if e.region == region and e.in_force is not None)
        if dated:
            return dated
        if any(edition.region == region for edition in self.editions):
            message = (
                f"「{region}」には施行日の分からない参考の版しかありません。"
                "試すときは --edition でファイルを指定してください。"
            )
            raise NoEdition(message)
        message = f"「{region}」という地域の版はありません。{nearest(region, self.regions)}"
        raise NoEdition(message)

    def in_force(self, region: str, day: date) -> Edition:
        """Find the edition in force on a day; NoEdition says since when there is one."""
        editions = self.of_region(region)
        for edition, ends in zip(editions, _last_days(editions), strict=True):
            if edition.in_force is not None and edition.in_force <= day <= ends:
                return edition
        days = "、".join(f"{edition.in_force}" for edition in editions)
        message = (
            f"{editions[0].region_name}には、{day}に有効な版がありません"
            f"(施行日: {days})。日付を確かめてください。"
        )
        raise NoEdition(message)

    def nearest_to_force(self, region: str, day: date) -> Edition:
        """Find the edition in force on a day, or the undated one where a region has no other.

        Whoever takes an undated edition must say so. Raises NoEdition as `in_force`.
        """
        own = [edition for edition in self.editions if edition.region == region]
        if own and all(edition.in_force is None for edition in own):
            return own[-1]
        return self.in_force(region, day)

    def edition(self, region: str, in_force: date) -> Edition:
        """Find an edition by its first day, as a record names it; NoEdition where it is gone."""
        for edition in self.of_region(region):
            if edition.in_force == in_force:
                return edition
        message = f"「{region}」に{in_force}施行の版はありません。"
        raise NoEdition(message)

    def contacts(self, region: str, day: date) -> ContactList | None:
        """Find the list of contacts that holds on a day; None where the region has none."""
        begun = (c for c in self.contact_lists if c.region == region and c.in_force <= day)
        return max(begun, key=lambda each: each.in_force, default=None)

    def region_called(self, name: str) -> str:
        """Find a region by its id, its name, or a name it once had; NoEdition where none is."""
        for edition in self.editions:
            former = (each.name for each in edition.formerly)
            if name in (edition.region, edition.region_name, *former):
                return edition.region
        names = (edition.region_name for edition in self.editions)
        message = f"「{name}」という地域はありません。{nearest(name, names)}"
        raise NoEdition(message)

    def governing(self, region: str, day: date, facts: Facts) -> Edition:
        """Find the edition in force, or the one that it yields to for a patient like this.

        Follows one step, and only to a region that has an edition; what an edition yields to
        on paper that is not here is told by the decision. Raises NoEdition as `in_force` does.
        """
        edition = self.in_force(region, day)
        for clause in edition.yields_to:
            if clause.region is not None and weigh(clause.condition, facts).truth is Truth.MET:
                return self.in_force(clause.region, day)
        return edition


def edition_files(folder: Path) -> list[Path]:
    """List the edition files of a folder of regions; EditionError for what does not belong."""
    if not folder.is_dir():
        raise EditionError(folder, 0, "フォルダーがありません。", "名前と場所を確かめてください。")
    files = sorted(f for f in folder.glob("*/*") if f.is_file() and not f.name.startswith("."))
    for file in files:
        if file.suffix != ".yaml" and file.name != "README.md":
            raise EditionError(
                file,
                0,
                "版のファイルではありません。",
                "2024-04-01.yaml のような名前にしてください。",
            )
    return [file for file in files if file.suffix == ".yaml"]


def placed_edition(file: Path) -> Edition:
    """Read the edition of a region's folder, hold it to its name, its place and its examples."""
    edition = edition_of(file)
    _refuse_misplaced(edition)
    check_examples(edition)
    return edition


def _refuse_misplaced(edition: Edition) -> None:
    """Refuse a file whose folder or name says otherwise than its own words."""
    file = edition.file
    if file.parent.name != edition.region:
        raise EditionError(
            file,
            1,
            f"フォルダーは「{file.parent.name}」ですが、region は「{edition.region}」です。",
            "どちらかに揃えてください。",
        )
    wanted = UNDATED if edition.in_force is None else edition.in_force.isoformat()
    if file.stem != wanted:
        raise EditionError(
            file,
            1,
            f"ファイル名は「{file.name}」ですが、in_force は"
            f"{'書かれていません' if edition.in_force is None else f'「{wanted}」です'}。",
            f"ファイル名を {wanted}.yaml にするか、in_force を直してください。",
        )


def _last_days(editions: tuple[Edition, ...]) -> list[date]:
    """Say until when each edition is in force: its own end, or the day before the next."""
    following = [edition.in_force for edition in editions[1:]]
    before_next = [day - timedelta(days=1) for day in following if day is not None]
    return [
        edition.ends or until
        for edition, until in zip(editions, [*before_next, date.max], strict=True)
    ]


def _refuse_overlap(earlier: Edition, later: Edition) -> None:
    """Refuse an edition that ends only after the next one has begun."""
    if earlier.region != later.region or earlier.ends is None or later.in_force is None:
        return
    if earlier.ends >= later.in_force:
        raise EditionError(
            earlier.file,
            1,
            f"終わりの日(ends {earlier.ends})が、次の版の施行日({later.in_force})と重なります。",
            "ends を前の日までにするか、消してください(次の版の前日に終わります)。",
        )
