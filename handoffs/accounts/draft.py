"""What somebody typed into a form and did not send, kept for them alone.

A draft is about patients. What was sent after a session had run out is kept by the page of its
form and handed back once. What is saved while somebody types is kept by the showing of its form,
which is the form's id after a `#`, until that form is taken in. What nobody fetched within the
longest session is deleted (see `retention`). A draft registers nothing and nobody else sees it.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, delete, select

from handoffs.accounts.digests import digest
from handoffs.accounts.posted_form import PostedForm
from handoffs.accounts.signed_in import SignedIn
from handoffs.wall import Crossing, crossing


class Draft(SQLModel, table=True):
    """What was typed into a form and is not taken in; `path` is its page or its showing."""

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
    # Nobody is signed in any more for whom the database would take it.
    with crossing(session, Crossing.DRAFT):
        old = session.exec(
            select(Draft).where(Draft.staff_id == row.staff_id, Draft.path == path)
        ).one_or_none()
        if old is not None:
            session.delete(old)
            session.flush()  # One draft for each page.
        session.add(Draft(staff_id=row.staff_id, path=path, fields=fields, kept_at=now))


def draft_paths(session: Session, staff_id: int) -> list[str]:
    """The pages and showings for which a person has a kept draft."""
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


def showing(action: str, form_id: str) -> str:
    """The path of a draft that is saved while somebody types: where the form leads, and its id."""
    return f"{action}#{form_id}"


def save_draft(
    session: Session,
    staff_id: int,
    *,
    action: str,
    form_id: str,
    fields: dict[str, list[str]],
    now: datetime,
) -> bool:
    """Save what stands in one showing of a form; False where that form was taken in already."""
    taken = session.get(PostedForm, form_id)
    if taken is not None:
        return False
    path = showing(action, form_id)
    row = session.exec(
        select(Draft).where(Draft.staff_id == staff_id, Draft.path == path)
    ).one_or_none()
    if row is None:
        row = Draft(staff_id=staff_id, path=path, kept_at=now)
    row.fields, row.kept_at = fields, now
    session.add(row)
    return True


def drafts_of(
    session: Session, staff_id: int, places: Collection[str], since: datetime
) -> list[Draft]:
    """A person's drafts for forms that lead to these places, or for these pages; newest first."""
    query = select(Draft).where(Draft.staff_id == staff_id, col(Draft.kept_at) >= since)
    rows = session.exec(query.order_by(col(Draft.kept_at).desc(), col(Draft.id).desc()))
    return [row for row in rows if row.path.partition("#")[0] in places]


def has_drafts(session: Session, staff_id: int) -> bool:
    """Whether a person has any draft."""
    query = select(Draft.id).where(Draft.staff_id == staff_id).limit(1)
    return session.exec(query).first() is not None


def forget_drafts(session: Session, staff_id: int, paths: Collection[str]) -> None:
    """Delete a person's drafts of these pages and showings."""
    session.connection().execute(
        delete(Draft).where(col(Draft.staff_id) == staff_id, col(Draft.path).in_(list(paths)))
    )
