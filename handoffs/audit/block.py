"""A link of the chain: some events by their ids, each with a mark, and the link before it.

A mark is a keyed digest of an event and its id, a digest that of the whole block and the one
before. Both need the key of the site, so nobody who can only write to the database makes one.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from handoffs.history import PURPOSE, SEALED, Event, sealed
from handoffs.keys import KeyRing

GENESIS = ""
"""What stands before the first block."""

SOUND, TAKEN_OVER, UNSEALED = "+", "-", "!"
"""How an event came into the chain: sealed; older than the first seal; without a valid seal."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHAIN = "chain"

Row = sa.RowMapping
"""An event as `read_plainly` reads it."""


class AuditBlock(SQLModel, table=True):
    """One block. `events` holds `<id><how><mark>` with spaces between; `up_to` the highest id."""

    __tablename__ = "audit_block"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    made_at: datetime
    up_to: int
    count: int
    events: str = Field(sa_type=sa.Text)
    key_name: str = Field(max_length=8)
    digest: str = Field(max_length=64)


def content_of(row: Row) -> bytes | None:
    """What the seal of a row that was read as `EVENTS` covers; None if it holds what no act has."""
    try:
        return sealed(
            {
                **row,
                "at": _moment(row["at"]),
                "recorded_at": _moment(row["recorded_at"]),
                "detail": _plain(row["detail"]),
            }
        )
    except (TypeError, ValueError):
        return None


def is_sealed(keys: KeyRing, row: Row) -> bool:
    """Whether a row bears a seal of ours for what it holds."""
    content = content_of(row)
    return content is not None and keys.fits(PURPOSE, content, row["seal"])


def mark_of(keys: KeyRing, key_name: str, row: Row) -> str:
    """The mark of a row in the chain."""
    content = content_of(row) or b"broken"
    return keys.code(_CHAIN, key_name, f"{row['id']}|".encode() + content)


def digest_of(keys: KeyRing, block: AuditBlock, before: str) -> str:
    """The digest of a block that follows the one with the digest `before`."""
    made = (block.made_at - _EPOCH) // timedelta(microseconds=1)
    words = (block.number, made, block.up_to, block.count, block.key_name, block.events, before)
    return keys.code(_CHAIN, block.key_name, "\n".join(map(str, words)).encode(), whole=True)


def laid_out(entries: Sequence[tuple[int, str, str]]) -> str:
    """Ids, how each came in and marks, as a block keeps them."""
    return " ".join(f"{number}{how}{mark}" for number, how, mark in entries)


def entries_of(block: AuditBlock) -> list[tuple[int, str, str]]:
    """Read what `laid_out` wrote; raises ValueError where somebody else wrote it."""
    entries = []
    for word in block.events.split():
        number = word.rstrip("0123456789abcdef")
        how = number[-1:]
        if how not in {SOUND, TAKEN_OVER, UNSEALED}:
            raise ValueError("no entry of a block")
        entries.append((int(number[:-1]), how, word[len(number) :]))
    return entries


def read_plainly() -> sa.Select[*tuple[Any, ...]]:
    """Start a query for events as they stand, whatever somebody may have written into them."""
    # Texts and not values: a row that was tampered with must be read before it can be named.
    plain = {
        "act": sa.type_coerce(col(Event.act), sa.String).label("act"),
        "detail": sa.cast(col(Event.detail), sa.Text).label("detail"),
    }
    columns = [plain.get(name, sa.literal_column(f"event.{name}").label(name)) for name in SEALED]
    return sa.select(col(Event.id), *columns, col(Event.seal)).select_from(Event)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    found = datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value
