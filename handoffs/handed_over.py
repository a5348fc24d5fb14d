"""送ったときの内容: a sheet as it was handed over, kept although the record moves on.

What the sheet says is kept as JSON beside its digest. This package does not know what a
sheet is: `forms` makes the JSON and prints it again. Rows are added and never changed; the
content may be emptied when its time is over, and the digest stays.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, Text, col, select

from handoffs.errors import NotVisible
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.statement import Statement

Content = Mapping[str, object]


class HandedOver(SQLModel, table=True):
    """One sheet that went with one statement. `content` is JSON, or empty once it was erased."""

    __tablename__ = "handed_over"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id", index=True)
    statement_id: int = Field(foreign_key="statement.id")
    sheet: str = Field(max_length=40)
    digest: str = Field(max_length=64)
    content: str = Field(sa_type=Text)
    made_at: datetime


@dataclass(frozen=True)
class KeptShown:
    """A sheet as it was handed over, which can be printed again."""

    id: int
    handoff_id: int
    made_at: datetime


def digest_of(content: Content) -> str:
    """The digest of what a sheet says, however its fields are ordered."""
    return hashlib.sha256(_written(content).encode()).hexdigest()


def _written(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def keep_sheet(
    session: Session,
    handoff: Handoff,
    said: Statement,
    *,
    sheet: str,
    content: Content,
    by: Actor,
    now: datetime,
) -> HandedOver:
    """Keep what a sheet said when it was handed over. `said` must carry its digest."""
    session.flush()  # The row names the statement's id.
    digest = digest_of(content)
    if said.sheet_digest != digest:
        raise ValueError("The statement names another sheet than the one to be kept.")
    kept = HandedOver(
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        statement_id=said.id,
        sheet=sheet,
        digest=digest,
        content=_written(content),
        made_at=now,
    )
    session.add(kept)
    record(
        session,
        by,
        Act.HANDOFF_KEEP,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"sheet": sheet, "digest": digest},
    )
    return kept


def kept_sheets(session: Session, stay_id: int) -> tuple[KeptShown, ...]:
    """Every sheet of a stay that was handed over and whose content is still there."""
    found = session.exec(
        select(HandedOver)
        .where(HandedOver.stay_id == stay_id, HandedOver.content != "")
        .order_by(col(HandedOver.id))
    )
    return tuple(KeptShown(kept.id, kept.handoff_id, kept.made_at) for kept in found)


def content_of(session: Session, handoff: Handoff, kept_id: int) -> tuple[str, Content]:
    """Name a kept sheet of a handoff and what it says. Raises NotVisible."""
    kept = session.get(HandedOver, kept_id)
    if kept is None or kept.handoff_id != handoff.id or not kept.content:
        raise NotVisible
    content: Content = json.loads(kept.content)
    return kept.sheet, content
