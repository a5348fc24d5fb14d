"""What somebody typed into a form when their session had run out, kept for them alone.

A draft is about patients. It is handed back once, and what nobody fetched within the longest
session is deleted (see `retention`).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from handoffs.accounts.digests import digest
from handoffs.accounts.signed_in import SignedIn


class Draft(SQLModel, table=True):
    """A form that was sent after the session had run out, kept for its writer alone."""

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("staff_id", "path", name="draft_once"),)

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    path: str = Field(max_length=200)
    fields: dict[str, list[str]] = Field(default_factory=dict, sa_type=sa.JSON)
    kept_at: datetime


def keep_draft(
    session: Session, token: str, *, path: str, fields: dict[str, list[str]], now: datetime
) -> None:
    """Keep what was typed in a session that had run out, for the person whose session it was."""
    row = session.get(SignedIn, digest(token))
    if row is None or row.ended_at is not None:
        return
    old = session.exec(
        select(Draft).where(Draft.staff_id == row.staff_id, Draft.path == path)
    ).one_or_none()
    if old is not None:
        session.delete(old)
        session.flush()  # One draft for each page.
    session.add(Draft(staff_id=row.staff_id, path=path, fields=fields, kept_at=now))


def draft_paths(session: Session, staff_id: int) -> list[str]:
    """The pages for which a person has a kept draft."""
    return list(session.exec(select(Draft.path).where(Draft.staff_id == staff_id)))


def take_draft(session: Session, staff_id: int, path: str) -> dict[str, list[str]] | None:
    """Hand a kept draft back to its writer, once."""
    row = session.exec(
        select(Draft).where(Draft.staff_id == staff_id, Draft.path == path)
    ).one_or_none()
    if row is None:
        return None
    session.delete(row)
    return row.fields
