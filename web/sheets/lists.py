"""Which sheets there are: for whoever looks after the forms, and of one stay."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from forms import NOTICE, Definition, catalogue
from handoffs.access import find_stay
from handoffs.history import Act
from handoffs.sheets.access import Writer, may_write
from handoffs.sheets.draft import draft_of
from handoffs.sheets.reservation import reserved_of
from handoffs.sheets.sharing import obstacle
from handoffs.sheets.version import VersionShown, versions_of
from handoffs.shown.overview import overview_of
from web.context import actor, desk, note_read, now, reading
from web.sheets.blueprint import pages
from web.sheets.routes import receiver_kind

_DONE = {
    "sent": "様式を送ったことを記録し、この版を残しました。",
    "kept": "控えとして、この版を残しました。",
    "reserved": "知らせてほしくない相手を記録しました。",
}


@dataclass(frozen=True)
class Writable:
    """One sheet of a stay that this person can write. `why_not` says what stands against it."""

    definition: Definition
    begun: bool
    why_not: str


def definitions() -> tuple[Definition, ...]:
    """The sheets of this person's region that are written on a page."""
    region = actor().region
    found = (catalogue().sheet(name, region=region) for name in catalogue().names(region))
    return tuple(one for one in found if not one.masked)


@pages.get("/sheets")
def all_sheets() -> ResponseReturnValue:
    """Show every sheet with its version and how much of it nobody has compared with the paper."""
    return render_template("sheets/all.html", definitions=definitions(), notice=NOTICE)


@pages.get("/stays/<int:stay_id>/sheets")
def of_stay(stay_id: int) -> ResponseReturnValue:
    """Show what can be written about a stay and every version that went out."""
    with reading() as session:
        stay = find_stay(session, actor(), stay_id)
        overview = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        own = actor().organization_id
        writable = [
            Writable(
                one,
                draft_of(session, stay_id, own, one.sheet) is not None,
                obstacle(session, stay, receiver_kind(session, stay, one)),
            )
            for one in definitions()
            if may_write(session, stay, actor(), Writer(one.written_by))
        ]
        versions = versions_of(session, actor(), stay_id)
        reserved = reserved_of(session, stay_id)
    note_read(Act.STAY_READ, stay_id=stay_id)
    return render_template(
        "sheets/of_stay.html",
        stay=overview,
        writable=writable,
        versions=versions,
        titles={one.sheet: one.title for one in definitions()},
        compare=compare_links(versions),
        reserved=[kind.label for kind in reserved],
        done=_DONE.get(request.args.get("done", "")),
        may_write=bool(writable),
    )


def compare_links(versions: tuple[VersionShown, ...]) -> dict[int, int]:
    """Each version with the one before it of the same writer and sheet."""
    before: dict[tuple[int, str], int] = {}
    links: dict[int, int] = {}
    for one in versions:
        key = one.organization_id, one.sheet
        if key in before:
            links[one.id] = before[key]
        before[key] = one.id
    return links
