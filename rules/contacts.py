"""The list of contacts (窓口一覧) of a region: versioned apart from its rule.

Desks change more often than what was agreed, so a list is its own file under
`<region>/contacts/`, named by its first day, and changes no edition and no decision. It
holds desks of organizations, never a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.errors import EditionError
from rules.reading.document import read

FOLDER = "contacts"


@dataclass(frozen=True)
class Desk:
    """Where to turn in one organization."""

    organization: str
    desk: str
    telephone: str | None
    hours: str | None
    note: str | None


@dataclass(frozen=True)
class ContactList:
    """One dated list of desks of a region; it holds until the next one begins."""

    file: Path
    region: str
    in_force: date
    source: str
    desks: tuple[Desk, ...]


def contact_list_of(file: Path) -> ContactList:
    """Read one list; EditionError where it is not understood or lies in the wrong place."""
    entry, _ = read(file, EditionError)
    keys = ("region", "in_force", "source", "desks")
    lines = entry.mapping(known=keys, required=keys)
    region, in_force = lines["region"].word(), lines["in_force"].day()
    if region != file.parent.parent.name:
        raise lines["region"].refusal(
            f"フォルダーは「{file.parent.parent.name}」ですが、region は「{region}」です。",
            "どちらかに揃えてください。",
        )
    if file.stem != in_force.isoformat():
        raise lines["in_force"].refusal(
            f"ファイル名は「{file.name}」ですが、in_force は「{in_force}」です。",
            f"ファイル名を {in_force}.yaml にするか、in_force を直してください。",
        )
    desks = []
    required = ("organization", "desk")
    for each in lines["desks"].items():
        said = each.mapping(known=(*required, "telephone", "hours", "note"), required=required)
        texts = {key: value.text() for key, value in said.items()}
        desks.append(
            Desk(
                texts["organization"],
                texts["desk"],
                texts.get("telephone"),
                texts.get("hours"),
                texts.get("note"),
            )
        )
    return ContactList(file, region, in_force, lines["source"].text(), tuple(desks))
