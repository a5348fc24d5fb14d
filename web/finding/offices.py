"""Searching for the office on a page where one is chosen: the answer stands there as choices.

The page posts itself with the words, so that it works without a script and keeps what was typed.
What stands chosen is always among the choices; searching chooses nothing by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from handoffs.finding.offices import offices_found
from handoffs.parties import Organization
from web.context import actor
from web.stays.admission_input import OFFICE

FIND, WORDS = "find", "office_words"
"""The button that searches, and the words that are searched for."""

LONGEST = 60


@dataclass(frozen=True)
class OfficeSearch:
    """What a page shows of a search: whoever was found, after whom stands chosen.

    `found` counts the answer; None before anything was typed. `more`: there are others.
    """

    offices: tuple[Organization, ...]
    found: int | None
    more: bool


def search_in(
    session: Session, typed: Mapping[str, str], offices: Sequence[Organization]
) -> OfficeSearch | None:
    """Do the search that a page was asked for; None where it was asked for none.

    `offices` is the whole directory, from which the one that stands chosen is kept.
    """
    words = typed.get(WORDS, "")[:LONGEST].strip()
    if not words and FIND not in typed:
        return None
    answer = offices_found(session, actor().region, words)
    chosen = typed.get("plan_organization_id", "")
    kept = [one for one in offices if f"{OFFICE}{one.id}" == chosen]
    rest = [one for one in answer.offices if one not in kept]
    return OfficeSearch((*kept, *rest), len(answer.offices) if words else None, answer.more)


def office_choices(offices: Sequence[Organization]) -> list[tuple[str, str]]:
    """Offices and centres for a selection list, in the order in which they come."""
    return [
        (
            f"{OFFICE}{office.id}",
            office.name
            if office.kind.label in office.name
            else f"{office.name}（{office.kind.label}）",
        )
        for office in offices
    ]
