"""What of the editions in use could not be verified: said once on every page that uses one.

Only says what the editions say of themselves; a page that shows no answer of a rule needs none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules import Edition, NoEdition
from web.context import actor, desk


@dataclass(frozen=True)
class Note:
    """One edition and what of it could not be verified. partial: only parts could be read."""

    title: str
    in_force: date | None
    partial: bool
    texts: tuple[str, ...]


def note_on(edition: Edition) -> Note:
    """Say what of one edition could not be verified."""
    texts = tuple(part.text for part in edition.unverified)
    return Note(edition.title, edition.in_force, edition.partial, texts)


def notes_for(admissions: Iterable[date]) -> tuple[Note, ...]:
    """Say it of every edition that governs a stay of the reader's region begun on these days."""
    editions: dict[Edition, None] = {}
    for day in sorted(set(admissions)):
        try:
            editions[desk().library.in_force(actor().region, day)] = None
        except NoEdition:
            continue
    return tuple(note_on(edition) for edition in editions)
