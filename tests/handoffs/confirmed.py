"""What was confirmed once, as the bytes that stand in the database: 確定 is never overwritten."""

import hashlib

from sqlmodel import Session, SQLModel

CONFIRMED = (
    "assessment",
    "certification",
    "consent",
    "correction",
    "event",
    "handed_over",
    "miss_reason",
    "sharing_reservation",
    "sheet_version",
    "statement",
    "waiving",
)
"""Tables whose rows are added and never changed: a correction is a row of its own."""


def confirmed_rows(session: Session) -> dict[tuple[str, int], str]:
    """The digest of each row of these tables, by table and id."""
    found = {}
    for name in CONFIRMED:
        table = SQLModel.metadata.tables[name]
        for row in session.execute(table.select()):
            found[name, row.id] = hashlib.sha256(repr(tuple(row)).encode()).hexdigest()
    return found
