"""What an import of a ward list would do, row by row, found out by doing it and taking it back."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from exchange.carried_rows import carried_text
from exchange.ward_doubts import doubts_of
from exchange.ward_import import Account, Outcome, take_in
from exchange.ward_list import RejectedRow, WardList, WardRow
from handoffs.database import Database
from handoffs.parties import Actor
from rules import Library


@dataclass(frozen=True, repr=False)
class PreviewRow:
    """One row that would be taken: what would become of it, what to look at, why to doubt it."""

    row: WardRow
    ward: str
    outcome: Outcome
    warnings: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Preview:
    """Every row in one of the groups; `text` is what the page hands on to the import.

    `doubtful` are new rows that look like somebody else. `dropped` people are no candidates.
    `unused`: columns of the file that nobody asked for.
    """

    new: tuple[PreviewRow, ...]
    matched: tuple[PreviewRow, ...]
    doubtful: tuple[PreviewRow, ...]
    rejected: tuple[RejectedRow, ...]
    dropped: int
    unused: int
    text: str


def preview_of(
    database: Database,
    ward_list: WardList,
    wards: dict[str, int],
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> Preview:
    """Try the import and take everything back. Raises NotPermitted."""
    with database.writing() as session:
        doubts = doubts_of(session, by.organization_id, ward_list.rows)
        account = take_in(session, ward_list, library=library, by=by, now=now, digest="")
        session.rollback()
    names = {ward_id: name for name, ward_id in wards.items()}
    rows = {row.line.number: row for row in ward_list.rows}
    taken = [
        PreviewRow(
            row=rows[one.line],
            ward=names[rows[one.line].ward_id],
            outcome=one.outcome,
            warnings=one.warnings,
            doubts=doubts.get(one.line, ()) if one.outcome is Outcome.NEW else (),
        )
        for one in account.taken
    ]
    new = [one for one in taken if one.outcome is Outcome.NEW]
    return Preview(
        new=tuple(one for one in new if not one.doubts),
        matched=tuple(one for one in taken if one.outcome is not Outcome.NEW),
        doubtful=tuple(one for one in new if one.doubts),
        rejected=account.rejected,
        dropped=account.dropped,
        unused=ward_list.heading.unused,
        text=carried_text(ward_list),
    )


def take_in_confirmed(
    session: Session,
    ward_list: WardList,
    ticked: frozenset[int],
    *,
    library: Library,
    by: Actor,
    now: datetime,
    digest: str,
) -> tuple[Account, int]:
    """Take the rows in, but those in doubt only where the ward ticked them; count those left.

    The doubts are asked for anew: what was registered since the preview counts too.
    """
    doubts = doubts_of(session, by.organization_id, ward_list.rows)
    left = doubts.keys() - ticked
    rows = tuple(row for row in ward_list.rows if row.line.number not in left)
    sure = replace(ward_list, rows=rows)
    account = take_in(session, sure, library=library, by=by, now=now, digest=digest)
    return account, len(left)
