"""Go through the whole history and name what is not as it was written.

Every event against its mark in the chain, every block against the one before, the end against the
anchors that stand outside the database. Reads everything and changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.audit.anchor import Anchor
from handoffs.audit.block import (
    GENESIS,
    UNSEALED,
    AuditBlock,
    Row,
    digest_of,
    entries_of,
    is_sealed,
    mark_of,
    read_plainly,
)
from handoffs.history import Event
from handoffs.keys import KEY_IS_MISSING, KeyRing, RingError


class Broken(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    DELETED = "deleted"
    PUT_IN = "put_in"
    UNSEALED = "unsealed"
    BLOCK = "block"
    CUT = "cut"

    @property
    def words(self) -> str:
        """What it says on the terminal."""
        return _WORDS[self]


_WORDS = {
    Broken.CHANGED: "行 {n}: 書かれたあとに変えられています。",
    Broken.DELETED: "行 {n}: 消されています。",
    Broken.PUT_IN: "行 {n}: あとから入れられています。",
    Broken.UNSEALED: "行 {n}: 鍵のないところで書かれています。",
    Broken.BLOCK: "鎖の {n} 番目: 書き換えられたか、抜けています。",
    Broken.CUT: "鎖の {n} 番目: 書き留めた末尾と合いません(末尾が切られたか、作り直されています)。",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was: what, and the row or block."""

    what: Broken
    number: int

    @property
    def words(self) -> str:
        """One line for the terminal."""
        return self.what.words.format(n=self.number)


@dataclass(frozen=True)
class Verified:
    """What came of it: how much was looked at, and what is broken, in order.

    `waiting` are sealed events that no block holds yet.
    """

    events: int
    blocks: int
    waiting: int
    findings: tuple[Finding, ...]


def verify(session: Session, keys: KeyRing, anchors: Sequence[Anchor] = ()) -> Verified:
    """Look through everything.

    Raises RingError where the ring has none of the keys with which the chain was made.
    """
    names = set(session.exec(select(AuditBlock.key_name).distinct()))
    if names and not any(map(keys.has, names)):
        raise RingError(KEY_IS_MISSING)
    findings: list[Finding] = []
    chained: set[int] = set()
    digests: dict[int, str] = {}
    before, blocks = GENESIS, 0
    for block in _blocks(session):
        blocks += 1
        digests[block.number] = block.digest
        if not _follows(keys, block, before):
            findings.append(Finding(Broken.BLOCK, block.number))
        before = block.digest
        findings += _events_of(session, keys, block, chained)
    missing = set(range(1, max(digests, default=0) + 1)) - set(digests)
    findings += [Finding(Broken.BLOCK, number) for number in missing]
    findings += [
        Finding(Broken.CUT, one.block) for one in anchors if digests.get(one.block) != one.digest
    ]
    loose = list(_loose(session, keys, chained))
    waiting = sum(1 for sound, _ in loose if sound)
    findings += [Finding(Broken.PUT_IN, number) for sound, number in loose if not sound]
    found = tuple(sorted(set(findings), key=lambda one: (one.what, one.number)))
    return Verified(len(chained), blocks, waiting, found)


def _blocks(session: Session) -> Iterator[AuditBlock]:
    number = 0
    while True:
        query = select(AuditBlock).where(col(AuditBlock.number) > number)
        block = session.exec(query.order_by(col(AuditBlock.number)).limit(1)).first()
        if block is None:
            return
        yield block
        number = block.number
        session.expunge(block)


def _follows(keys: KeyRing, block: AuditBlock, before: str) -> bool:
    return keys.has(block.key_name) and digest_of(keys, block, before) == block.digest


def _events_of(
    session: Session, keys: KeyRing, block: AuditBlock, chained: set[int]
) -> Iterator[Finding]:
    try:
        entries = entries_of(block)
    except ValueError:
        yield Finding(Broken.BLOCK, block.number)
        return
    if not keys.has(block.key_name):
        chained.update(number for number, _, _ in entries)
        return
    rows = _rows(session, [number for number, _, _ in entries])
    for number, how, mark in entries:
        if number in chained:
            yield Finding(Broken.BLOCK, block.number)
        chained.add(number)
        row = rows.get(number)
        if row is None:
            yield Finding(Broken.DELETED, number)
        elif mark_of(keys, block.key_name, row) != mark:
            yield Finding(Broken.CHANGED, number)
        elif how == UNSEALED:
            yield Finding(Broken.UNSEALED, number)


def _rows(session: Session, numbers: list[int]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for start in range(0, len(numbers), 500):
        query = read_plainly().where(col(Event.id).in_(numbers[start : start + 500]))
        found |= {row["id"]: row for row in session.execute(query).mappings()}
    return found


def _loose(session: Session, keys: KeyRing, chained: set[int]) -> Iterator[tuple[bool, int]]:
    """Events that no block holds, each with whether it bears a seal that no other row bears."""
    ids = session.execute(sa.select(col(Event.id)).order_by(col(Event.id))).scalars()
    loose = [number for number in ids if number not in chained]
    if not loose:
        return
    seal = col(Event.seal)
    twice = sa.select(seal).group_by(seal).having(sa.func.count() > 1)
    copied = set(session.execute(twice).scalars())
    for row in _rows(session, loose).values():
        yield is_sealed(keys, row) and row["seal"] not in copied, row["id"]
