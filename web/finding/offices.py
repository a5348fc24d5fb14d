"""Searching for the office on a page where one is chosen: the answer stands there as choices.

The page posts itself with the words, so that it works without a script and keeps what was typed.
What stands chosen is always among the choices; searching chooses nothing by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from handoffs.finding.offices import offices_found
from handoffs.parties import Organization
from handoffs.region.districts import InCharge, in_charge_of
from web.context import actor
from web.stays.admission_input import OFFICE

FIND, WORDS = "find", "office_words"
"""The button that searches, and the words that are searched for."""

LONGEST = 60

MOST_DISTRICTS = 5
"""How many districts one answer names; a municipality alone may have many."""


@dataclass(frozen=True)
class OfficeSearch:
    """What a page shows of a search: whoever was found, after whom stands chosen.

    `found` counts the answer; None before anything was typed. `more`: there are others.
    `districts`: who is in charge of the place that the words name (圏域).
    `loosely`: they were found only by passing over 濁点.
    """

    offices: tuple[Organization, ...]
    found: int | None
    more: bool
    districts: tuple[InCharge, ...] = ()
    loosely: bool = False


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
    districts = in_charge_of(session, actor().region, words)
    of_place = {one.center.id: one.center for one in districts}.values()
    found = list(dict.fromkeys([one.id for one in (*of_place, *answer.offices)]))
    by_id = {one.id: one for one in (*of_place, *answer.offices)}
    rest = [by_id[key] for key in found if by_id[key] not in kept]
    return OfficeSearch(
        (*kept, *rest),
        len(found) if words else None,
        answer.more,
        districts[:MOST_DISTRICTS],
        loosely=answer.loosely,
    )


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
