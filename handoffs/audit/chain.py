"""Chain the history: in batches, by the scheduler, some minutes after it was written.

An event is sealed in the transaction that writes it, which waits for nobody. One process chains
what has settled. A block for each event while it is written would let every page of every
organization wait for the one before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.audit.block import (
    GENESIS,
    SOUND,
    TAKEN_OVER,
    UNSEALED,
    AuditBlock,
    Row,
    digest_of,
    entries_of,
    is_sealed,
    laid_out,
    mark_of,
    read_plainly,
)
from handoffs.history import Event
from handoffs.keys import KeyRing

SETTLED_AFTER = timedelta(minutes=2)
"""PostgreSQL numbers rows before they are committed: a lower id can come later than a higher."""

MOST = 2000
"""Events of one block."""

_LOOK_BACK = 5000
"""Ids below the end of the chain in which a row of a long transaction is still looked for."""


def last_block(session: Session) -> AuditBlock | None:
    """The end of the chain."""
    return session.exec(select(AuditBlock).order_by(col(AuditBlock.number).desc())).first()


def chain_more(session: Session, keys: KeyRing, now: datetime) -> int:
    """Chain the next events that have settled by `now`, `MOST` at a time; how many."""
    last = last_block(session)
    up_to = last.up_to if last else 0
    rows = [*_late(session, up_to, now), *_settled(session, up_to, now)][:MOST]
    if not rows:
        return 0
    # Deleted since somebody read it, or never sealed: the first seal tells which time it was.
    unsealed = any(row["seal"] is None for row in rows)
    first = _first_sealed(session) if unsealed else None
    entries = [(row["id"], _how(keys, row, first), mark_of(keys, keys.newest, row)) for row in rows]
    block = AuditBlock(
        number=last.number + 1 if last else 1,
        made_at=now,
        up_to=max(up_to, *(row["id"] for row in rows)),
        count=len(rows),
        events=laid_out(entries),
        key_name=keys.newest,
        digest="",
    )
    block.digest = digest_of(keys, block, last.digest if last else GENESIS)
    session.add(block)
    session.flush()
    return len(rows)


def _how(keys: KeyRing, row: Row, first_sealed: int | None) -> str:
    if is_sealed(keys, row):
        return SOUND
    before = first_sealed is None or row["id"] < first_sealed
    return TAKEN_OVER if row["seal"] is None and before else UNSEALED


def _settled(session: Session, up_to: int, now: datetime) -> Sequence[Row]:
    """The next rows in order, none beyond a row that may still have company below it."""
    young = sa.select(sa.func.min(col(Event.id))).where(
        col(Event.id) > up_to, col(Event.recorded_at) > now - SETTLED_AFTER
    )
    end: int | None = session.execute(young).scalar()
    query = read_plainly().where(col(Event.id) > up_to)
    if end is not None:
        query = query.where(col(Event.id) < end)
    return session.execute(query.order_by(col(Event.id)).limit(MOST)).mappings().all()


def _late(session: Session, up_to: int, now: datetime) -> Sequence[Row]:
    """Rows below the end of the chain that came after it: of transactions that took long."""
    if not up_to or session.get_bind().dialect.name == "sqlite":
        return ()  # SQLite lets one write at a time, and numbers rows as they come.
    low = max(up_to - _LOOK_BACK, 0)
    blocks = session.exec(select(AuditBlock).where(col(AuditBlock.up_to) > low)).all()
    chained = {number for block in blocks for number, _, _ in entries_of(block)}
    query = sa.select(col(Event.id)).where(
        col(Event.id) > low,
        col(Event.id) <= up_to,
        col(Event.recorded_at) <= now - SETTLED_AFTER,
    )
    missing = [number for number in session.execute(query).scalars() if number not in chained]
    if not missing:
        return ()
    query = read_plainly().where(col(Event.id).in_(missing[:MOST])).order_by(col(Event.id))
    return session.execute(query).mappings().all()


def _first_sealed(session: Session) -> int | None:
    query = sa.select(col(Event.id)).where(col(Event.seal).is_not(None))
    found: int | None = session.execute(query.order_by(col(Event.id)).limit(1)).scalar()
    return found
