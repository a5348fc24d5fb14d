"""The end of the chain, written down outside the database once a day.

A chain that was cut and closed again is sound in itself; it no longer has the block that a line
here names. One file, one line of JSON a day, only ever added to. A line holds numbers and digests
and no person. Put the folder where the application may add and not change, or print the line.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, func, select

from handoffs.audit.block import AuditBlock
from handoffs.audit.chain import last_block
from handoffs.errors import HandoffError
from handoffs.tokyo import day_of

FILE = "history-anchors.jsonl"


class AnchorError(HandoffError):
    """The file of anchors cannot be used; the text names it and its line."""


@dataclass(frozen=True)
class Anchor:
    """The end of the chain on one day: its block with digest, and how many events are chained."""

    day: str
    block: int
    digest: str
    events: int


def anchor_of(session: Session, now: datetime) -> Anchor | None:
    """The end of the chain; None while nothing is chained."""
    last = last_block(session)
    if last is None:
        return None
    events = session.exec(select(func.sum(col(AuditBlock.count)))).one()
    return Anchor(day_of(now).isoformat(), last.number, last.digest, int(events))


def is_written(folder: Path, day: date) -> bool:
    """Whether the line of a day stands already."""
    return any(one.day == day.isoformat() for one in anchors_in(folder))


def write_down(folder: Path, anchor: Anchor) -> None:
    """Add the line of a day, and wait until the disk has it. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(f"{json.dumps(asdict(anchor))}\n")
        opened.flush()
        os.fsync(opened.fileno())


def anchors_in(folder: Path) -> list[Anchor]:
    """Every line of the file, oldest first; none where there is no file. Raises AnchorError."""
    file = folder / FILE
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Anchor(**json.loads(line)))
        except (TypeError, ValueError):
            raise AnchorError(
                f"{file}:{number}: 書き留めた行を読めません。変えられていないか確かめてください。"
            ) from None
    return found
