"""A sheet that is being written: one row for each field that somebody touched.

What nobody touched is not stored: it is prefilled anew each time from what the record knows
(`handoffs.sheets.known`), until the sheet is handed over. A row with an empty value says that
somebody emptied the field. This file knows no definition: fields are words, values are text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, Text, select

from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.sheets.access import OWN
from handoffs.stays.stay import Stay

LONGEST_KEY = 120

Flat = Mapping[str, str]
"""Answers by key: `field`, `field/option` for the words beside an option, `field:0:column`."""


@dataclass(frozen=True)
class Begun:
    """The days of the definition, and of the region's addition, on which a draft is written."""

    version: date
    addition: date | None = None


class SheetDraft(SQLModel, table=True):
    """One sheet of one stay as one organization writes it. `revision` grows with every change.

    version, addition: the days of the definition on which it was begun.
    """

    __tablename__ = "sheet_draft"
    __table_args__ = (
        sa.UniqueConstraint("stay_id", "organization_id", "sheet", name="sheet_draft_once"),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    organization_id: int = Field(foreign_key="organization.id")
    sheet: str = Field(max_length=40)
    version: date
    addition: date | None = None
    revision: int = Field(default=0)
    started_at: datetime
    saved_at: datetime
    saved_by: int | None = Field(default=None, foreign_key="staff.id")


class SheetAnswer(SQLModel, table=True):
    """What somebody wrote into one field of a draft, and when."""

    __tablename__ = "sheet_answer"
    __table_args__ = (sa.UniqueConstraint("draft_id", "field", name="sheet_answer_once"),)

    id: int = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="sheet_draft.id", index=True)
    field: str = Field(max_length=LONGEST_KEY)
    value: str = Field(sa_type=Text)
    revision: int
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="staff.id")


def draft_of(session: Session, stay_id: int, organization_id: int, sheet: str) -> SheetDraft | None:
    """The draft of an organization; None while nobody wrote anything."""
    return session.exec(
        select(SheetDraft).where(
            SheetDraft.stay_id == stay_id,
            SheetDraft.organization_id == organization_id,
            SheetDraft.sheet == sheet,
        )
    ).one_or_none()


def answers_in(session: Session, draft: SheetDraft | None) -> dict[str, SheetAnswer]:
    """Every field that somebody touched, by key."""
    if draft is None:
        return {}
    found = session.exec(select(SheetAnswer).where(SheetAnswer.draft_id == draft.id))
    return {one.field: one for one in found}


def save_answers(
    session: Session,
    stay: Stay,
    sheet: str,
    changes: Flat,
    *,
    begun: Begun,
    by: Actor,
    now: datetime,
) -> SheetDraft:
    """Store what was changed on a sheet; what is not named stays as it is.

    The session holds the stay locked (`find_stay`). A draft is saved every few seconds, so only
    the first writing of each person is recorded. The caller has checked every value and that
    the person may write this sheet.
    """
    draft = draft_of(session, stay.id, by.organization_id, sheet)
    another = draft is None or draft.saved_by != by.staff_id
    if draft is None:
        draft = SheetDraft(
            stay_id=stay.id,
            organization_id=by.organization_id,
            sheet=sheet,
            version=begun.version,
            addition=begun.addition,
            started_at=now,
            saved_at=now,
        )
        session.add(draft)
        session.flush()
    rows = answers_in(session, draft)
    changed = {k: v for k, v in changes.items() if k not in rows or rows[k].value != v}
    if changed:
        draft.revision += 1
    for key, value in changed.items():
        row = rows.get(key) or SheetAnswer(draft_id=draft.id, field=key, value="", revision=0,
                                           changed_at=now)  # fmt: skip
        row.value, row.revision = value, draft.revision
        row.changed_at, row.changed_by = now, by.staff_id
        session.add(row)
    draft.saved_at, draft.saved_by = now, by.staff_id
    if another:
        act = Act.SHEET_OWN if sheet in OWN else Act.SHEET_DRAFT
        record(session, by, act, now=now, stay_id=stay.id, detail={"sheet": sheet})
    return draft
