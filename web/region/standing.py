"""地域の状況: who takes part so far, which hospitals are quieter than usual, which rules hold.

For the health centre. Counts and organizations only; hospitals by name only where the region's
council decided so.
"""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from handoffs.parties import organizations_by_id
from handoffs.region.on_board import NOT_SEEN_FOR, boarding_of
from handoffs.region.silence import DEFINITION, silence_of
from handoffs.tokyo import day_of
from rules import Edition, Library, NoEdition
from web.context import actor, desk, now, reading
from web.unverified import note_on

pages = Blueprint("region_standing", __name__)


@pages.get("/region")
def show() -> ResponseReturnValue:
    """Show hospitals against their own habit, and offices that are not on board yet."""
    region = actor().region
    with reading() as session:
        silence = silence_of(session, region, now=now())
        boarding = boarding_of(session, region, second_person=desk().fax_second_person, now=now())
        quiet_ids = {one.hospital_id for one in silence.quiet} if desk().hospital_names else set()
        names = {key: one.name for key, one in organizations_by_id(session, quiet_ids).items()}
    return render_template(
        "region/standing.html",
        silence=silence,
        definition=DEFINITION,
        names=names,
        named=desk().hospital_names,
        missing=tuple(one for one in boarding if not one.is_on_board),
        offices=len(boarding),
        days=NOT_SEEN_FOR.days,
    )


@pages.get("/region/editions")
def editions() -> ResponseReturnValue:
    """Show the editions in force today and what of each could not be verified, the own first."""
    today = day_of(now())
    found = _in_force(desk().library, today)
    own = [edition for edition in found if edition.region == actor().region]
    others = [edition for edition in found if edition.region != actor().region]
    return render_template(
        "region/editions.html",
        own=[(edition.region_name, note_on(edition)) for edition in own],
        coming=_coming(desk().library, actor().region, today),
        others=[(edition.region_name, note_on(edition)) for edition in others],
    )


def _coming(library: Library, region: str, today: date) -> list[Edition]:
    """The editions of a region that were agreed and have not begun."""
    if region not in library.regions:
        return []
    editions = library.of_region(region)
    return [one for one in editions if one.in_force is not None and one.in_force > today]


def _in_force(library: Library, today: date) -> list[Edition]:
    found = []
    for region in library.regions:
        try:
            found.append(library.in_force(region, today))
        except NoEdition:
            continue  # Agreed, but not begun yet.
    return found
