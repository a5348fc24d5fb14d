"""The rows that stand beside some stays, read for many stays at once.

For whoever has chosen the stays already: `dossier` for the pages, `cases` for the
rates. Nothing here asks who may see them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlmodel import Session, SQLModel, func, select

from handoffs.stays.stay import Stay

_CHUNK = 500
"""Stays for which one question asks; SQLite takes a limited number of values at once."""

One = TypeVar("One", Stay, int)
Row = TypeVar("Row", bound=SQLModel)


def in_chunks(stays: Sequence[One]) -> Iterator[Sequence[One]]:
    """Divide stays, or their numbers, into as many as one question can ask for."""
    for start in range(0, len(stays), _CHUNK):
        yield stays[start : start + _CHUNK]


def rows_beside(session: Session, table: type[Row], stay_ids: Sequence[int]) -> Sequence[Row]:
    """Read every row of a table that belongs to one of the stays, oldest first."""
    stay_id = table.__table__.c.stay_id  # type: ignore[attr-defined]
    order = table.__table__.c.id  # type: ignore[attr-defined]
    return session.exec(select(table).where(stay_id.in_(stay_ids)).order_by(order)).all()


def latest_beside(session: Session, table: type[Row], stay_ids: Sequence[int]) -> dict[int, Row]:
    """Read the last row of a table for each of the stays; what came before is left unread."""
    stay_id = table.__table__.c.stay_id  # type: ignore[attr-defined]
    key = table.__table__.c.id  # type: ignore[attr-defined]
    last = select(func.max(key)).where(stay_id.in_(stay_ids)).group_by(stay_id)
    rows = session.exec(select(table).where(key.in_(last)))
    return {row.stay_id: row for row in rows}  # type: ignore[attr-defined]


def grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Gather the rows of each stay; none for a stay without any."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.stay_id].append(row)  # type: ignore[attr-defined]
    return groups
