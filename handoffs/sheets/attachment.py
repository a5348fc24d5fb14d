"""第1–3表: the office's own plan as PDF, attached once for a person and sent along.

Whether the bytes are a harmless PDF was checked before (`web.sheets.plan_pdf`). An attachment
is never changed: another one takes its place, and versions that went out keep theirs.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, LargeBinary, Session, SQLModel, col, select

from handoffs.history import Act, Detail, record
from handoffs.parties import Actor
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay


class SheetAttachment(SQLModel, table=True):
    """One PDF of one office for one stay."""

    __tablename__ = "sheet_attachment"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    organization_id: int = Field(foreign_key="organization.id")
    pages: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    attached_at: datetime
    attached_by: int | None = Field(default=None, foreign_key="staff.id")
    removed_at: datetime | None = None


@dataclass(frozen=True)
class AttachmentShown:
    """What a page says of an attachment."""

    id: int
    stay_id: int
    pages: int
    attached_at: datetime


def attach(
    session: Session, stay: Stay, content: bytes, *, pages: int, by: Actor, now: datetime
) -> SheetAttachment:
    """Attach a PDF; it takes the place of the one before."""
    remove(session, stay, by=by, now=now)
    row = SheetAttachment(
        stay_id=stay.id,
        organization_id=by.organization_id,
        pages=pages,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        attached_at=now,
        attached_by=by.staff_id,
    )
    session.add(row)
    detail: Detail = {"pages": pages, "digest": row.digest}
    record(session, by, Act.SHEET_ATTACH, now=now, stay_id=stay.id, detail=detail)
    return row


def remove(session: Session, stay: Stay, *, by: Actor, now: datetime) -> None:
    """Let nothing go along any more; what went out keeps what it had."""
    found = attachment_of(session, stay, by.organization_id)
    if found is not None:
        session.get_one(SheetAttachment, found.id).removed_at = now
        detail: Detail = {"removed": found.id}
        record(session, by, Act.SHEET_ATTACH, now=now, stay_id=stay.id, detail=detail)


def attachment_of(session: Session, stay: Stay, organization_id: int) -> AttachmentShown | None:
    """What goes along: the latest PDF that this office attached for the person."""
    patient = session.get_one(Patient, stay.patient_id)
    table = SheetAttachment
    row = session.exec(
        select(table.id, table.stay_id, table.pages, table.attached_at)
        .join(Stay, col(Stay.id) == table.stay_id)
        .join(Patient, col(Patient.id) == Stay.patient_id)
        .where(
            table.organization_id == organization_id,
            col(table.removed_at).is_(None),
            Patient.birth_on == patient.birth_on,
            sa.or_(col(Patient.id) == patient.id, col(Patient.folded) == patient.folded),
        )
        .order_by(col(table.id).desc())
        .limit(1)
    ).first()
    return AttachmentShown(*row) if row else None


def bytes_of(session: Session, attachment_id: int) -> bytes:
    """The PDF itself."""
    return session.get_one(SheetAttachment, attachment_id).content
